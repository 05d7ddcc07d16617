//! Keys that the user system decides about.

use users_runtime::{PasswordHash, UserModel};
use uuid::Uuid;

#[derive(Clone, UserModel)]
#[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
pub struct User {
    #[fastapi_users(access = read_only, default)]
    pub id: Uuid,
    #[fastapi_users(length(max = 3), pattern = "@", validate = polite)]
    pub email: String,
    #[fastapi_users(read = public, example = "guinevere")]
    pub hashed_password: PasswordHash,
    #[fastapi_users(default = true)]
    pub is_active: bool,
    #[fastapi_users(create = admin, update = admin)]
    pub is_superuser: bool,
    #[fastapi_users(is_verified, range(min = 0))]
    pub is_verified: bool,
}

fn main() {}
