//! Examples of every type, wherever the field is shown or sent, without the feature `openapi`.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use users_runtime::{PasswordHash, UserModel, value::{Field, FieldError, Kind, Value}};
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
    #[fastapi_users(example = "Jo")]
    pub text: String,
    #[fastapi_users(example = String::from("Jo"))]
    pub optional_text: Option<String>,
    #[fastapi_users(example = -3)]
    pub number: i16,
    #[fastapi_users(example = 1.5)]
    pub optional_number: std::option::Option<f64>,
    #[fastapi_users(access = read_only, default, example = true)]
    pub shown: bool,
    #[fastapi_users(read = private, example = "sent")]
    pub sent: Option<String>,
    #[fastapi_users(access = admin_only, example = Plan::Paid)]
    pub plan: Option<Plan>,
    #[fastapi_users(example = Plan::Paid)]
    pub required_plan: Plan,
    #[fastapi_users(example = Uuid::nil())]
    pub other: Uuid,
    #[fastapi_users(example = NaiveDate::default())]
    pub day: NaiveDate,
    #[fastapi_users(example = DateTime::UNIX_EPOCH)]
    pub instant: Option<DateTime<Utc>>,
    #[fastapi_users(default = json!({}), example = json!({ "theme": "dark" }))]
    pub settings: serde_json::Value,
    #[fastapi_users(example = b"bytes".to_vec())]
    pub bytes: Vec<u8>,
}

#[derive(Clone, Debug, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Plan {
    Paid,
}

impl Field for Plan {
    const KIND: Kind = Kind::Text;

    fn to_value(&self) -> Value {
        Value::Text("stored".to_owned())
    }

    fn from_value(_: Value) -> Result<Self, FieldError> {
        Ok(Self::Paid)
    }
}

fn main() {
    let examples: Vec<_> = User::COLUMNS.iter().filter_map(|column| column.example.map(|example| example())).collect();
    let told = json!([
        "Jo",
        "Jo",
        -3,
        1.5,
        true,
        "sent",
        "paid",
        "paid",
        "00000000-0000-0000-0000-000000000000",
        "1970-01-01",
        "1970-01-01T00:00:00Z",
        { "theme": "dark" },
        [98, 121, 116, 101, 115],
    ]);
    assert_eq!(serde_json::Value::from(examples), told);
}
