//! A strategy whose cargo feature is off: the error names the feature.

use users_runtime::{PasswordHash, UserModel};
use uuid::Uuid;

#[derive(Clone, UserModel)]
#[fastapi_users(backend(name = "web", transport = cookie, strategy = redis))]
pub struct User {
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
}

fn main() {}
