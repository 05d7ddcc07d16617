//! Computed fields that are written wrongly, and names that are taken.

use users_runtime::{PasswordHash, UserModel};
use uuid::Uuid;

#[derive(Clone, UserModel)]
#[fastapi_users(computed, backend(name = "jwt", transport = bearer, strategy = jwt))]
pub struct First {
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
}

#[derive(Clone, UserModel)]
#[fastapi_users(computed(full_name = User::full_name), backend(name = "jwt", transport = bearer, strategy = jwt))]
pub struct Second {
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
}

#[derive(Clone, UserModel)]
#[fastapi_users(
    computed(
        name: String = Third::full_name,
        email: String = Third::full_name,
        password: String = Third::full_name,
        full_name: String = Third::full_name,
        full_name: String = Third::full_name,
    ),
    backend(name = "jwt", transport = bearer, strategy = jwt)
)]
pub struct Third {
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
    pub name: String,
}

impl Third {
    fn full_name(&self) -> String {
        self.name.clone()
    }
}

fn main() {}
