//! The instant of the last change, with keys that it does not take.

use chrono::{DateTime, Utc};
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
    #[fastapi_users(updated_at = true)]
    pub first: DateTime<Utc>,
    #[fastapi_users(updated_at, default = Utc::now(), create = public)]
    pub second: DateTime<Utc>,
    #[fastapi_users(updated_at, access = read_only)]
    pub third: DateTime<Utc>,
    #[fastapi_users(updated_at, length(max = 3))]
    pub fourth: DateTime<Utc>,
}

fn main() {}
