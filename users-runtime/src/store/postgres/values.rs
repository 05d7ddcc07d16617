//! Values in PostgreSQL's own types.

use chrono::{DateTime, NaiveDate, NaiveTime, SubsecRound, TimeDelta, Utc};
use sqlx::{
    Decode, Postgres, Row as _, Type, TypeInfo as _, ValueRef as _,
    encode::{Encode, IsNull},
    error::BoxDynError,
    postgres::{PgArgumentBuffer, PgArguments, PgRow, PgTypeInfo, PgValueRef, types::Oid},
    query::Query,
    types::Json,
};
use uuid::Uuid;

use super::arrays;
use crate::{
    store::sql::driver::{Argument, Failure},
    value::{Column, Kind, Value},
};

type Statement = Query<'static, Postgres, PgArguments>;

/// A text that goes into a column: the server takes the column's type for its type, since no other but that is assigned to an
/// enumeration. In the binary form, which is what sqlx sends, texts and enumerations are the same.
struct Untyped(String);

/// What the protocol has for a parameter whose type the server is to find out.
const UNSPECIFIED: Oid = Oid(0);

impl Type<Postgres> for Untyped {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(UNSPECIFIED)
    }
}

impl Encode<'_, Postgres> for Untyped {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        buffer.extend_from_slice(self.0.as_bytes());
        Ok(IsNull::No)
    }
}

/// Binds the next argument; `NULL` has a type, too. A value fits its kind, which was seen to before.
pub(super) fn bind(statement: Statement, argument: Argument) -> Statement {
    let Argument {
        kind,
        value,
        is_untyped,
        items,
    } = argument;
    if let Some(items) = items {
        return arrays::bind(statement, items, &value);
    }
    match value {
        Value::Null if is_untyped => statement.bind(None::<Untyped>),
        Value::Text(text) if is_untyped => statement.bind(Untyped(text)),
        Value::Null => bind_null(statement, kind),
        Value::Bool(flag) => statement.bind(flag),
        Value::Int(number) => bind_number(statement, kind, number),
        Value::Float(number) => statement.bind(number),
        Value::Text(text) => statement.bind(text),
        Value::Bytes(bytes) => statement.bind(bytes),
        Value::Uuid(uuid) => statement.bind(uuid),
        Value::Timestamp(instant) => statement.bind(whole(instant)),
        Value::Date(date) => statement.bind(date),
        Value::Time(time) => statement.bind(time),
        Value::Json(json) => statement.bind(Json(json)),
    }
}

/// An instant without what is finer than a microsecond, which sqlx would round towards the year 2000.
pub(in crate::store) fn whole(instant: DateTime<Utc>) -> DateTime<Utc> {
    instant.trunc_subsecs(6)
}

/// A number that its kind cannot hold is sent as it is, so that the database refuses it.
fn bind_number(statement: Statement, kind: Kind, number: i64) -> Statement {
    match (kind, i16::try_from(number), i32::try_from(number)) {
        (Kind::SmallInt, Ok(number), _) => statement.bind(number),
        (Kind::Int, _, Ok(number)) => statement.bind(number),
        _ => statement.bind(number),
    }
}

fn bind_null(statement: Statement, kind: Kind) -> Statement {
    fn null<T: 'static + Type<Postgres> + for<'q> Encode<'q, Postgres>>(
        statement: Statement,
    ) -> Statement {
        statement.bind(None::<T>)
    }
    match kind {
        Kind::Bool => null::<bool>(statement),
        Kind::SmallInt => null::<i16>(statement),
        Kind::Int => null::<i32>(statement),
        Kind::BigInt => null::<i64>(statement),
        Kind::Float => null::<f64>(statement),
        Kind::Text | Kind::ObjectId => null::<String>(statement),
        Kind::Bytes => null::<Vec<u8>>(statement),
        Kind::Uuid => null::<Uuid>(statement),
        Kind::Timestamp => null::<DateTime<Utc>>(statement),
        Kind::Date => null::<NaiveDate>(statement),
        Kind::Time => null::<NaiveTime>(statement),
        Kind::Json => null::<Json<serde_json::Value>>(statement),
    }
}

/// Reads a row. What is not of the column's kind is passed on as it is, so that the field refuses it and names the column.
pub(in crate::store) fn read(row: &PgRow, columns: &[Column]) -> Result<Vec<Value>, Failure> {
    let value = |(index, column): (usize, &Column)| {
        let raw = row.try_get_raw(index).map_err(super::failure::failure)?;
        value(raw, column).map_err(Failure::Other)
    };
    columns.iter().enumerate().map(value).collect()
}

type Read<T> = Result<T, BoxDynError>;

fn value(raw: PgValueRef<'_>, column: &Column) -> Read<Value> {
    if raw.is_null() {
        return Ok(Value::Null);
    }
    let declared = raw.type_info();
    if let Some(items) = column.items.filter(|_| declared.name().ends_with("[]")) {
        return arrays::read(raw, items);
    }
    Ok(match declared.name() {
        "BOOL" => Value::Bool(decode(raw)?),
        "INT2" => Value::Int(decode::<i16>(raw)?.into()),
        "INT4" => Value::Int(decode::<i32>(raw)?.into()),
        "INT8" => Value::Int(decode(raw)?),
        "FLOAT4" => Value::Float(decode::<f32>(raw)?.into()),
        "FLOAT8" => Value::Float(decode(raw)?),
        "UUID" => Value::Uuid(decode(raw)?),
        "TIMESTAMPTZ" | "TIMESTAMP" => instant(decode(raw)?),
        "DATE" => date(decode(raw)?),
        "TIME" => Value::Time(decode(raw)?),
        "JSON" => json(raw.as_bytes()?, column),
        // Its binary form begins with the number of a version.
        "JSONB" => json(raw.as_bytes()?.get(1..).unwrap_or_default(), column),
        "BYTEA" => Value::Bytes(decode(raw)?),
        // The types of text, those of extensions and enums among them, have their text as the binary form.
        _ if matches!(column.kind, Kind::Text | Kind::ObjectId) => {
            Value::Text(raw.as_str()?.to_owned())
        }
        _ => Value::Bytes(raw.as_bytes()?.to_vec()),
    })
}

/// Decodes without asking whether the types agree: `TIMESTAMP` is read as the number that it is sent as.
fn decode<'r, T: Decode<'r, Postgres>>(raw: PgValueRef<'r>) -> Read<T> {
    T::decode(raw)
}

/// Microseconds since 2000. `infinity` is beyond what chrono can hold and stays a number: sqlx would panic.
fn instant(microseconds: i64) -> Value {
    let instant = epoch().checked_add_signed(TimeDelta::microseconds(microseconds));
    instant.map_or(Value::Int(microseconds), Value::Timestamp)
}

/// Days since 2000, `infinity` as above.
fn date(days: i32) -> Value {
    let date = epoch()
        .date_naive()
        .checked_add_signed(TimeDelta::days(days.into()));
    date.map_or(Value::Int(days.into()), Value::Date)
}

/// The beginning of 2000.
fn epoch() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(10_957)
}

/// A document. SQLAlchemy writes a missing one as the text `null`.
fn json(text: &[u8], column: &Column) -> Value {
    match serde_json::from_slice(text) {
        Ok(serde_json::Value::Null) if column.nullable => Value::Null,
        Ok(json) => Value::Json(json),
        Err(_) => Value::Bytes(text.to_vec()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_and_dates_beyond_chrono_stay_numbers() {
        assert_eq!(epoch().to_string(), "2000-01-01 00:00:00 UTC");
        assert_eq!(
            instant(-946_684_800_000_000),
            Value::Timestamp(DateTime::UNIX_EPOCH)
        );
        assert_eq!(
            date(-1),
            Value::Date(NaiveDate::from_ymd_opt(1999, 12, 31).unwrap())
        );
        for infinite in [i64::MAX, i64::MIN] {
            assert_eq!(instant(infinite), Value::Int(infinite));
        }
        for infinite in [i32::MAX, i32::MIN] {
            assert_eq!(date(infinite), Value::Int(infinite.into()));
        }
    }
}
