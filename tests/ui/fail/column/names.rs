//! Names that no column has.

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
    #[fastapi_users(column = "first name")]
    pub first_name: String,
    #[fastapi_users(column = "2nd")]
    pub second: String,
    #[fastapi_users(column = "")]
    pub empty: String,
    #[fastapi_users(column = "sqlite_name")]
    pub name: String,
    #[fastapi_users(column = "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc")]
    pub long: String,
}

fn main() {}
