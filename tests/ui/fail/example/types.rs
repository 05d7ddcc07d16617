//! Examples of another type.

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
    #[fastapi_users(example = "many")]
    pub a: i64,
    #[fastapi_users(example = 1)]
    pub b: String,
    #[fastapi_users(example = 1.5)]
    pub d: Option<i32>,
    #[fastapi_users(example = missing())]
    pub e: String,
}

fn main() {}
