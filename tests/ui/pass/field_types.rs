//! Every type that the stores hold.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
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
    pub f0: i16,
    pub o0: Option<i16>,
    pub f1: i32,
    pub o1: Option<i32>,
    pub f2: i64,
    pub o2: Option<i64>,
    pub f3: f64,
    pub o3: Option<f64>,
    pub f4: bool,
    pub o4: Option<bool>,
    pub f5: String,
    pub o5: Option<String>,
    pub f6: Uuid,
    pub o6: Option<Uuid>,
    pub f7: DateTime<Utc>,
    pub o7: Option<DateTime<Utc>>,
    pub f8: NaiveDate,
    pub o8: Option<NaiveDate>,
    pub f9: NaiveTime,
    pub o9: Option<NaiveTime>,
    pub f10: serde_json::Value,
    pub o10: Option<serde_json::Value>,
    pub f11: Vec<u8>,
    pub o11: Option<Vec<u8>>,
}

fn main() {
    assert_eq!(User::COLUMNS.len(), 30);
}
