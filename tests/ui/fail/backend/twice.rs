//! Backends with one name or one place.

use users_runtime::{PasswordHash, UserModel};
use uuid::Uuid;

#[derive(Clone, UserModel)]
#[fastapi_users(
    backend(name = "jwt", transport = bearer, strategy = jwt),
    backend(name = "jwt", transport = cookie, strategy = jwt)
)]
pub struct User {
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
}

#[derive(Clone, UserModel)]
#[fastapi_users(
    backend(name = "a", transport = bearer, strategy = jwt, prefix = "/session"),
    backend(name = "b", transport = cookie, strategy = jwt, prefix = "/session")
)]
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
    backend(name = "a", transport = bearer, strategy = jwt, prefix = "/auth/b"),
    backend(name = "b", transport = cookie, strategy = jwt)
)]
pub struct Third {
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
}

fn main() {}
