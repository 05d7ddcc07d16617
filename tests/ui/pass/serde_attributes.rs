//! serde's attributes for the application's own use, beside the keys that decide the same for the schemas.

use users_runtime::{PasswordHash, UserModel};
use uuid::Uuid;

#[derive(Clone, serde::Serialize, serde::Deserialize, UserModel)]
#[fastapi_users(rename_all = "camelCase", deny_unknown, backend(name = "jwt", transport = bearer, strategy = jwt))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct User {
    #[serde(rename = "_id")]
    #[fastapi_users(id)]
    pub key: Uuid,
    pub email: String,
    #[serde(skip, default = "no_hash")]
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    #[serde(skip_serializing)]
    #[fastapi_users(is_superuser)]
    pub is_superuser: bool,
    pub is_verified: bool,
    #[serde(rename = "lastName", alias = "surname")]
    #[fastapi_users(rename = "lastName")]
    pub last_name: String,
    #[serde(skip_serializing)]
    #[fastapi_users(read = private)]
    pub note: Option<String>,
    #[serde(skip, default)]
    #[fastapi_users(access = private, default)]
    pub token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[fastapi_users(read = public)]
    pub nick: Option<String>,
    #[serde(skip_deserializing)]
    #[fastapi_users(create = private, update = private, default)]
    pub level: i32,
    #[serde(skip)]
    #[fastapi_users(skip)]
    pub cache: Vec<String>,
}

fn no_hash() -> PasswordHash {
    unreachable!("this test only compiles")
}

fn main() {}
