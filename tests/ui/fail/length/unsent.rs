//! A rule on what nobody can send.

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
    #[fastapi_users(access = read_only, default, length(max = 3))]
    pub a: String,
    #[fastapi_users(access = private, default, pattern = "x")]
    pub b: String,
    #[fastapi_users(create = private, update = private, default, range(min = 0))]
    pub c: i64,
    #[fastapi_users(access = read_only, default, validate = polite)]
    pub d: String,
}

fn main() {}
