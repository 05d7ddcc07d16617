//! Ranges that say nothing, or nothing possible.

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
    #[fastapi_users(range())]
    pub a: i64,
    #[fastapi_users(range(min = 3, max = 2))]
    pub b: i64,
    #[fastapi_users(range(above = 3, below = 3))]
    pub c: f64,
    #[fastapi_users(range(min = 3, below = 3))]
    pub d: i64,
    #[fastapi_users(range(min = 1, above = 3))]
    pub e: i64,
    #[fastapi_users(range(max = 1, below = 3))]
    pub f: i64,
    #[fastapi_users(range(min = 1.5, max = -1.5))]
    pub g: f64,
}

fn main() {}
