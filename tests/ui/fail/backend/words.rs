//! Words that no transport or strategy is.

use users_runtime::{PasswordHash, UserModel};
use uuid::Uuid;

#[derive(Clone, UserModel)]
#[fastapi_users(backend(name = "a", transport = header, strategy = sessions))]
pub struct User {
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
}

#[derive(Clone, UserModel)]
#[fastapi_users(backend(name = "a", transport = "bearer", strategy = "jwt"))]
pub struct Second {
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
}

#[derive(Clone, UserModel)]
#[fastapi_users(backend(name = "a", transport, strategy))]
pub struct Third {
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
}

#[derive(Clone, UserModel)]
#[fastapi_users(backend(name = "a", transport = my::Bearer, strategy = 3))]
pub struct Fourth {
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
}

#[derive(Clone, UserModel)]
#[fastapi_users(backend(name = "a", transport = "basic", strategy(jwt)))]
pub struct Fifth {
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
}

fn main() {}
