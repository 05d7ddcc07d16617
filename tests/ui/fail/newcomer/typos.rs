//! Misspelt attributes, and the attribute of a derive that is not there.

use users_runtime::{PasswordHash, UserModel};
use uuid::Uuid;

#[derive(Clone, UserModel)]
#[fastapi_user(backend(name = "jwt", transport = bearer, strategy = jwt))]
pub struct First {
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
}

#[derive(Clone)]
#[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
pub struct Second {
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
}

fn main() {}
