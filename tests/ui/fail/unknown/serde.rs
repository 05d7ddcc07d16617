//! A field that serde's attribute renames, which the schemas do not.

use users_runtime::{PasswordHash, UserModel};
use uuid::Uuid;

#[derive(Clone, serde::Serialize, UserModel)]
#[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
pub struct User {
    pub id: Uuid,
    pub email: String,
    #[serde(skip)]
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
    #[serde(rename = "firstName")]
    pub first_name: String,
    #[serde(rename = "lastName")]
    #[fastapi_users(rename = "lastName")]
    pub last_name: String,
    #[fastapi_users(rename = "last Name")]
    pub other: String,
    #[fastapi_users(rename = "lastName")]
    pub third: String,
}

fn main() {}
