//! Rules that limit nothing, or that cannot be read.

use users_runtime::{PasswordHash, UserModel};
use uuid::Uuid;

#[derive(Clone, UserModel)]
#[fastapi_users(
    backend(name = "jwt", transport = bearer, strategy = jwt),
    limits(
        login = "0/m/ip, 5/minute/account, 5/m/user, 10/m/ip",
        register = "20/h/account",
        forgot = "",
        verify = "20/m/ip, 5/m/ip, twenty"
    )
)]
pub struct User {
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
}

fn main() {}
