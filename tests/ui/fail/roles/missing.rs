//! A user lacks what every user has.

use users_runtime::UserModel;
use uuid::Uuid;

#[derive(Clone, UserModel)]
#[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
pub struct User {
    pub number: Uuid,
}

fn main() {}
