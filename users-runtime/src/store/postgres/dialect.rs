//! How PostgreSQL writes SQL.

use std::fmt::Write;

use super::arrays;
use crate::{
    store::sql::dialect::{Dialect, holds_float, holds_text},
    value::{Column, Kind, Role, Value},
};

/// PostgreSQL 12 or newer.
#[derive(Debug)]
pub(in crate::store) struct PostgresDialect {
    /// Whether a text can be sent without a type, so that the server takes it for a value of an enumeration.
    pub(in crate::store) sends_untyped: bool,
}

/// What the description of a table has before the name of an enumeration.
pub(in crate::store) const ENUMERATION: &str = "enum ";

impl Dialect for PostgresDialect {
    fn placeholder(&self, position: usize) -> String {
        format!("${position}")
    }

    fn column_type(&self, column: &Column) -> String {
        if let Some(items) = column.items {
            return arrays::column_type(items);
        }
        match (column.kind, column.max_length) {
            (Kind::Bool, _) => "BOOLEAN".into(),
            (Kind::SmallInt, _) => "SMALLINT".into(),
            (Kind::Int, _) => "INTEGER".into(),
            (Kind::BigInt, _) => "BIGINT".into(),
            (Kind::Float, _) => "DOUBLE PRECISION".into(),
            (Kind::Text, Some(length)) => format!("VARCHAR({length})"),
            (Kind::Text, None) => "VARCHAR".into(),
            (Kind::Bytes, _) => "BYTEA".into(),
            (Kind::Uuid, _) => "UUID".into(),
            (Kind::ObjectId, _) => "VARCHAR(24)".into(),
            (Kind::Timestamp, _) => "TIMESTAMP WITH TIME ZONE".into(),
            (Kind::Date, _) => "DATE".into(),
            (Kind::Time, _) => "TIME WITHOUT TIME ZONE".into(),
            (Kind::Json, _) => "JSON".into(),
        }
    }

    fn assigned_id(&self, column: &Column) -> String {
        let serial = match column.kind {
            Kind::SmallInt => "SMALLSERIAL",
            Kind::Int => "SERIAL",
            _ => "BIGSERIAL",
        };
        format!("{serial} NOT NULL PRIMARY KEY")
    }

    fn literal(&self, value: &Value) -> String {
        match value {
            Value::Null => "NULL".into(),
            Value::Bool(flag) => if *flag { "TRUE" } else { "FALSE" }.into(),
            Value::Int(number) => number.to_string(),
            Value::Float(number) if number.is_infinite() => {
                format!(
                    "'{}Infinity'::double precision",
                    if *number < 0.0 { "-" } else { "" }
                )
            }
            Value::Float(number) => format!("'{number:?}'::double precision"),
            Value::Text(text) => text_literal(text),
            Value::Bytes(bytes) => format!("{}::bytea", text_literal(&hex(bytes))),
            Value::Uuid(uuid) => format!("'{uuid}'::uuid"),
            Value::Timestamp(instant) => format!(
                "'{}+00'::timestamptz",
                instant.format("%Y-%m-%d %H:%M:%S%.6f")
            ),
            Value::Date(date) => format!("'{date}'::date"),
            Value::Time(time) => format!("'{}'::time", time.format("%H:%M:%S%.6f")),
            Value::Json(json) => format!("{}::json", text_literal(&json.to_string())),
        }
    }

    fn literal_of(&self, column: &Column, value: &Value) -> String {
        match (column.items, value) {
            (Some(items), Value::Json(json)) => arrays::literal(items, json, text_literal),
            _ => self.literal(value),
        }
    }

    fn has_arrays(&self) -> bool {
        true
    }

    /// A column of another type is fine where it holds every value of the field, gives it back as it was, and is compared with
    /// by its index. PostgreSQL refuses a text that is longer than declared, so the field must not have longer ones.
    fn holds(&self, declared: &str, column: &Column) -> bool {
        if let Some(items) = column.items {
            return arrays::holds(declared, items);
        }
        let is = |names: &[&str]| names.contains(&declared);
        match column.kind {
            Kind::Bool => is(&["boolean"]),
            Kind::SmallInt => is(&["smallint", "integer", "bigint"]),
            Kind::Int => is(&["integer", "bigint"]),
            Kind::BigInt => is(&["bigint"]),
            Kind::Float => is(&["double precision"]) || holds_float(declared, "numeric"),
            Kind::Text if declared.starts_with(ENUMERATION) => {
                self.sends_untyped && column.role == Role::Extra
            }
            Kind::Text => match varchar(declared) {
                Some(limit) => holds_text(limit, column),
                None => {
                    is(&["text", "character varying"]) || is(&["citext"]) && column.role != Role::Id
                }
            },
            Kind::Bytes => is(&["bytea"]),
            Kind::Uuid => is(&["uuid"]),
            Kind::ObjectId => varchar(declared)
                .map_or_else(|| is(&["text", "character varying"]), |limit| limit >= 24),
            Kind::Timestamp => is(&["timestamp with time zone", "timestamp without time zone"]),
            Kind::Date => is(&["date"]),
            Kind::Time => is(&["time without time zone"]),
            Kind::Json => is(&["json", "jsonb"]),
        }
    }

    /// No text and no `jsonb` of PostgreSQL has a NUL character.
    /// It cuts a longer one, and then takes those for the same that differ in their ends.
    fn longest_name(&self) -> Option<usize> {
        Some(63)
    }

    fn holds_nul(&self) -> bool {
        false
    }

    /// A number of a fixed scale has no type of this crate's.
    fn read(&self, table: &str, column: &Column) -> String {
        let name = self.qualified(table, column.name);
        if column.kind == Kind::Float {
            format!("{name}::double precision")
        } else {
            name
        }
    }

    fn type_fix(&self, declared: &str, column: &Column) -> &'static str {
        if declared.ends_with("[]") && column.kind == Kind::Json && column.items.is_none() {
            return "mark the field with `#[fastapi_users(array)]`, or change the column's type";
        }
        if declared.starts_with(ENUMERATION) && column.kind == Kind::Text {
            return "change the column's type, or use `PostgresStore`, which can store enumerations in fields of your own";
        }
        if varchar(declared).is_some() {
            "let the column be longer, or the field shorter with `#[fastapi_users(length(max = …))]`"
        } else {
            "change the column's type, or the field's"
        }
    }

    /// A quoted name is another one in capitals.
    fn is_same_name(&self, found: &str, wanted: &str) -> bool {
        found == wanted
    }

    /// What is the same in small letters is the collation's matter, which the column may have one of its own of, and an argument has
    /// from what it stands beside. The planner leaves the argument alone, so that the index serves.
    fn wanted_email(&self, table: &str, column: &str, placeholder: &str) -> String {
        format!(
            "lower(CASE WHEN TRUE THEN {placeholder} ELSE {} END)",
            self.qualified(table, column)
        )
    }

    /// A row that is about to be deleted: a transaction that refers to it waits, and then finds it deleted.
    fn for_update(&self) -> &'static str {
        " FOR UPDATE"
    }
}

/// The longest text of a type `character varying(…)`.
fn varchar(declared: &str) -> Option<u32> {
    declared
        .strip_prefix("character varying(")?
        .strip_suffix(')')?
        .parse()
        .ok()
}

/// A text as a literal, whatever the server takes a backslash for. One with a NUL is refused by the server.
fn text_literal(text: &str) -> String {
    let quoted = text.replace('\'', "''");
    if quoted.contains(['\\', '\0']) {
        return format!("E'{}'", quoted.replace('\\', "\\\\").replace('\0', "\\000"));
    }
    format!("'{quoted}'")
}

/// Bytes as `bytea` reads them.
fn hex(bytes: &[u8]) -> String {
    let mut hex = "\\x".to_owned();
    for byte in bytes {
        // Writing into a string cannot fail.
        let _ = write!(hex, "{byte:02X}");
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tables::plain;

    const STORES: PostgresDialect = PostgresDialect {
        sends_untyped: true,
    };

    fn holds(declared: &str, kind: Kind, max_length: Option<u32>) -> bool {
        let column = Column {
            max_length,
            ..plain("f", kind)
        };
        STORES.holds(declared, &column)
    }

    #[test]
    fn a_default_is_written_in_its_type() {
        let literals = [
            (Value::Null, "NULL"),
            (Value::Bool(true), "TRUE"),
            (Value::Int(i64::MIN), "-9223372036854775808"),
            (Value::Float(1.0), "'1.0'::double precision"),
            (
                Value::Float(f64::NEG_INFINITY),
                "'-Infinity'::double precision",
            ),
            (Value::Text("it's".into()), "'it''s'"),
            (Value::Text("a\\'".into()), "E'a\\\\'''"),
            (Value::Text("a\0".into()), "E'a\\000'"),
            (Value::Bytes(vec![0, 255]), "E'\\\\x00FF'::bytea"),
            (
                Value::Timestamp(chrono::DateTime::UNIX_EPOCH),
                "'1970-01-01 00:00:00.000000+00'::timestamptz",
            ),
            (
                Value::Uuid(uuid::Uuid::nil()),
                "'00000000-0000-0000-0000-000000000000'::uuid",
            ),
            (
                Value::Json(serde_json::json!({"a": "'\n"})),
                "E'{\"a\":\"''\\\\n\"}'::json",
            ),
        ];
        for (value, literal) in literals {
            assert_eq!(STORES.literal(&value), literal);
        }
    }

    #[test]
    fn types_that_lose_nothing_hold_a_field() {
        for (declared, kind, length) in [
            ("integer", Kind::SmallInt, None),
            ("bigint", Kind::Int, None),
            ("text", Kind::Text, Some(320)),
            ("character varying", Kind::Text, None),
            ("character varying(320)", Kind::Text, Some(320)),
            ("citext", Kind::Text, Some(320)),
            ("timestamp without time zone", Kind::Timestamp, None),
            ("jsonb", Kind::Json, None),
            ("numeric(12,2)", Kind::Float, None),
            ("enum plan", Kind::Text, None),
        ] {
            assert!(holds(declared, kind, length), "{declared} {kind:?}");
        }
        for (declared, kind, length) in [
            ("integer", Kind::BigInt, None),
            ("real", Kind::Float, None),
            ("numeric(16,2)", Kind::Float, None),
            ("numeric", Kind::Float, None),
            ("character varying(100)", Kind::Text, Some(101)),
            ("character varying(100)", Kind::Text, None),
            ("character(36)", Kind::Text, Some(36)),
            ("character(36)", Kind::Uuid, None),
            ("smallint", Kind::Bool, None),
            ("text", Kind::Json, None),
        ] {
            assert!(!holds(declared, kind, length), "{declared} {kind:?}");
        }
    }
}
