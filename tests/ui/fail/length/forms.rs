//! Lengths that are none.

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
    #[fastapi_users(length)]
    pub a: String,
    #[fastapi_users(length = 3)]
    pub b: String,
    #[fastapi_users(length(max = -1))]
    pub c: String,
    #[fastapi_users(length(max = "3"))]
    pub d: String,
    #[fastapi_users(length(max = 1.5))]
    pub e: String,
    #[fastapi_users(length(maximum = 3))]
    pub f: String,
    #[fastapi_users(length(max = LONGEST))]
    pub g: String,
    #[fastapi_users(length(max = 5_000_000_000))]
    pub h: String,
}

fn main() {}
