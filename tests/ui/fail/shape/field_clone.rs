//! A type that cannot be cloned.

use users_runtime::{PasswordHash, UserModel};
use uuid::Uuid;

#[derive(UserModel)]
#[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
pub struct User {
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
    pub plan: Plan,
}

impl Clone for User {
    fn clone(&self) -> Self {
        unimplemented!()
    }
}

#[derive(Debug, serde::Serialize)]
pub struct Plan;

impl users_runtime::value::Field for Plan {
    const KIND: users_runtime::value::Kind = users_runtime::value::Kind::Text;

    fn to_value(&self) -> users_runtime::value::Value {
        users_runtime::value::Value::Text("free".into())
    }

    fn from_value(_: users_runtime::value::Value) -> Result<Self, users_runtime::value::FieldError> {
        Ok(Self)
    }
}

fn main() {}
