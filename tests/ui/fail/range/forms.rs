//! Bounds that are no numbers.

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
    #[fastapi_users(range)]
    pub a: i64,
    #[fastapi_users(range = 3)]
    pub b: i64,
    #[fastapi_users(range(min = "3"))]
    pub c: i64,
    #[fastapi_users(range(max = LARGEST))]
    pub d: i64,
    #[fastapi_users(range(min))]
    pub e: i64,
    #[fastapi_users(range(least = 3))]
    pub f: i64,
    #[fastapi_users(range(0..3))]
    pub g: i64,
    #[fastapi_users(range(min = !3))]
    pub h: i64,
}

fn main() {}
