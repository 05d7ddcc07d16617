//! Values where an update wants to know whether they are present.

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
    pub first_name: Option<String>,
}

fn change() -> UserUpdate {
    UserUpdate {
        is_verified: true,
        first_name: Some("Jo".to_owned()),
        ..UserUpdate::default()
    }
}

fn main() {}
