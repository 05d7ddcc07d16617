//! Examples that are no expression.

use users_runtime::{PasswordHash, UserModel};
use uuid::Uuid;

#[derive(Clone, UserModel)]
#[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
pub struct User {
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
    #[fastapi_users(example)]
    pub a: i64,
    #[fastapi_users(example(3))]
    pub b: i64,
    #[fastapi_users(example = 1, example = 2)]
    pub c: i64,
}

fn main() {}
