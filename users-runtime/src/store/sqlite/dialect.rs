//! How SQLite writes SQL.

use std::fmt::Write;

use super::values::{Stored, UuidText, stored};
use crate::{
    store::sql::dialect::Dialect,
    value::{Column, Kind, Role, Value},
};

/// SQLite 3.35 or newer, which has `RETURNING`; sqlx brings its own.
#[derive(Debug)]
pub(in crate::store) struct SqliteDialect {
    /// How UUIDs are written.
    pub(in crate::store) uuids: UuidText,
}

/// With the hyphens of the adapter's `GUID`.
pub(in crate::store) static HYPHENATED: SqliteDialect = SqliteDialect {
    uuids: UuidText::Hyphenated,
};
/// Without, as SQLAlchemy's own `Uuid` has it.
pub(super) static SIMPLE: SqliteDialect = SqliteDialect {
    uuids: UuidText::Simple,
};

impl Dialect for SqliteDialect {
    fn placeholder(&self, position: usize) -> String {
        format!("?{position}")
    }

    fn column_type(&self, column: &Column) -> String {
        match (column.kind, column.max_length) {
            (Kind::Bool, _) => "BOOLEAN".into(),
            (Kind::SmallInt, _) => "SMALLINT".into(),
            (Kind::Int, _) => "INTEGER".into(),
            (Kind::BigInt, _) => "BIGINT".into(),
            (Kind::Float, _) => "FLOAT".into(),
            (Kind::Text, Some(length)) => format!("VARCHAR({length})"),
            (Kind::Text, None) => "VARCHAR".into(),
            (Kind::Bytes, _) => "BLOB".into(),
            (Kind::Uuid, _) if self.uuids == UuidText::Simple => "CHAR(32)".into(),
            (Kind::Uuid, _) => "CHAR(36)".into(),
            (Kind::ObjectId, _) => "CHAR(24)".into(),
            (Kind::Timestamp, _) => "TIMESTAMP".into(),
            (Kind::Date, _) => "DATE".into(),
            (Kind::Time, _) => "TIME".into(),
            // In a column that is called JSON, SQLite turns the document `1.0` into the number 1.
            (Kind::Json, _) => "TEXT".into(),
        }
    }

    /// `AUTOINCREMENT`, or the id of a deleted user is given to the next, together with the tokens that are still about.
    fn assigned_id(&self, _column: &Column) -> String {
        "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT".into()
    }

    fn literal(&self, value: &Value) -> String {
        match stored(value.clone(), self.uuids) {
            Stored::Null => "NULL".into(),
            Stored::Int(number) => number.to_string(),
            Stored::Real(number) if number.is_infinite() => {
                format!("{}9e999", if number < 0.0 { "-" } else { "" })
            }
            Stored::Real(number) => format!("{number:?}"),
            // A statement ends at a NUL.
            Stored::Text(text) if text.contains('\0') => {
                format!("(CAST({} AS TEXT))", hex_literal(text.as_bytes()))
            }
            Stored::Text(text) => format!("'{}'", text.replace('\'', "''")),
            Stored::Blob(bytes) => hex_literal(&bytes),
        }
    }

    /// SQLite stores anything anywhere, but converts some of it: what counts is the type's affinity.
    ///
    /// An id and a tenant are looked for in the form in which the store writes them, so the column's must be the same. In other columns
    /// both are read.
    fn holds(&self, declared: &str, column: &Column) -> bool {
        let declared = declared.to_ascii_uppercase();
        let other_uuid = if self.uuids == UuidText::Simple {
            "CHAR(36)"
        } else {
            "CHAR(32)"
        };
        let is_sought = matches!(column.role, Role::Id | Role::Tenant);
        if is_sought && column.kind == Kind::Uuid && declared == other_uuid {
            return false;
        }
        let has = |names: &[&str]| names.iter().any(|name| declared.contains(name));
        let (is_integer, is_text) = (has(&["INT"]), has(&["CHAR", "CLOB", "TEXT"]));
        let is_real = has(&["REAL", "FLOA", "DOUB"]);
        let is_blob = declared.is_empty() || has(&["BLOB"]);
        match column.kind {
            Kind::Bool | Kind::SmallInt | Kind::Int | Kind::BigInt => {
                is_integer || !(is_text || is_real)
            }
            Kind::Float => is_real || !is_text,
            // A text of digits would come back as a number.
            Kind::Text | Kind::ObjectId => !is_integer && (is_text || is_blob),
            Kind::Bytes => !is_integer && is_blob,
            Kind::Uuid | Kind::Timestamp | Kind::Date | Kind::Time | Kind::Json => {
                is_text || !(is_integer || is_real)
            }
        }
    }

    /// A column that compares without regard to case compares so here, too.
    fn has_other_form(&self, id: Kind, expression: &str) -> Option<String> {
        let digits = if self.uuids == UuidText::Simple {
            32
        } else {
            36
        };
        let is_no = |storage: &str| format!("typeof({expression}) <> '{storage}'");
        let has_capitals = format!("{expression} <> lower({expression})");
        match id {
            Kind::Uuid => Some(format!(
                "({} OR length({expression}) <> {digits} OR {has_capitals})",
                is_no("text")
            )),
            Kind::ObjectId => Some(format!("({} OR {has_capitals})", is_no("text"))),
            Kind::Text => Some(is_no("text")),
            Kind::SmallInt | Kind::Int | Kind::BigInt => Some(is_no("integer")),
            _ => None,
        }
    }

    /// Whatever is in a column that is said to have bytes is passed on.
    fn as_stored(&self, _id: Kind) -> Kind {
        Kind::Bytes
    }

    fn greatest(&self, one: &str, other: &str) -> String {
        format!("max({one}, {other})")
    }

    /// SQLite counts bytes where a text is bound, compared, lowered or read; only SQL itself ends at a NUL.
    fn holds_nul(&self) -> bool {
        true
    }

    fn type_fix(&self, declared: &str, _column: &Column) -> &'static str {
        match (declared.to_ascii_uppercase().as_str(), self.uuids) {
            ("CHAR(32)", UuidText::Hyphenated) => "call `.uuids_without_hyphens()` on the store",
            ("CHAR(36)", UuidText::Simple) => "do not call `.uuids_without_hyphens()` on the store",
            _ => "change the column's type, or the field's",
        }
    }
}

/// Bytes as a literal.
fn hex_literal(bytes: &[u8]) -> String {
    let mut hex = String::new();
    for byte in bytes {
        // Writing into a string cannot fail.
        let _ = write!(hex, "{byte:02X}");
    }
    format!("X'{hex}'")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(declared: &str, kind: Kind) -> bool {
        let role = Role::Extra;
        let column = Column {
            field: "f",
            name: "f",
            role,
            kind,
            nullable: false,
            max_length: None,
            default: None,
            is_updated_at: false,
            items: None,
            doc: "",
            example: None,
        };
        HYPHENATED.holds(declared, &column)
    }

    #[test]
    fn a_default_is_written_as_sqlite_stores_it() {
        let literals = [
            (Value::Null, "NULL"),
            (Value::Bool(true), "1"),
            (Value::Int(i64::MIN), "-9223372036854775808"),
            (Value::Float(1.0), "1.0"),
            (Value::Float(f64::NEG_INFINITY), "-9e999"),
            (Value::Text("it's".into()), "'it''s'"),
            (Value::Text("a\0'".into()), "(CAST(X'610027' AS TEXT))"),
            (Value::Bytes(vec![0, 255]), "X'00FF'"),
            (
                Value::Timestamp(chrono::DateTime::UNIX_EPOCH),
                "'1970-01-01 00:00:00.000000'",
            ),
            (
                Value::Uuid(uuid::Uuid::nil()),
                "'00000000-0000-0000-0000-000000000000'",
            ),
            (Value::Json(serde_json::json!({"a": 1})), "'{\"a\":1}'"),
        ];
        for (value, literal) in literals {
            assert_eq!(HYPHENATED.literal(&value), literal);
        }
    }

    #[test]
    fn types_that_convert_values_do_not_hold_them() {
        for (declared, kind) in [
            ("BOOLEAN", Kind::Bool),
            ("BIGINT", Kind::BigInt),
            ("NUMERIC(10, 2)", Kind::Float),
            ("NVARCHAR(10)", Kind::Text),
            ("DATETIME", Kind::Timestamp),
            ("JSON", Kind::Json),
            ("CHAR(32)", Kind::Uuid),
            ("", Kind::Bytes),
        ] {
            assert!(holds(declared, kind), "{declared} {kind:?}");
        }
        for (declared, kind) in [
            ("STRING", Kind::Text),
            ("INTEGER", Kind::Text),
            ("TEXT", Kind::Int),
            ("VARCHAR", Kind::Bool),
            ("REAL", Kind::Timestamp),
            ("TEXT", Kind::Bytes),
        ] {
            assert!(!holds(declared, kind), "{declared} {kind:?}");
        }
    }
}
