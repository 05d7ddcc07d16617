//! Types that a role does not have.

use chrono::{DateTime, Utc};
use users_runtime::UserModel;
use uuid::Uuid;

#[derive(Clone, UserModel)]
#[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
pub struct User {
    pub id: Uuid,
    pub email: Option<String>,
    pub hashed_password: String,
    pub is_active: i64,
    pub is_superuser: Option<bool>,
    #[fastapi_users(is_verified)]
    pub verified_at: DateTime<Utc>,
}

fn main() {}
