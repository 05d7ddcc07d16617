//! Values as SeaORM takes them.

use ::sea_orm::Value as Bound;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use uuid::Uuid;

#[cfg(feature = "postgres")]
use crate::store::postgres::arrays::list;
use crate::{
    store::sql::driver::Argument,
    value::{Kind, Value},
};

/// An argument as SeaORM binds it; `NULL` has a type, too. A value fits its kind, which was seen to before.
pub(super) fn bound(argument: Argument) -> Bound {
    let Argument {
        kind,
        value,
        #[cfg(feature = "postgres")]
        items,
        ..
    } = argument;
    #[cfg(feature = "postgres")]
    if let Some(items) = items {
        return bound_list(items, &value);
    }
    match value {
        Value::Null => null(kind),
        Value::Bool(flag) => flag.into(),
        Value::Int(number) => bound_number(kind, number),
        Value::Float(number) => number.into(),
        Value::Text(text) => text.into(),
        Value::Bytes(bytes) => bytes.into(),
        Value::Uuid(uuid) => uuid.into(),
        Value::Timestamp(instant) => instant.into(),
        Value::Date(date) => date.into(),
        Value::Time(time) => time.into(),
        Value::Json(json) => json.into(),
    }
}

/// A list for an array of PostgreSQL, or `NULL`. Its items fit their kind, which was seen to before.
#[cfg(feature = "postgres")]
fn bound_list(items: Kind, value: &Value) -> Bound {
    use serde_json::Value as Json;
    match items {
        Kind::Bool => list(value, Json::as_bool).into(),
        Kind::SmallInt => list(value, |item| i16::try_from(item.as_i64()?).ok()).into(),
        Kind::Int => list(value, |item| i32::try_from(item.as_i64()?).ok()).into(),
        Kind::BigInt => list(value, Json::as_i64).into(),
        Kind::Float => list(value, Json::as_f64).into(),
        Kind::Uuid => list(value, |item| item.as_str()?.parse::<Uuid>().ok()).into(),
        _ => list(value, |item| item.as_str().map(str::to_owned)).into(),
    }
}

/// A number that its kind cannot hold is sent as it is, so that the database refuses it.
fn bound_number(kind: Kind, number: i64) -> Bound {
    match (kind, i16::try_from(number), i32::try_from(number)) {
        (Kind::SmallInt, Ok(number), _) => number.into(),
        (Kind::Int, _, Ok(number)) => number.into(),
        _ => number.into(),
    }
}

fn null(kind: Kind) -> Bound {
    match kind {
        Kind::Bool => None::<bool>.into(),
        Kind::SmallInt => None::<i16>.into(),
        Kind::Int => None::<i32>.into(),
        Kind::BigInt => None::<i64>.into(),
        Kind::Float => None::<f64>.into(),
        Kind::Text | Kind::ObjectId => None::<String>.into(),
        Kind::Bytes => None::<Vec<u8>>.into(),
        Kind::Uuid => None::<Uuid>.into(),
        Kind::Timestamp => None::<DateTime<Utc>>.into(),
        Kind::Date => None::<NaiveDate>.into(),
        Kind::Time => None::<NaiveTime>.into(),
        Kind::Json => None::<serde_json::Value>.into(),
    }
}
