//! Which columns of MySQL and MariaDB can hold a field.

use super::values::UuidForm;
use crate::{
    store::sql::dialect::{holds_float, holds_text},
    value::{Column, Kind, Role},
};

/// A column of another type is fine where it holds every value of the field, or the server refuses the others, and where it
/// gives them back as they were; but `DATETIME`, `TIMESTAMP` and `TIME` may keep whole seconds only, as the original's do.
pub(super) fn holds(uuids: UuidForm, declared: &str, column: &Column) -> bool {
    let declared = declared.to_ascii_lowercase();
    // Old servers tell how many digits they would show of a number.
    let name = declared.split(['(', ' ']).next().unwrap_or_default();
    let is_generated = declared.contains(" as (");
    let is = |names: &[&str]| names.contains(&name) && !is_generated;
    // The database assigns ids, so that one of another range serves as well.
    let is_id = column.role == Role::Id;
    match column.kind {
        Kind::Bool => is(&["tinyint"]) && !declared.contains("unsigned"),
        Kind::SmallInt | Kind::Int | Kind::BigInt if is_id => {
            is(&["smallint", "mediumint", "int", "bigint"])
        }
        Kind::SmallInt => is(&["smallint", "mediumint", "int", "bigint"]),
        Kind::Int => is(&["int", "bigint"]),
        Kind::BigInt => is(&["bigint"]),
        Kind::Float => is(&["double"]) || holds_float(&declared, "decimal") && !is_generated,
        Kind::Text => match varchar(&declared) {
            Some(limit) if is_id => column.max_length.is_none_or(|length| length <= limit),
            Some(limit) => holds_text(limit, column),
            None => {
                is(&["text", "mediumtext", "longtext"])
                    || is(&["enum"]) && column.role == Role::Extra
            }
        },
        Kind::ObjectId => {
            declared == "char(24)" || varchar(&declared).is_some_and(|limit| limit >= 24)
        }
        Kind::Bytes => is(&["blob", "mediumblob", "longblob"]),
        Kind::Uuid => match uuids {
            UuidForm::Hyphenated => ["char(36)", "varchar(36)", "uuid"].contains(&&*declared),
            UuidForm::Simple => ["char(32)", "varchar(32)"].contains(&&*declared),
            UuidForm::Bytes => ["binary(16)", "varbinary(16)"].contains(&&*declared),
        },
        Kind::Timestamp => is(&["datetime", "timestamp"]),
        Kind::Date => is(&["date"]),
        Kind::Time => is(&["time"]),
        Kind::Json => is(&["json", "longtext", "mediumtext", "text"]),
    }
}

/// What mends a column whose type does not fit.
pub(super) fn fix(uuids: UuidForm, declared: &str, column: &Column) -> &'static str {
    if column.kind == Kind::Uuid {
        return match (declared, uuids) {
            ("char(32)" | "varchar(32)", UuidForm::Hyphenated | UuidForm::Bytes) => {
                "call `.uuids_without_hyphens()` on the store"
            }
            ("binary(16)" | "varbinary(16)", UuidForm::Hyphenated | UuidForm::Simple) => {
                "call `.uuids_as_bytes()` on the store"
            }
            ("char(36)" | "varchar(36)" | "uuid", UuidForm::Simple | UuidForm::Bytes) => {
                "do not call `.uuids_without_hyphens()` or `.uuids_as_bytes()` on the store"
            }
            _ => "change the column's type, or the field's",
        };
    }
    if varchar(declared).is_some() {
        "let the column be longer, or the field shorter with `#[fastapi_users(length(max = …))]`"
    } else {
        "change the column's type, or the field's"
    }
}

/// The longest text of a type `varchar(…)` or `char(…)`.
fn varchar(declared: &str) -> Option<u32> {
    declared
        .strip_prefix("varchar(")?
        .strip_suffix(')')?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tables::plain;

    fn holds(declared: &str, kind: Kind, max_length: Option<u32>) -> bool {
        let column = Column {
            max_length,
            ..plain("f", kind)
        };
        super::holds(UuidForm::Hyphenated, declared, &column)
    }

    #[test]
    fn types_that_lose_nothing_hold_a_field() {
        for (declared, kind, length) in [
            ("tinyint(1)", Kind::Bool, None),
            ("int(11)", Kind::SmallInt, None),
            ("int", Kind::Int, None),
            ("bigint(20)", Kind::Int, None),
            ("varchar(320)", Kind::Text, Some(320)),
            ("text", Kind::Text, Some(320)),
            ("longtext", Kind::Text, None),
            ("char(36)", Kind::Uuid, None),
            ("uuid", Kind::Uuid, None),
            ("datetime(6)", Kind::Timestamp, None),
            ("datetime", Kind::Timestamp, None),
            ("timestamp", Kind::Timestamp, None),
            ("longtext", Kind::Json, None),
            ("bigint(20) unsigned", Kind::BigInt, None),
            ("int unsigned", Kind::Int, None),
            ("decimal(10,2)", Kind::Float, None),
            ("enum('free','paid')", Kind::Text, None),
        ] {
            assert!(holds(declared, kind, length), "{declared} {kind:?}");
        }
        for (declared, kind, length) in [
            ("int(11)", Kind::BigInt, None),
            ("tinyint(3) unsigned", Kind::Bool, None),
            ("float", Kind::Float, None),
            ("decimal(16,2)", Kind::Float, None),
            ("varchar(100)", Kind::Text, Some(101)),
            ("varchar(100)", Kind::Text, None),
            ("tinytext", Kind::Text, Some(10)),
            ("char(36)", Kind::Text, Some(36)),
            ("char(32)", Kind::Uuid, None),
            ("binary(16)", Kind::Uuid, None),
            ("bit(1)", Kind::Bool, None),
            ("varchar(10) generated always as (x)", Kind::Text, Some(10)),
            ("varbinary(10)", Kind::Bytes, None),
        ] {
            assert!(!holds(declared, kind, length), "{declared} {kind:?}");
        }
    }
}
