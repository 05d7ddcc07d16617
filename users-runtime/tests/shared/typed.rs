//! A user whose own fields are of every type that the derive takes, with ids of every type.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::json;
use users_runtime::{
    PasswordHash, UserModel,
    store::ColumnValue,
    value::{Column, Field, FieldError, Kind, ListItem, Value},
};
use uuid::Uuid;

/// An enum that is stored under the names that serde gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Plan {
    Free,
    PayAsYouGo,
    #[serde(rename = "für's Leben \\ \"🦀\"")]
    ForLife,
}

impl Field for Plan {
    const KIND: Kind = Kind::Text;

    fn to_value(&self) -> Value {
        Value::Text(json!(self).as_str().expect("a name").to_owned())
    }

    fn from_value(value: Value) -> Result<Self, FieldError> {
        let Value::Text(name) = value else {
            return Err(FieldError::expected("a plan"));
        };
        by_serde(name.into(), "a plan")
    }
}

impl ListItem for Plan {}

/// An enum that is stored as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) enum Level {
    Lowest = i16::MIN as isize,
    Middle = 0,
    Highest = i16::MAX as isize,
}

impl Field for Level {
    const KIND: Kind = Kind::SmallInt;

    fn to_value(&self) -> Value {
        Value::Int(*self as i64)
    }

    fn from_value(value: Value) -> Result<Self, FieldError> {
        let levels = [Self::Lowest, Self::Middle, Self::Highest];
        levels
            .into_iter()
            .find(|level| level.to_value() == value)
            .ok_or(FieldError::expected("a level"))
    }
}

/// A document of a shape of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Address {
    pub(crate) street_name: String,
    pub(crate) numbers: Vec<i64>,
    pub(crate) floor: Option<i8>,
}

impl Address {
    pub(crate) fn new(street_name: &str, numbers: &[i64], floor: Option<i8>) -> Self {
        Self {
            street_name: street_name.into(),
            numbers: numbers.into(),
            floor,
        }
    }
}

impl Field for Address {
    const KIND: Kind = Kind::Json;

    fn to_value(&self) -> Value {
        Value::Json(json!(self))
    }

    fn from_value(value: Value) -> Result<Self, FieldError> {
        let Value::Json(document) = value else {
            return Err(FieldError::expected("an address"));
        };
        by_serde(document, "an address")
    }
}

/// A document without an implementation of `Field`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Preferences {
    names: Vec<String>,
    by_day: BTreeMap<u8, f64>,
    nearest: Option<Box<Preferences>>,
}

impl Preferences {
    pub(crate) fn new(names: &[&str], nearest: Option<Self>) -> Self {
        Self {
            names: names.iter().map(ToString::to_string).collect(),
            by_day: BTreeMap::from([(0, 0.5), (u8::MAX, -2.25)]),
            nearest: nearest.map(Box::new),
        }
    }
}

/// What the column of a field holds.
trait StoredField {
    fn stored(&self) -> Value;
}

impl<T: Field> StoredField for T {
    fn stored(&self) -> Value {
        self.to_value()
    }
}

/// The same of a type that is no `Field`, which a call finds with one reference more.
trait StoredJson {
    fn stored(&self) -> Value;
}

impl<T: Serialize> StoredJson for &T {
    fn stored(&self) -> Value {
        match json!(self) {
            serde_json::Value::Null => Value::Null,
            document => Value::Json(document),
        }
    }
}

fn by_serde<T: DeserializeOwned>(
    json: serde_json::Value,
    expected: &'static str,
) -> Result<T, FieldError> {
    serde_json::from_value(json).map_err(|_| FieldError::expected(expected))
}

macro_rules! newtype {
    ($name:ident($inner:ty), $most:expr) => {
        #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
        pub(crate) struct $name(pub(crate) $inner);

        impl Field for $name {
            const KIND: Kind = <$inner as Field>::KIND;
            const MAX_LENGTH: Option<u32> = $most;

            fn to_value(&self) -> Value {
                self.0.to_value()
            }

            fn from_value(value: Value) -> Result<Self, FieldError> {
                <$inner>::from_value(value).map(Self)
            }
        }
    };
}

newtype!(Handle(String), Some(20));
newtype!(Cents(i64), None);
newtype!(Tenant(Uuid), None);

/// A user type whose own fields can be compared.
pub(crate) trait Typed: UserModel {
    fn extras(&self) -> Extras;
}

/// Writes the fields once, and one struct with them for each type of ids.
macro_rules! typed {
    ([$($(#[$when:meta])? $module:ident: $id:ty),*] $fields:tt) => {
        typed!(@extras $fields);
        $($(#[$when])? pub(crate) mod $module { typed!(@user $id, $fields); })*
    };
    (@extras { $($(#[$attribute:meta])* $field:ident: $type:ty,)* }) => {
        /// What a user has in the application's own fields.
        #[derive(Clone, Debug, PartialEq)]
        pub(crate) struct Extras {
            $(pub(crate) $field: $type,)*
        }

        impl Extras {
            /// The values for the columns of a user type.
            pub(crate) fn values<U: UserModel>(&self) -> Vec<ColumnValue> {
                let position = |field: &str| U::COLUMNS.iter().position(|column: &Column| column.field == field);
                vec![$(ColumnValue { column: position(stringify!($field)).expect("a column"), value: (&self.$field).stored() }),*]
            }
        }
    };
    (@user $id:ty, { $($(#[$attribute:meta])* $field:ident: $type:ty,)* }) => {
        use super::*;

        #[derive(Clone, Debug, UserModel)]
        #[fastapi_users(table = "typed_user", backend(name = "database", transport = bearer, strategy = database))]
        pub(crate) struct User {
            id: $id,
            email: String,
            hashed_password: PasswordHash,
            is_active: bool,
            is_superuser: bool,
            is_verified: bool,
            $($(#[$attribute])* $field: $type,)*
        }

        impl Typed for User {
            fn extras(&self) -> Extras {
                Extras { $($field: self.$field.clone(),)* }
            }
        }
    };
}

typed! {
    [by_uuid: Uuid, by_big: i64, by_int: i32, by_text: String, #[cfg(feature = "mongodb")] by_object: users_runtime::value::ObjectId]
    {
        #[fastapi_users(default = Plan::ForLife)]
        plan: Plan,
        next_plan: Option<Plan>,
        #[fastapi_users(column = "order", default = Level::Lowest)]
        level: Level,
        next_level: Option<Level>,
        #[fastapi_users(default = Handle("it's \\ 🦀".into()))]
        handle: Handle,
        old_handle: Option<Handle>,
        #[fastapi_users(default = Cents(i64::MIN))]
        credit: Cents,
        debt: Option<Cents>,
        #[fastapi_users(default = Tenant(Uuid::from_u128(7)))]
        tenant: Tenant,
        former_tenant: Option<Tenant>,
        #[fastapi_users(default = -7)]
        small: i16,
        #[fastapi_users(default = i32::MIN)]
        medium: i32,
        #[fastapi_users(default = i8::MIN)]
        tiny: i8,
        #[fastapi_users(default = u8::MAX)]
        byte: u8,
        #[fastapi_users(default = u16::MAX)]
        port: u16,
        #[fastapi_users(default = u32::MAX)]
        count: u32,
        next_count: Option<u32>,
        #[fastapi_users(default = 0.1)]
        weight: f32,
        height: Option<f32>,
        #[fastapi_users(default = 0.1 + 0.2)]
        ratio: f64,
        share: Option<f64>,
        #[fastapi_users(default = true)]
        is_curious: bool,
        is_shy: Option<bool>,
        #[fastapi_users(default = vec![0, 39, 92, 255])]
        avatar: Vec<u8>,
        key: Option<Vec<u8>>,
        #[fastapi_users(default = day(1999, 12, 31))]
        born_on: NaiveDate,
        left_on: Option<NaiveDate>,
        #[fastapi_users(default = NaiveTime::MIN + TimeDelta::microseconds(1))]
        wakes_at: NaiveTime,
        sleeps_at: Option<NaiveTime>,
        #[fastapi_users(default = at(1969, 7, 20, 73_060_123_456))]
        seen_at: DateTime<Utc>,
        paid_at: Option<DateTime<Utc>>,
        #[fastapi_users(default = at(1969, 7, 20, 73_060_123_456).naive_utc())]
        rings_at: NaiveDateTime,
        rang_at: Option<NaiveDateTime>,
        #[fastapi_users(default = json!({ "it's": ["\\ \"🦀\"", null, 1.5, { "": {} }] }))]
        settings: serde_json::Value,
        labels: Option<serde_json::Value>,
        #[fastapi_users(default = vec!["it's".into(), "\\ \"🦀\"".into(), String::new()])]
        tags: Vec<String>,
        old_tags: Option<Vec<String>>,
        #[fastapi_users(default)]
        days: Vec<Option<NaiveDate>>,
        #[fastapi_users(default = vec![Plan::Free])]
        plans: Vec<Plan>,
        #[fastapi_users(default = Address::new("rue de l'Été", &[i64::MIN, i64::MAX], None))]
        address: Address,
        billing: Option<Address>,
        #[fastapi_users(json, default = Preferences::new(&["it's", "\\ \"🦀\""], None))]
        preferences: Preferences,
        #[fastapi_users(json)]
        old_preferences: Option<Preferences>,
    }
}

/// The user as the application had them before any of the fields.
pub(crate) mod bare {
    use super::{PasswordHash, UserModel, Uuid};

    #[derive(Clone, Debug, UserModel)]
    #[fastapi_users(table = "typed_user", backend(name = "database", transport = bearer, strategy = database))]
    pub(crate) struct User {
        id: Uuid,
        email: String,
        hashed_password: PasswordHash,
        is_active: bool,
        is_superuser: bool,
        is_verified: bool,
    }
}

/// The same table for somebody who takes other values, too.
pub(crate) mod loose {
    use super::{PasswordHash, UserModel, Uuid};

    #[derive(Clone, Debug, UserModel)]
    #[fastapi_users(table = "typed_user", backend(name = "database", transport = bearer, strategy = database))]
    pub(crate) struct User {
        id: Uuid,
        email: String,
        hashed_password: PasswordHash,
        is_active: bool,
        is_superuser: bool,
        is_verified: bool,
        plan: String,
        next_plan: Option<String>,
        #[fastapi_users(column = "order")]
        level: i16,
        tiny: i16,
        byte: i16,
        weight: f64,
        tags: serde_json::Value,
        address: serde_json::Value,
    }
}

/// A day.
pub(crate) fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a day")
}

/// An instant, so many microseconds after the beginning of a day.
pub(crate) fn at(year: i32, month: u32, date: u32, microseconds: i64) -> DateTime<Utc> {
    day(year, month, date).and_time(NaiveTime::MIN).and_utc()
        + TimeDelta::microseconds(microseconds)
}
