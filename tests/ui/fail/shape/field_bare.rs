//! Types that lack everything that a field's type needs, in every place of the generated code: one error each.

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
    pub required: Plan,
    pub optional: Option<Plan>,
    #[fastapi_users(default = Plan, example = Plan, validate = judge)]
    pub with_default: Plan,
    #[fastapi_users(access = admin_only, default)]
    pub admin_only: Plan,
    #[fastapi_users(access = private, default)]
    pub private: Plan,
    #[fastapi_users(access = read_only, default)]
    pub list: Vec<Plan>,
    pub big: u64,
    pub map: std::collections::HashMap<String, String>,
}

#[derive(Clone, Default)]
pub struct Plan;

fn judge(_: &Plan) -> Result<(), &'static str> {
    Ok(())
}

fn main() {}
