//! Types that serde does not read, of fields that are stored as JSON: each is reported once.

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
    #[fastapi_users(json)]
    pub required: Plan,
    #[fastapi_users(json)]
    pub optional: Option<Plan>,
    #[fastapi_users(json, access = admin_only, default)]
    pub admin_only: Plan,
    #[fastapi_users(json, access = private, default)]
    pub private: Plan,
    #[fastapi_users(json)]
    pub map: std::collections::HashMap<String, Plan>,
}

#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct Plan;

fn main() {}
