//! Names that are keywords.

#![allow(non_camel_case_types, reason = "a keyword as the name of a type is what is tried")]

use users_runtime::{PasswordHash, UserModel};
use uuid::Uuid;

#[derive(Clone, UserModel)]
#[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
pub struct r#struct {
    pub id: Uuid,
    #[fastapi_users(email)]
    pub r#in: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
    #[fastapi_users(length(max = 3))]
    pub r#type: String,
    pub r#match: Option<i64>,
    #[fastapi_users(access = admin_only, default)]
    pub r#fn: bool,
    #[fastapi_users(skip)]
    pub r#mod: bool,
}

fn main() {
    assert_eq!(r#struct::TABLE, "struct");
    let names: Vec<_> = r#struct::COLUMNS.iter().map(|column| column.name).collect();
    assert_eq!(names[1], "email");
    assert_eq!(names[6..], ["type", "match", "fn"]);
    let body = serde_json::json!({"email": "a@example.com", "password": "secret", "type": "abc"});
    let create: structCreate = serde_json::from_value(body).unwrap();
    assert_eq!((create.r#type.as_str(), create.r#fn), ("abc", false));
    assert!(serde_json::from_value::<structCreate>(serde_json::json!({"type": "abcd"})).is_err());
}
