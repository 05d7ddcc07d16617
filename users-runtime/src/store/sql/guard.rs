//! Refusing what a database cannot hold, before it is asked to.
//!
//! Databases differ in what they do with such values: one stores a longer text than declared, one cuts it, one refuses.
//! Here every store refuses, with the same typed error. What some databases keep as it is, a NUL character in a text, only those
//! refuse that cannot.

use chrono::{Datelike, Timelike};

use crate::{
    model::{Column, Kind, Value},
    store::{StoreError, sql::dialect::Dialect},
};

/// Refuses a value that the column cannot hold.
pub(super) fn check(dialect: &dyn Dialect, column: &Column, value: &Value) -> Result<(), StoreError> {
    refuse(column, value, Held { nul: dialect.holds_nul(), infinity: dialect.holds_infinity() })
}

/// What only some databases hold.
#[derive(Clone, Copy)]
struct Held {
    nul: bool,
    infinity: bool,
}

fn refuse(column: &Column, value: &Value, held: Held) -> Result<(), StoreError> {
    match problem(column, value, held) {
        None => Ok(()),
        Some(reason) => Err(StoreError::Value { column: column.name, reason }),
    }
}

fn problem(column: &Column, value: &Value, Held { nul, infinity }: Held) -> Option<&'static str> {
    match (column.kind, value) {
        (_, Value::Null) => (!column.nullable).then_some("NULL where a value is required"),
        (Kind::Bool, Value::Bool(_))
        | (Kind::BigInt, Value::Int(_))
        | (Kind::Bytes, Value::Bytes(_))
        | (Kind::Uuid, Value::Uuid(_)) => None,
        (Kind::SmallInt, Value::Int(number)) => i16::try_from(*number).is_err().then_some("out of range for 16 bits"),
        (Kind::Int, Value::Int(number)) => i32::try_from(*number).is_err().then_some("out of range for 32 bits"),
        (Kind::Float, Value::Float(number)) => float_problem(*number, infinity),
        (Kind::Text, Value::Text(text)) => text_problem(text, column.max_length, nul),
        (Kind::Timestamp, Value::Timestamp(instant)) => {
            year_problem(instant.year()).or_else(|| leap_problem(instant.nanosecond()))
        }
        (Kind::Date, Value::Date(date)) => year_problem(date.year()),
        (Kind::Time, Value::Time(time)) => leap_problem(time.nanosecond()),
        (Kind::Json, Value::Json(json)) => json_problem(json, nul),
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

/// The years that every database and Python's `datetime` can hold.
fn year_problem(year: i32) -> Option<&'static str> {
    (!(1..=9999).contains(&year)).then_some("the year is not within 1 and 9999")
}

/// chrono writes a leap second as a second of more than 10⁹ nanoseconds, which nobody else understands.
fn leap_problem(nanosecond: u32) -> Option<&'static str> {
    (nanosecond >= 1_000_000_000).then_some("a leap second")
}

/// `PostgreSQL` refuses an escaped NUL within `jsonb`, too.
fn json_problem(json: &serde_json::Value, nul: bool) -> Option<&'static str> {
    use serde_json::Value as Json;
    match json {
        Json::String(text) => text_problem(text, None, nul),
        Json::Array(items) => items.iter().find_map(|json| json_problem(json, nul)),
        Json::Object(entries) => {
            entries.iter().find_map(|(key, json)| text_problem(key, None, nul).or_else(|| json_problem(json, nul)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveDate, NaiveTime};

    use super::*;
    use crate::model::Role;

    fn column(kind: Kind, max_length: Option<u32>) -> Column {
        Column { field: "f", name: "f", role: Role::Extra, kind, nullable: false, max_length, default: None }
    }

    /// A database that holds everything, but for the NUL.
    const NO_NUL: Held = Held { nul: false, infinity: true };
    const ALL: Held = Held { nul: true, ..NO_NUL };

    #[test]
    fn an_infinite_number_is_refused_where_the_database_has_none() {
        for infinite in [f64::INFINITY, f64::NEG_INFINITY] {
            let held = Held { infinity: false, ..ALL };
            assert_eq!(problem(&column(Kind::Float, None), &Value::Float(infinite), held), Some("an infinite number"));
        }
    }

    #[test]
    fn what_fits_passes() {
        let fits = [
            (Kind::SmallInt, Value::Int(-32768)),
            (Kind::Int, Value::Int(i64::from(i32::MAX))),
            (Kind::BigInt, Value::Int(i64::MIN)),
            (Kind::Float, Value::Float(f64::INFINITY)),
            (Kind::Text, Value::Text("é🦀".into())),
            (Kind::Bytes, Value::Bytes(vec![0])),
            (Kind::Date, Value::Date(NaiveDate::from_ymd_opt(9999, 12, 31).unwrap())),
            (Kind::Timestamp, Value::Timestamp(DateTime::UNIX_EPOCH)),
            (Kind::Json, Value::Json(serde_json::json!({"a": [1, null]}))),
        ];
        for (kind, value) in fits {
            assert_eq!(problem(&column(kind, Some(2)), &value, NO_NUL), None, "{value:?}");
        }
    }

    #[test]
    fn a_nul_is_refused_where_the_database_has_none() {
        for (kind, value) in [
            (Kind::Text, Value::Text("a\0".into())),
            (Kind::Json, Value::Json(serde_json::json!([{"a\u{0}": 1}]))),
            (Kind::Json, Value::Json(serde_json::json!({"a": ["\u{0}"]}))),
        ] {
            assert_eq!(problem(&column(kind, Some(2)), &value, NO_NUL), Some("text with a NUL character"));
            assert_eq!(problem(&column(kind, Some(2)), &value, ALL), None);
        }
        assert!(problem(&column(Kind::Text, Some(2)), &Value::Text("\0\0\0".into()), ALL).is_some());
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
            (Kind::Text, Value::Null),
            (Kind::Date, Value::Date(NaiveDate::from_ymd_opt(10000, 1, 1).unwrap())),
            (Kind::Date, Value::Date(NaiveDate::from_ymd_opt(0, 1, 1).unwrap())),
            (Kind::Time, Value::Time(leap)),
        ];
        for (kind, value) in refused {
            let error = refuse(&column(kind, Some(2)), &value, ALL).expect_err("refused");
            assert!(matches!(error, StoreError::Value { column: "f", .. }), "{value:?}");
            assert!(!format!("{error} {error:?}").contains("secret"));
        }
    }
}
