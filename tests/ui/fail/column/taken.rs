//! Fields that share a column.

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
    #[fastapi_users(column = "name")]
    pub first_name: String,
    #[fastapi_users(column = "Name")]
    pub last_name: String,
    #[fastapi_users(column = "email")]
    pub contact: String,
    #[fastapi_users(column = "points")]
    pub score: i64,
    pub points: i64,
}

fn main() {}
