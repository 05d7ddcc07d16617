//! serde's attributes, which do nothing to the schemas: each needs its counterpart.

use users_runtime::{PasswordHash, UserModel};
use uuid::Uuid;

#[derive(Clone, serde::Serialize, serde::Deserialize, UserModel)]
#[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct User {
    #[serde(rename = "_id")]
    pub id: Uuid,
    pub email: String,
    #[serde(skip, default = "no_hash")]
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    #[serde(skip_serializing)]
    pub is_superuser: bool,
    pub is_verified: bool,
    #[serde(rename = "firstName")]
    pub first_name: String,
    #[serde(skip_serializing)]
    pub note: Option<String>,
    #[serde(skip)]
    pub token: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nick: Option<String>,
    #[serde(skip_deserializing, alias = "rank")]
    pub level: Option<i32>,
    #[serde(with = "seconds")]
    pub born: i64,
    #[serde(serialize_with = "seconds::serialize", deserialize_with = "seconds::deserialize")]
    pub died: i64,
    #[serde(flatten)]
    pub settings: Option<serde_json::Value>,
}

mod seconds {
    pub fn serialize<S: serde::Serializer>(seconds: &i64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(*seconds)
    }

    pub fn deserialize<'d, D: serde::Deserializer<'d>>(deserializer: D) -> Result<i64, D::Error> {
        serde::Deserialize::deserialize(deserializer)
    }
}

fn no_hash() -> PasswordHash {
    unreachable!("this test only compiles")
}

fn main() {}
