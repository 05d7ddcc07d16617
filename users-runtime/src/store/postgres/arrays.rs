//! Lists in PostgreSQL's arrays.

use serde_json::Value as Json;
use sqlx::{
    Decode, Encode, Postgres, Type,
    error::BoxDynError,
    postgres::{PgArguments, PgHasArrayType, PgValueRef},
    query::Query,
};
use uuid::Uuid;

use crate::value::{Kind, Value};

type Statement = Query<'static, Postgres, PgArguments>;

/// The type of a new column.
pub(super) fn column_type(items: Kind) -> String {
    let item = match items {
        Kind::Bool => "BOOLEAN",
        Kind::SmallInt => "SMALLINT",
        Kind::Int => "INTEGER",
        Kind::BigInt => "BIGINT",
        Kind::Float => "DOUBLE PRECISION",
        Kind::Uuid => "UUID",
        _ => "TEXT",
    };
    format!("{item}[]")
}

/// Whether a column that was declared with this type holds every such list, and is compared with one.
pub(super) fn holds(declared: &str, items: Kind) -> bool {
    let Some(item) = declared.strip_suffix("[]") else {
        return false;
    };
    match items {
        Kind::Bool => item == "boolean",
        Kind::SmallInt => item == "smallint",
        Kind::Int => item == "integer",
        Kind::BigInt => item == "bigint",
        Kind::Float => item == "double precision",
        Kind::Uuid => item == "uuid",
        _ => item == "text" || item == "character varying",
    }
}

/// A list as a literal; `text` quotes a text.
pub(super) fn literal(items: Kind, list: &Json, text: fn(&str) -> String) -> String {
    let item = |item: &Json| match item {
        Json::String(item) => text(item),
        item => item.to_string(),
    };
    let list: Vec<_> = list.as_array().into_iter().flatten().map(item).collect();
    format!("ARRAY[{}]::{}", list.join(", "), column_type(items))
}

/// Binds a list, or `NULL`. The items fit their kind, which was seen to before.
pub(super) fn bind(statement: Statement, items: Kind, value: &Value) -> Statement {
    match items {
        Kind::Bool => bound(statement, value, Json::as_bool),
        Kind::SmallInt => bound(statement, value, |item| i16::try_from(item.as_i64()?).ok()),
        Kind::Int => bound(statement, value, |item| i32::try_from(item.as_i64()?).ok()),
        Kind::BigInt => bound(statement, value, Json::as_i64),
        Kind::Float => bound(statement, value, Json::as_f64),
        Kind::Uuid => bound(statement, value, |item| item.as_str()?.parse::<Uuid>().ok()),
        _ => bound(statement, value, |item| item.as_str().map(str::to_owned)),
    }
}

fn bound<T>(statement: Statement, value: &Value, item: fn(&Json) -> Option<T>) -> Statement
where
    T: PgHasArrayType + Type<Postgres> + for<'q> Encode<'q, Postgres> + Send + 'static,
{
    statement.bind(list(value, item))
}

/// The items of a list; `None` for `NULL`.
pub(in crate::store) fn list<T>(
    value: &Value,
    item: impl Fn(&Json) -> Option<T>,
) -> Option<Vec<T>> {
    match value {
        Value::Json(Json::Array(items)) => items.iter().map(item).collect(),
        _ => None,
    }
}

/// Reads a list.
pub(super) fn read(raw: PgValueRef<'_>, items: Kind) -> Result<Value, BoxDynError> {
    Ok(Value::Json(match items {
        Kind::Bool => decoded::<bool>(raw)?,
        Kind::SmallInt => decoded::<i16>(raw)?,
        Kind::Int => decoded::<i32>(raw)?,
        Kind::BigInt => decoded::<i64>(raw)?,
        Kind::Float => decoded::<f64>(raw)?,
        Kind::Uuid => decoded::<Uuid>(raw)?,
        _ => decoded::<String>(raw)?,
    }))
}

/// An item that is missing stays so, and the field refuses it.
fn decoded<'r, T>(raw: PgValueRef<'r>) -> Result<Json, BoxDynError>
where
    T: serde::Serialize + Type<Postgres> + for<'a> Decode<'a, Postgres>,
{
    let items = Vec::<Option<T>>::decode(raw)?;
    Ok(serde_json::to_value(items)?)
}
