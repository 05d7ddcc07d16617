//! Names and forms of `rename_all` and `deny_unknown`.

use users_runtime::{PasswordHash, UserModel};
use uuid::Uuid;

#[derive(Clone, UserModel)]
#[fastapi_users(rename_all = "camlCase", deny_unknown = true, backend(name = "jwt", transport = bearer, strategy = jwt))]
pub struct Unknown {
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
}

#[derive(Clone, UserModel)]
#[fastapi_users(rename_all = camelCase, backend(name = "jwt", transport = bearer, strategy = jwt))]
pub struct NoText {
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
}

#[derive(Clone, UserModel)]
#[fastapi_users(rename_all = "camelCase", backend(name = "jwt", transport = bearer, strategy = jwt))]
pub struct Taken {
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
    pub first_name: String,
    #[fastapi_users(rename = "firstName")]
    pub second: String,
    #[fastapi_users(rename = "isActive")]
    pub third: String,
}

fn main() {}
