//! Values as MySQL and MariaDB store them, which is as SQLAlchemy writes them.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use sqlx::{
    Decode, MySql, Row as _, TypeInfo as _, ValueRef as _,
    mysql::{MySqlArguments, MySqlRow, MySqlValueRef},
    query::Query,
};
use uuid::Uuid;

use crate::{
    store::sql::driver::{Argument, Failure},
    value::{Column, Kind, Value},
};

type Statement = Query<'static, MySql, MySqlArguments>;

/// What is stored for a value.
pub(super) enum Stored {
    Null,
    Text(String),
    /// What the server has a type for.
    Value(Value),
}

/// How a UUID is written; each form is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UuidForm {
    /// 36 characters.
    Hyphenated,
    /// 32 characters.
    Simple,
    /// 16 bytes, in the order of the text.
    Bytes,
}

/// What is stored for a value: documents are texts, and UUIDs are in most tables.
pub(super) fn stored(value: Value, uuids: UuidForm) -> Stored {
    match value {
        Value::Null => Stored::Null,
        Value::Text(text) => Stored::Text(text),
        Value::Uuid(uuid) => match uuids {
            UuidForm::Hyphenated => Stored::Text(uuid.hyphenated().to_string()),
            UuidForm::Simple => Stored::Text(uuid.simple().to_string()),
            UuidForm::Bytes => Stored::Value(Value::Bytes(uuid.as_bytes().to_vec())),
        },
        Value::Json(json) => Stored::Text(json.to_string()),
        value => Stored::Value(value),
    }
}

/// Binds the next argument. A value fits its kind, which was seen to before.
pub(super) fn bind(statement: Statement, argument: Argument, uuids: UuidForm) -> Statement {
    match stored(argument.value, uuids) {
        Stored::Text(text) => statement.bind(text),
        Stored::Value(Value::Bool(flag)) => statement.bind(flag),
        Stored::Value(Value::Int(number)) => statement.bind(number),
        Stored::Value(Value::Float(number)) => statement.bind(number),
        Stored::Value(Value::Bytes(bytes)) => statement.bind(bytes),
        Stored::Value(Value::Timestamp(instant)) => statement.bind(instant.naive_utc()),
        Stored::Value(Value::Date(date)) => statement.bind(date),
        Stored::Value(Value::Time(time)) => statement.bind(time),
        Stored::Null | Stored::Value(_) => statement.bind(None::<String>),
    }
}

/// Reads a row. What is not of the column's kind is passed on as it is, so that the field refuses it and names the column.
pub(super) fn read(row: &MySqlRow, columns: &[Column]) -> Result<Vec<Value>, Failure> {
    let value = |(index, column): (usize, &Column)| {
        let raw = row.try_get_raw(index).map_err(super::failure::failure)?;
        value(raw, column).map_err(Failure::Other)
    };
    columns.iter().enumerate().map(value).collect()
}

type Read<T> = Result<T, sqlx::error::BoxDynError>;

fn value(raw: MySqlValueRef<'_>, column: &Column) -> Read<Value> {
    if raw.is_null() {
        return Ok(Value::Null);
    }
    let declared = raw.type_info().into_owned();
    Ok(match declared.name() {
        "BOOLEAN" | "TINYINT" | "SMALLINT" | "MEDIUMINT" | "INT" | "BIGINT" => {
            number(decode(raw)?, column.kind)
        }
        "TINYINT UNSIGNED" | "SMALLINT UNSIGNED" | "MEDIUMINT UNSIGNED" | "INT UNSIGNED"
        | "BIGINT UNSIGNED" => unsigned(decode(raw)?, column.kind),
        "FLOAT" => Value::Float(decode::<f32>(raw)?.into()),
        "DOUBLE" => Value::Float(decode(raw)?),
        "DATETIME" | "TIMESTAMP" => Value::Timestamp(decode::<NaiveDateTime>(raw)?.and_utc()),
        "DATE" => Value::Date(decode::<NaiveDate>(raw)?),
        // A duration that is no time of the day is passed on as the bytes that it is sent as.
        "TIME" => decode::<NaiveTime>(raw.clone())
            .map_or_else(|_| bytes(raw), |time| Ok(Value::Time(time)))?,
        _ => text(decode(raw)?, column),
    })
}

/// Decodes without asking whether the types agree: a text of the collation `utf8mb4_bin` calls itself bytes.
fn decode<'r, T: Decode<'r, MySql>>(raw: MySqlValueRef<'r>) -> Read<T> {
    T::decode(raw)
}

fn bytes(raw: MySqlValueRef<'_>) -> Read<Value> {
    decode(raw).map(Value::Bytes)
}

fn number(number: i64, kind: Kind) -> Value {
    if kind == Kind::Bool {
        Value::Bool(number != 0)
    } else {
        Value::Int(number)
    }
}

/// One that no field can hold is passed on as a text, so that the field refuses it.
fn unsigned(value: u64, kind: Kind) -> Value {
    i64::try_from(value).map_or_else(
        |_| Value::Text(value.to_string()),
        |value| number(value, kind),
    )
}

/// What the server sends as bytes, of which the column says what they are.
fn text(bytes: Vec<u8>, column: &Column) -> Value {
    let parsed = match column.kind {
        Kind::Text | Kind::ObjectId => String::from_utf8(bytes).map_or_else(
            |error| Err(error.into_bytes()),
            |text| Ok(Value::Text(text)),
        ),
        // No text of 16 characters is a UUID.
        Kind::Uuid => Uuid::from_slice(&bytes)
            .or_else(|_| Uuid::try_parse_ascii(&bytes))
            .map(Value::Uuid)
            .map_err(|_| bytes),
        // A number of a fixed scale is sent as its digits.
        Kind::Float => str::from_utf8(&bytes)
            .ok()
            .and_then(|digits| digits.parse().ok())
            .map(Value::Float)
            .ok_or(bytes),
        Kind::Json => match serde_json::from_slice(&bytes) {
            // SQLAlchemy writes a missing document as this text.
            Ok(serde_json::Value::Null) if column.nullable => Ok(Value::Null),
            Ok(json) => Ok(Value::Json(json)),
            Err(_) => Err(bytes),
        },
        _ => Err(bytes),
    };
    parsed.unwrap_or_else(Value::Bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Role;

    #[test]
    fn what_is_of_another_type_is_passed_on() {
        let read = |bytes: &[u8], kind| {
            let column = Column {
                field: "f",
                name: "f",
                role: Role::Extra,
                kind,
                nullable: true,
                max_length: None,
                default: None,
                doc: "",
                example: None,
                is_updated_at: false,
                items: None,
            };
            text(bytes.to_vec(), &column)
        };
        assert_eq!(read(b"x", Kind::Uuid), Value::Bytes(b"x".to_vec()));
        assert_eq!(read(&[255], Kind::Text), Value::Bytes(vec![255]));
        assert_eq!(read(b"{", Kind::Json), Value::Bytes(b"{".to_vec()));
        assert_eq!(read(b"null", Kind::Json), Value::Null);
        assert_eq!(read(b"0123", Kind::Text), Value::Text("0123".into()));
        assert_eq!(
            read(b"00000000000000000000000000000000", Kind::Uuid),
            Value::Uuid(Uuid::nil())
        );
        assert_eq!(number(2, Kind::Bool), Value::Bool(true));
        assert_eq!(number(2, Kind::Int), Value::Int(2));
        assert_eq!(read(&[0; 16], Kind::Uuid), Value::Uuid(Uuid::nil()));
        assert_eq!(read(b"12.34", Kind::Float), Value::Float(12.34));
        assert_eq!(unsigned(1 << 62, Kind::BigInt), Value::Int(1 << 62));
        let beyond = u64::MAX.to_string();
        assert_eq!(unsigned(u64::MAX, Kind::BigInt), Value::Text(beyond));
    }
}
