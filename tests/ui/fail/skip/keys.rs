//! Fields that are left out, with keys.

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
    #[fastapi_users(skip, column = "b")]
    pub a0: String,
    #[fastapi_users(skip, access = public)]
    pub a1: String,
    #[fastapi_users(skip, read = admin)]
    pub a2: String,
    #[fastapi_users(skip, default)]
    pub a3: String,
    #[fastapi_users(skip, length(max = 3))]
    pub a4: String,
    #[fastapi_users(skip, range(min = 3))]
    pub a5: String,
    #[fastapi_users(skip, pattern = "x")]
    pub a6: String,
    #[fastapi_users(skip, validate = polite)]
    pub a7: String,
    #[fastapi_users(skip, example = "x")]
    pub a9: String,
    #[fastapi_users(skip, id)]
    pub a8: String,
    #[fastapi_users(skip, is_active)]
    pub b: bool,
    #[fastapi_users(skip, email)]
    pub c: String,
}

fn main() {}
