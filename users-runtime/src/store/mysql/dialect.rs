//! How MySQL and MariaDB write SQL.

use std::fmt::Write;

use super::{
    types,
    values::{Stored, UuidForm, stored},
};
use crate::{
    store::sql::{
        dialect::{Dialect, Index, KeyColumn},
        names::fitting,
    },
    value::{Column, Kind, Role, Value},
};

/// MySQL 8.0.13 or newer, and MariaDB 10.3 or newer.
#[derive(Debug)]
pub(super) struct MySqlDialect {
    /// How UUIDs are written.
    pub(super) uuids: UuidForm,
}

/// With the hyphens of the adapter's `GUID`.
pub(super) static HYPHENATED: MySqlDialect = MySqlDialect {
    uuids: UuidForm::Hyphenated,
};
/// Without.
pub(super) static SIMPLE: MySqlDialect = MySqlDialect {
    uuids: UuidForm::Simple,
};
/// As 16 bytes.
pub(super) static BYTES: MySqlDialect = MySqlDialect {
    uuids: UuidForm::Bytes,
};

/// The longest text that is kept in the row, and that an index can be on together with another.
const LONGEST_VARCHAR: u32 = 1024;

/// The longest id that is a text, for a type that does not say how long it may be.
const LONGEST_ID: u32 = 255;

impl Dialect for MySqlDialect {
    fn placeholder(&self, _position: usize) -> String {
        "?".into()
    }

    fn column_type(&self, column: &Column) -> String {
        match (column.kind, column.max_length) {
            (Kind::Bool, _) => "BOOL".into(),
            (Kind::SmallInt, _) => "SMALLINT".into(),
            (Kind::Int, _) => "INTEGER".into(),
            (Kind::BigInt, _) => "BIGINT".into(),
            (Kind::Float, _) => "DOUBLE".into(),
            (Kind::Text, Some(length)) if length <= LONGEST_VARCHAR => format!("VARCHAR({length})"),
            (Kind::Text, None) if column.role == Role::Id => format!("VARCHAR({LONGEST_ID})"),
            (Kind::Text, _) => "LONGTEXT".into(),
            (Kind::Bytes, _) => "LONGBLOB".into(),
            (Kind::ObjectId, _) => "CHAR(24)".into(),
            (Kind::Uuid, _) => match self.uuids {
                UuidForm::Hyphenated => "CHAR(36)".into(),
                UuidForm::Simple => "CHAR(32)".into(),
                UuidForm::Bytes => "BINARY(16)".into(),
            },
            (Kind::Timestamp, _) => "DATETIME(6)".into(),
            (Kind::Date, _) => "DATE".into(),
            (Kind::Time, _) => "TIME(6)".into(),
            (Kind::Json, _) => "JSON".into(),
        }
    }

    fn assigned_id(&self, column: &Column) -> String {
        format!(
            "{} NOT NULL PRIMARY KEY AUTO_INCREMENT",
            self.column_type(column)
        )
    }

    /// In brackets, because MySQL has no other default for a long text, for bytes and for a document.
    fn literal(&self, value: &Value) -> String {
        match stored(value.clone(), self.uuids) {
            Stored::Value(Value::Bool(flag)) => format!("({})", u8::from(flag)),
            Stored::Value(Value::Int(number)) => format!("({number})"),
            // Without an exponent, it would be a decimal number, of other digits.
            Stored::Value(Value::Float(number)) => format!("({number:e})"),
            Stored::Value(Value::Bytes(bytes)) => format!("(X'{}')", hex(&bytes)),
            Stored::Value(Value::Date(date)) => format!("('{date}')"),
            Stored::Value(Value::Time(time)) => format!("('{}')", time.format("%H:%M:%S%.6f")),
            Stored::Value(Value::Timestamp(instant)) => {
                format!("('{}')", instant.format("%Y-%m-%d %H:%M:%S%.6f"))
            }
            Stored::Text(text) if text.bytes().all(is_plain) => {
                format!("('{}')", text.replace('\'', "''"))
            }
            // Whatever the connection's character set is. With an introducer, MariaDB keeps other letters and backslashes wrongly.
            Stored::Text(text) => format!("(CONVERT(X'{}' USING utf8mb4))", hex(text.as_bytes())),
            // Every other value is stored as a text.
            Stored::Null | Stored::Value(_) => "NULL".into(),
        }
    }

    fn holds(&self, declared: &str, column: &Column) -> bool {
        types::holds(self.uuids, declared, column)
    }

    fn holds_nul(&self) -> bool {
        true
    }

    /// The server would keep another number.
    fn holds_infinity(&self) -> bool {
        false
    }

    /// As long as the ids are, which may be texts.
    fn holds_reference(&self, declared: &str, id: &Column) -> bool {
        self.holds(declared, id)
    }

    /// With a collation that ignores case, capitals are found.
    fn has_other_form(&self, id: Kind, expression: &str) -> Option<String> {
        let has_capitals = format!("{expression} <> LOWER({expression})");
        match id {
            Kind::Uuid => match self.uuids {
                UuidForm::Hyphenated => Some(format!(
                    "(CHAR_LENGTH({expression}) <> 36 OR {has_capitals})"
                )),
                UuidForm::Simple => Some(format!(
                    "(CHAR_LENGTH({expression}) <> 32 OR {has_capitals})"
                )),
                UuidForm::Bytes => None,
            },
            Kind::ObjectId => Some(has_capitals),
            _ => None,
        }
    }

    fn as_stored(&self, id: Kind) -> Kind {
        match (id, self.uuids) {
            (Kind::Uuid, UuidForm::Bytes) => Kind::Bytes,
            (Kind::Uuid | Kind::ObjectId, _) => Kind::Text,
            _ => id,
        }
    }

    fn for_update(&self) -> &'static str {
        " FOR UPDATE"
    }

    fn type_fix(&self, declared: &str, column: &Column) -> &'static str {
        types::fix(self.uuids, declared, column)
    }

    fn longest_name(&self) -> Option<usize> {
        Some(64)
    }

    fn quote(&self, name: &str) -> String {
        format!("`{}`", name.replace('`', "``"))
    }

    /// Bytes: a collation that ignores case takes other letters for the same as well, and nearly all ignore blanks at the end.
    fn email_key(&self, expression: &str) -> String {
        format!("CAST(LOWER(CONVERT({expression} USING utf8mb4) COLLATE utf8mb4_bin) AS BINARY)")
    }

    fn char_length(&self, expression: &str) -> String {
        format!("char_length({expression})")
    }

    fn indexed_email(&self, table: &str, column: &str) -> String {
        self.qualified(table, &key_name(column))
    }

    /// MySQL refuses a subquery on the table that is updated.
    fn updates_see_others(&self) -> bool {
        false
    }

    /// MariaDB has no index on an expression. The column is stored, since both servers have had trouble with indexes on others.
    fn key_column(&self, email: &Column) -> Option<KeyColumn> {
        Some(self.email_key_column(email.name, email.max_length))
    }

    /// Most collations take ids for the same that differ in case, accents or blanks at the end.
    fn account_key_column(&self, account_id: &Column) -> Option<KeyColumn> {
        let bytes = account_id.max_length?.saturating_mul(4);
        Some(self.key(
            key_name(account_id.name),
            bytes,
            self.exact(&self.quote(account_id.name)),
        ))
    }

    /// Each server writes the expression in a form of its own.
    fn is_key_column(&self, declared: &str, key: &KeyColumn) -> bool {
        let plain = |text: &str| {
            text.chars()
                .filter(|character| !" ()`".contains(*character))
                .collect::<String>()
        };
        let declared = plain(&declared.to_ascii_lowercase()).replace("lcase", "lower");
        let key = plain(&key.expression.to_ascii_lowercase());
        let Some((_, expression)) = declared.split_once("generatedalwaysas") else {
            return false;
        };
        let rest = expression.strip_prefix(key.trim_end_matches("asbinary"));
        declared.starts_with("varbinary") && rest.is_some_and(|rest| rest.starts_with("as"))
    }

    /// The first half is what an index is searched for; the second knows capitals, accents and blanks at the end, which the
    /// collation of a table that was taken over may not.
    fn text_equals(&self, column: &str, placeholder: &str) -> String {
        format!(
            "({column} = {placeholder} AND {} = {})",
            self.exact(column),
            self.exact(placeholder)
        )
    }

    fn exact(&self, column: &str) -> String {
        format!("CAST(CONVERT({column} USING utf8mb4) AS BINARY)")
    }

    fn arguments_of_text_equals(&self) -> usize {
        2
    }

    /// MySQL cannot create an index only if there is none of its name.
    fn create_index(&self, index: &Index<'_>) -> String {
        let unique = if index.is_unique { "UNIQUE " } else { "" };
        let Index {
            name, table, on, ..
        } = index;
        format!(
            "CREATE {unique}INDEX {} ON {} ({on})",
            self.quote(name),
            self.quote(table)
        )
    }

    fn drop_index(&self, table: &str, name: &str) -> String {
        format!("DROP INDEX {} ON {}", self.quote(name), self.quote(table))
    }

    fn creates_indexes_with_tables(&self) -> bool {
        true
    }

    /// Transactions and foreign keys need the engine. Text is compared exactly.
    fn table_options(&self) -> &'static str {
        " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin"
    }

    fn deletes_portions(&self) -> bool {
        true
    }

    /// MySQL has no `RETURNING`, and MariaDB has none for `UPDATE`.
    fn returning(&self, _columns: &str) -> String {
        String::new()
    }
}

impl MySqlDialect {
    /// The column beside that of the e-mail address.
    pub(super) fn email_key_column(&self, email: &str, max_length: Option<u32>) -> KeyColumn {
        let bytes = max_length.unwrap_or(LONGEST_ID).saturating_mul(4);
        self.key(key_name(email), bytes, self.email_key(&self.quote(email)))
    }

    /// A column that the server fills with what an expression says.
    fn key(&self, name: String, bytes: u32, expression: String) -> KeyColumn {
        let column = self.quote(&name);
        let definition =
            format!("{column} VARBINARY({bytes}) GENERATED ALWAYS AS ({expression}) STORED");
        KeyColumn {
            name,
            definition,
            expression,
        }
    }
}

/// The name of the column that holds the key of another.
fn key_name(email: &str) -> String {
    fitting(&HYPHENATED, format!("{email}_key"))
}

/// Whether a byte of a literal is the same in every character set and mode.
fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && byte != b'\\'
}

fn hex(bytes: &[u8]) -> String {
    let mut hex = String::new();
    for byte in bytes {
        // Writing into a string cannot fail.
        let _ = write!(hex, "{byte:02X}");
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_default_is_an_expression() {
        let literals = [
            (Value::Null, "NULL"),
            (Value::Bool(true), "(1)"),
            (Value::Int(i64::MIN), "(-9223372036854775808)"),
            (Value::Float(0.1), "(1e-1)"),
            (Value::Text("it's".into()), "('it''s')"),
            (
                Value::Text("a\\'".into()),
                "(CONVERT(X'615C27' USING utf8mb4))",
            ),
            (Value::Text("ä".into()), "(CONVERT(X'C3A4' USING utf8mb4))"),
            (
                Value::Text("a\0".into()),
                "(CONVERT(X'6100' USING utf8mb4))",
            ),
            (Value::Bytes(vec![0, 255]), "(X'00FF')"),
            (
                Value::Timestamp(chrono::DateTime::UNIX_EPOCH),
                "('1970-01-01 00:00:00.000000')",
            ),
            (
                Value::Uuid(uuid::Uuid::nil()),
                "('00000000-0000-0000-0000-000000000000')",
            ),
            (Value::Json(serde_json::json!({"a": 1})), "('{\"a\":1}')"),
        ];
        for (value, literal) in literals {
            assert_eq!(HYPHENATED.literal(&value), literal);
        }
    }

    #[test]
    fn a_key_is_recognised_in_the_form_of_each_server() {
        let key = HYPHENATED.email_key_column("email", Some(320));
        let is_key = |declared: &str| HYPHENATED.is_key_column(declared, &key);
        // MariaDB's form, MySQL's, and that of a dump.
        let mariadb = "cast(lcase(convert(`email` using utf8mb4) collate utf8mb4_bin) as char charset binary)";
        let mysql = "cast(lower((convert(`email` using utf8mb4) collate utf8mb4_bin)) as char charset binary)";
        for expression in [mariadb, mysql, &HYPHENATED.email_key("email")] {
            assert!(
                is_key(&format!(
                    "varbinary(1280) generated always as ({expression})"
                )),
                "{expression}"
            );
        }
        for declared in [
            "varbinary(1280)",
            "varchar(320) generated always as (lcase(`email`))",
            "varbinary(1280) generated always as (cast(ucase(convert(`email` using utf8mb4)) as char charset binary))",
            "varbinary(1280) generated always as (cast(lcase(convert(`name` using utf8mb4) collate utf8mb4_bin) as char charset binary))",
        ] {
            assert!(!is_key(declared), "{declared}");
        }
    }
}
