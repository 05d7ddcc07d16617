//! Fields, constants and functions that are called as what the generated code uses.

#![deny(warnings)]
#![allow(non_upper_case_globals, non_camel_case_types, dead_code, reason = "names that shadow, where there is something to shadow")]

use users_runtime::{PasswordHash, UserModel};
use uuid::Uuid;

const input: u8 = 1;
static row: u8 = 2;
const viewer: u8 = 3;
static schema: u8 = 4;
struct value;
const email: u8 = 5;
const password: u8 = 6;
const name: u8 = 7;

fn field(_: &str) -> Result<(), &'static str> {
    Ok(())
}

/// Every field is required, so that each is read while the others are held.
#[derive(Clone, UserModel)]
#[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
pub struct User {
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
    pub input: String,
    pub __input: String,
    pub ___input: String,
    pub row: i64,
    pub __row: i64,
    #[fastapi_users(read = admin)]
    pub viewer: String,
    #[fastapi_users(read = admin)]
    pub __viewer: String,
    #[fastapi_users(validate = field)]
    pub value: String,
    #[fastapi_users(validate = |text: &str| field(text))]
    pub __value: Option<String>,
    pub schema: String,
    pub __schema: String,
    pub __email: String,
    pub __rt: String,
    pub viewer_: String,
    pub f: String,
    pub s: String,
    pub d: String,
    pub map: String,
    pub field: String,
    pub required: String,
    #[fastapi_users(default = i64::from(input))]
    pub default: i64,
    pub take: String,
    pub member: String,
    pub name: String,
    pub errors: String,
    pub body: String,
    pub this: String,
    pub de: String,
    pub serializer: String,
    pub deserializer: String,
    pub formatter: String,
    pub r#type: String,
    pub r#async: String,
    pub r#fn: String,
    pub r#let: String,
    pub r#match: String,
    pub r#static: String,
    pub r#union: String,
}

fn main() {
    let mut body = serde_json::json!({ "email": "a@example.com", "password": "secret", "row": 1, "__row": 2 });
    for column in &User::COLUMNS[6..] {
        if column.kind == users_runtime::value::Kind::Text {
            body[column.field] = column.field.into();
        }
    }
    let create: UserCreate = serde_json::from_value(body).unwrap();
    assert_eq!((create.input.as_str(), create.__input.as_str()), ("input", "__input"));
    assert_eq!((create.row, create.__row, create.default), (1, 2, 1));
    assert_eq!((create.r#type.as_str(), create.r#union.as_str()), ("type", "union"));
}
