//! Functions for whole schemas that are written wrongly, or have the wrong type.

use users_runtime::{PasswordHash, UserModel};
use uuid::Uuid;

#[derive(Clone, UserModel)]
#[fastapi_users(validate_schemas, backend(name = "jwt", transport = bearer, strategy = jwt))]
pub struct First {
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
}

#[derive(Clone, UserModel)]
#[fastapi_users(validate_schemas(), backend(name = "jwt", transport = bearer, strategy = jwt))]
pub struct Second {
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
}

#[derive(Clone, UserModel)]
#[fastapi_users(validate_schemas(read = known, create), backend(name = "jwt", transport = bearer, strategy = jwt))]
pub struct Third {
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
}

fn main() {}
