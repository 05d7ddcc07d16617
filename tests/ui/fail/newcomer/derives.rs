//! Derives that a user cannot have, since the password hash is neither shown nor compared.

use users_runtime::{PasswordHash, UserModel};
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, UserModel)]
#[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
pub struct User {
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
}

fn main() {}
