//! A type without a default of its own.

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
    #[fastapi_users(access = private, default)]
    pub role: Role,
}

#[derive(Clone)]
pub enum Role {
    Member,
}

impl users_runtime::value::Field for Role {
    const KIND: users_runtime::value::Kind = users_runtime::value::Kind::Text;

    fn to_value(&self) -> users_runtime::value::Value {
        users_runtime::value::Value::Text("member".into())
    }

    fn from_value(_: users_runtime::value::Value) -> Result<Self, users_runtime::value::FieldError> {
        Ok(Self::Member)
    }
}

fn main() {}
