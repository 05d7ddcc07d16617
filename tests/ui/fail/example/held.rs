//! Examples of what an `Option` is, and not of what it holds.

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
    #[fastapi_users(example = Some(true))]
    pub a: Option<bool>,
    #[fastapi_users(example = None)]
    pub b: Option<bool>,
}

fn main() {}
