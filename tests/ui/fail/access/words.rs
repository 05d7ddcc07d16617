//! Words that no access is.

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
    #[fastapi_users(access = secret)]
    pub a: String,
    #[fastapi_users(access = admin)]
    pub b: String,
    #[fastapi_users(access = "public")]
    pub c: String,
    #[fastapi_users(access = "nobody")]
    pub d: String,
    #[fastapi_users(access)]
    pub e: String,
    #[fastapi_users(access = my::Public)]
    pub f: String,
    #[fastapi_users(access(public))]
    pub g: String,
    #[fastapi_users(read = read_only, create = everybody, update)]
    pub h: String,
}

fn main() {}
