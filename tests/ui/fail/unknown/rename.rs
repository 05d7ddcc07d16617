//! Names of fields in the schemas that are invalid or taken.

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
    #[fastapi_users(rename = "lastName")]
    pub last_name: String,
    #[fastapi_users(rename = "last Name")]
    pub other: String,
    #[fastapi_users(rename = "lastName")]
    pub third: String,
}

fn main() {}
