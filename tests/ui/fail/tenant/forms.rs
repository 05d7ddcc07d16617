//! The tenant, with keys that it does not take, and twice.

use users_runtime::{PasswordHash, UserModel};
use uuid::Uuid;

#[derive(Clone, UserModel)]
#[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
pub struct User {
    #[fastapi_users(tenant)]
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
    #[fastapi_users(tenant, create = public, default = 7)]
    pub organisation: i64,
    #[fastapi_users(tenant, pattern = "^[a-z]+$")]
    pub workspace: String,
    #[fastapi_users(tenant = true)]
    pub other: String,
}

fn main() {}
