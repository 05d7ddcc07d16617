//! A mark with a value.

use users_runtime::{PasswordHash, UserModel};
use uuid::Uuid;

#[derive(Clone, UserModel)]
#[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
pub struct User {
    pub id: Uuid,
    #[fastapi_users(email = "mail")]
    pub email: String,
    pub hashed_password: PasswordHash,
    #[fastapi_users(is_active(true))]
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
}

fn main() {}
