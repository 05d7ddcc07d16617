//! An enum.

use users_runtime::UserModel;

#[derive(Clone, UserModel)]
#[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
pub enum User {
    Member,
    Guest { id: i64 },
}

fn main() {}
