//! Types that no store holds.

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
    pub tags: Vec<String>,
    pub big: u64,
    pub plan: Plan,
    pub nested: Option<Plan>,
}

#[derive(Clone)]
pub struct Plan;

fn main() {}
