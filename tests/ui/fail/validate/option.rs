//! A function that wants the option of an optional field.

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
    #[fastapi_users(validate = short)]
    pub name: Option<String>,
}

fn short(text: &Option<String>) -> Result<(), &'static str> {
    if text.is_none() { Ok(()) } else { Err("too long") }
}

fn main() {}
