//! How SQLite writes SQL where its values are SeaORM's.

use chrono::SecondsFormat;

use crate::{
    store::{sql::dialect::Dialect, sqlite::dialect::HYPHENATED},
    value::{Column, Kind, Role, Value},
};

/// SQLite with the types that SeaORM declares and the values that it writes.
#[derive(Debug)]
pub(super) struct SeaOrmSqlite;

impl Dialect for SeaOrmSqlite {
    fn placeholder(&self, position: usize) -> String {
        HYPHENATED.placeholder(position)
    }

    fn column_type(&self, column: &Column) -> String {
        match column.kind {
            Kind::Float => "DOUBLE".into(),
            Kind::Uuid => "UUID_TEXT".into(),
            Kind::Timestamp => "TIMESTAMP_WITH_TIMEZONE_TEXT".into(),
            Kind::Date => "DATE_TEXT".into(),
            Kind::Time => "TIME_TEXT".into(),
            Kind::Json => "JSON_TEXT".into(),
            _ => HYPHENATED.column_type(column),
        }
    }

    fn assigned_id(&self, column: &Column) -> String {
        HYPHENATED.assigned_id(column)
    }

    fn literal(&self, value: &Value) -> String {
        match value {
            Value::Uuid(uuid) => HYPHENATED.literal(&Value::Bytes(uuid.as_bytes().to_vec())),
            Value::Timestamp(instant) => HYPHENATED.literal(&Value::Text(
                instant.to_rfc3339_opts(SecondsFormat::AutoSi, false),
            )),
            Value::Time(time) => HYPHENATED.literal(&Value::Text(time.format("%T%.f").to_string())),
            value => HYPHENATED.literal(value),
        }
    }

    /// An id and a tenant are looked for as 16 bytes, so a column of 32 or 36 characters holds those of others.
    fn holds(&self, declared: &str, column: &Column) -> bool {
        let is_uuid_text = ["CHAR(32)", "CHAR(36)"]
            .iter()
            .any(|text| declared.eq_ignore_ascii_case(text));
        let is_sought = matches!(column.role, Role::Id | Role::Tenant);
        let is_foreign = is_sought && column.kind == Kind::Uuid && is_uuid_text;
        !is_foreign && HYPHENATED.holds(declared, column)
    }

    fn has_other_form(&self, id: Kind, expression: &str) -> Option<String> {
        match id {
            Kind::Uuid => Some(format!(
                "(typeof({expression}) <> 'blob' OR length({expression}) <> 16)"
            )),
            id => HYPHENATED.has_other_form(id, expression),
        }
    }

    fn as_stored(&self, id: Kind) -> Kind {
        HYPHENATED.as_stored(id)
    }

    fn greatest(&self, one: &str, other: &str) -> String {
        HYPHENATED.greatest(one, other)
    }

    fn holds_nul(&self) -> bool {
        HYPHENATED.holds_nul()
    }
}
