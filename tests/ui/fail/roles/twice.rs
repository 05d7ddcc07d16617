//! Fields that want one role, and a field that wants two.

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
    #[fastapi_users(email)]
    pub mail: String,
    #[fastapi_users(id)]
    pub number: i64,
    #[fastapi_users(is_active, is_verified)]
    pub state: bool,
}

fn main() {}
