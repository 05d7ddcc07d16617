//! Fields that registration leaves out, without a value.

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
    #[fastapi_users(access = admin_only)]
    pub a: String,
    #[fastapi_users(access = read_only)]
    pub b: i64,
    #[fastapi_users(access = private)]
    pub c: bool,
    #[fastapi_users(create = private)]
    pub d: String,
    #[fastapi_users(create = admin)]
    pub e: String,
}

fn main() {}
