//! Fields that are stored as JSON, with keys that they do not take, and of types that cannot be.

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
    #[fastapi_users(json = true)]
    pub first: Plan,
    #[fastapi_users(json, length(max = 3), range(min = 1), pattern = "x")]
    pub second: Plan,
    #[fastapi_users(id, json)]
    pub third: Uuid,
    #[fastapi_users(json, skip)]
    pub fourth: Plan,
}

#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Plan;

fn main() {}
