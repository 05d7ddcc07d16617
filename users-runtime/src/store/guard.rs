//! Refusing what a database cannot hold, before it is asked to.
//!
//! Databases differ in what they do with such values: one stores a longer text than declared, one cuts it, one refuses.
//! Here every store refuses, with the same typed error. What some databases keep as it is, a NUL character in a text, only those
//! refuse that cannot.

use chrono::{Datelike, Timelike};

#[cfg(any(
    feature = "sqlite",
    feature = "postgres",
    feature = "mysql",
    feature = "mongodb"
))]
use crate::{
    model::UserModel,
    store::{ColumnValue, error::unexpected},
};
use crate::{
    store::StoreError,
    value::{Column, Kind, Value},
};

/// What only some databases hold.
#[derive(Clone, Copy)]
#[allow(
    unreachable_pub,
    reason = "only the trait of SQL dialects shows it, which is not compiled without such a database"
)]
pub struct Held {
    /// A NUL character in a text.
    pub nul: bool,
    /// Numbers without end.
    pub infinity: bool,
}

/// Values of a user in ascending order of their columns, each once, all of them such that their columns can hold them.
#[cfg(any(
    feature = "sqlite",
    feature = "postgres",
    feature = "mysql",
    feature = "mongodb"
))]
pub(super) fn sorted<U: UserModel>(
    mut values: Vec<ColumnValue>,
    held: Held,
) -> Result<Vec<ColumnValue>, StoreError> {
    values.sort_by_key(|value| value.column);
    for (position, ColumnValue { column, value }) in values.iter().enumerate() {
        let description = U::COLUMNS
            .get(*column)
            .ok_or_else(|| unexpected("a value for a column that does not exist"))?;
        check(description, value, held)?;
        if values
            .get(position + 1)
            .is_some_and(|next| next.column == *column)
        {
            return Err(StoreError::Value {
                column: description.name,
                reason: "two values",
            });
        }
    }
    Ok(values)
}

/// Refuses a value that a column cannot hold: what a store calls for each value before it asks its database.
///
/// `holds_nul` says whether the database keeps a text with a NUL character as it is.
///
/// # Errors
///
/// [`StoreError::Value`] for what is not of the column's kind, `NULL` where a value is required, a number out of range or that is
/// none, a text of more code points than the column allows, a year beyond 1 to 9999 and a leap second.
pub fn check_value(column: &Column, value: &Value, holds_nul: bool) -> Result<(), StoreError> {
    check(
        column,
        value,
        Held {
            nul: holds_nul,
            infinity: true,
        },
    )
}

/// Refuses a value that a column of a database which holds this much cannot hold.
pub(super) fn check(column: &Column, value: &Value, held: Held) -> Result<(), StoreError> {
    match problem(column, value, held) {
        None => Ok(()),
        Some(reason) => Err(StoreError::Value {
            column: column.name,
            reason,
        }),
    }
}

fn problem(column: &Column, value: &Value, Held { nul, infinity }: Held) -> Option<&'static str> {
    match (column.kind, value) {
        (_, Value::Null) => (!column.nullable).then_some("NULL where a value is required"),
        (Kind::Bool, Value::Bool(_))
        | (Kind::BigInt, Value::Int(_))
        | (Kind::Bytes, Value::Bytes(_))
        | (Kind::Uuid, Value::Uuid(_)) => None,
        (Kind::SmallInt, Value::Int(number)) => i16::try_from(*number)
            .is_err()
            .then_some("out of range for 16 bits"),
        (Kind::Int, Value::Int(number)) => i32::try_from(*number)
            .is_err()
            .then_some("out of range for 32 bits"),
        (Kind::Float, Value::Float(number)) => float_problem(*number, infinity),
        (Kind::ObjectId, Value::Text(text)) => object_id_problem(text),
        (Kind::Text, Value::Text(text)) => text_problem(text, column.max_length, nul),
        (Kind::Timestamp, Value::Timestamp(instant)) => {
            year_problem(instant.year()).or_else(|| leap_problem(instant.nanosecond()))
        }
        (Kind::Date, Value::Date(date)) => year_problem(date.year()),
        (Kind::Time, Value::Time(time)) => leap_problem(time.nanosecond()),
        (Kind::Json, Value::Json(json)) => {
            json_problem(json, nul).or_else(|| items_problem(column.items?, json))
        }
        _ => Some("not of the column's type"),
    }
}

fn float_problem(number: f64, infinity: bool) -> Option<&'static str> {
    if number.is_nan() {
        return Some("not a number");
    }
    (number.is_infinite() && !infinity).then_some("an infinite number")
}

fn text_problem(text: &str, max_length: Option<u32>, nul: bool) -> Option<&'static str> {
    if !nul && text.contains('\0') {
        return Some("text with a NUL character");
    }
    let limit = usize::try_from(max_length?).unwrap_or(usize::MAX);
    // No text has more code points than bytes, so most need no counting.
    (text.len() > limit && text.chars().count() > limit).then_some("longer than the column allows")
}

/// One form only, so that an id is found by the text in which it was stored.
fn object_id_problem(text: &str) -> Option<&'static str> {
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    (text.len() != 24 || !text.bytes().all(is_digit))
        .then_some("not 24 lower-case hexadecimal digits")
}

/// The years that every database and Python's `datetime` can hold.
fn year_problem(year: i32) -> Option<&'static str> {
    (!(1..=9999).contains(&year)).then_some("the year is not within 1 and 9999")
}

/// chrono writes a leap second as a second of more than 10⁹ nanoseconds, which no other program understands.
fn leap_problem(nanosecond: u32) -> Option<&'static str> {
    (nanosecond >= 1_000_000_000).then_some("a leap second")
}

/// `PostgreSQL` refuses an escaped NUL within `jsonb`, too.
fn json_problem(json: &serde_json::Value, nul: bool) -> Option<&'static str> {
    use serde_json::Value as Json;
    match json {
        Json::String(text) => text_problem(text, None, nul),
        Json::Array(items) => items.iter().find_map(|json| json_problem(json, nul)),
        Json::Object(entries) => entries.iter().find_map(|(key, json)| {
            text_problem(key, None, nul).or_else(|| json_problem(json, nul))
        }),
        _ => None,
    }
}

/// Refuses items that an array cannot hold, such as those of a type of the application's that is shown otherwise than it is stored.
fn items_problem(items: Kind, json: &serde_json::Value) -> Option<&'static str> {
    let fits = |item: &serde_json::Value| match items {
        Kind::Bool => item.is_boolean(),
        Kind::SmallInt => item
            .as_i64()
            .is_some_and(|item| i16::try_from(item).is_ok()),
        Kind::Int => item
            .as_i64()
            .is_some_and(|item| i32::try_from(item).is_ok()),
        Kind::BigInt => item.is_i64(),
        Kind::Float => item.is_number(),
        Kind::Uuid => item
            .as_str()
            .is_some_and(|item| item.parse::<uuid::Uuid>().is_ok()),
        _ => item.is_string(),
    };
    let is_held = json.as_array().is_some_and(|all| all.iter().all(fits));
    (!is_held).then_some("an item is not of the type of the array's items")
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveDate, NaiveTime};

    use super::*;
    use crate::store::tables::plain;

    fn column(kind: Kind, max_length: Option<u32>) -> Column {
        Column {
            max_length,
            ..plain("f", kind)
        }
    }

    /// A database that can store everything except NUL.
    const NO_NUL: Held = Held {
        nul: false,
        infinity: true,
    };
    const ALL: Held = Held {
        nul: true,
        ..NO_NUL
    };

    #[test]
    fn an_infinite_number_is_refused_where_the_database_has_none() {
        for infinite in [f64::INFINITY, f64::NEG_INFINITY] {
            let held = Held {
                infinity: false,
                ..ALL
            };
            assert_eq!(
                problem(&column(Kind::Float, None), &Value::Float(infinite), held),
                Some("an infinite number")
            );
        }
    }

    #[test]
    fn what_fits_passes() {
        let fits = [
            (Kind::SmallInt, Value::Int(-32768)),
            (Kind::Int, Value::Int(i64::from(i32::MAX))),
            (Kind::BigInt, Value::Int(i64::MIN)),
            (Kind::Float, Value::Float(f64::INFINITY)),
            (
                Kind::ObjectId,
                Value::Text("507f1f77bcf86cd799439011".into()),
            ),
            (Kind::Text, Value::Text("é🦀".into())),
            (Kind::Bytes, Value::Bytes(vec![0])),
            (
                Kind::Date,
                Value::Date(NaiveDate::from_ymd_opt(9999, 12, 31).unwrap()),
            ),
            (Kind::Timestamp, Value::Timestamp(DateTime::UNIX_EPOCH)),
            (Kind::Json, Value::Json(serde_json::json!({"a": [1, null]}))),
        ];
        for (kind, value) in fits {
            assert_eq!(
                problem(&column(kind, Some(2)), &value, NO_NUL),
                None,
                "{value:?}"
            );
        }
    }

    #[test]
    fn a_nul_is_refused_where_the_database_has_none() {
        for (kind, value) in [
            (Kind::Text, Value::Text("a\0".into())),
            (Kind::Json, Value::Json(serde_json::json!([{"a\u{0}": 1}]))),
            (Kind::Json, Value::Json(serde_json::json!({"a": ["\u{0}"]}))),
        ] {
            assert_eq!(
                problem(&column(kind, Some(2)), &value, NO_NUL),
                Some("text with a NUL character")
            );
            assert_eq!(problem(&column(kind, Some(2)), &value, ALL), None);
        }
        assert!(
            problem(
                &column(Kind::Text, Some(2)),
                &Value::Text("\0\0\0".into()),
                ALL
            )
            .is_some()
        );
    }

    #[test]
    fn what_does_not_fit_is_refused_without_being_quoted() {
        let leap = NaiveTime::from_hms_micro_opt(23, 59, 59, 1_500_000).unwrap();
        let refused = [
            (Kind::SmallInt, Value::Int(32768)),
            (Kind::Int, Value::Int(i64::from(i32::MIN) - 1)),
            (Kind::Float, Value::Float(f64::NAN)),
            (Kind::Text, Value::Text("secret".into())),
            (Kind::Text, Value::Int(1)),
            (
                Kind::ObjectId,
                Value::Text("507F1F77BCF86CD799439011".into()),
            ),
            (
                Kind::ObjectId,
                Value::Text("507f1f77bcf86cd79943901".into()),
            ),
            (Kind::Text, Value::Null),
            (
                Kind::Date,
                Value::Date(NaiveDate::from_ymd_opt(10000, 1, 1).unwrap()),
            ),
            (
                Kind::Date,
                Value::Date(NaiveDate::from_ymd_opt(0, 1, 1).unwrap()),
            ),
            (Kind::Time, Value::Time(leap)),
        ];
        for (kind, value) in refused {
            let error = check_value(&column(kind, Some(2)), &value, true).expect_err("refused");
            assert!(
                matches!(error, StoreError::Value { column: "f", .. }),
                "{value:?}"
            );
            assert!(!format!("{error} {error:?}").contains("secret"));
        }
    }
}
