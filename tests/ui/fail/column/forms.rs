//! A column that is no text.

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
    #[fastapi_users(column)]
    pub a: i64,
    #[fastapi_users(column = name)]
    pub b: i64,
    #[fastapi_users(column("name"))]
    pub c: i64,
    #[fastapi_users(column = "d", column = "e")]
    pub d: i64,
}

fn main() {}
