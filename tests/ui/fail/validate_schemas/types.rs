//! Functions that take or return something else.

use users_runtime::{PasswordHash, UserModel};
use uuid::Uuid;

#[derive(Clone, UserModel)]
#[fastapi_users(validate_schemas(create = of_update, update = answers_bool), backend(name = "jwt", transport = bearer, strategy = jwt))]
pub struct User {
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
}

fn of_update(_: &UserUpdate) -> Result<(), &'static str> {
    Ok(())
}

fn answers_bool(_: &UserUpdate) -> bool {
    true
}

fn main() {}
