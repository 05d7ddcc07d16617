//! What differs between SQL databases in the text of a statement.

use crate::model::{Column, Kind, Value};

/// How one database writes SQL. Everything that is not here is the same text for every database.
pub trait Dialect: Send + Sync + 'static {
    /// The placeholder of the argument at a position, counted from 1.
    fn placeholder(&self, position: usize) -> String;

    /// A column's type, e.g. `VARCHAR(320)`.
    fn column_type(&self, column: &Column) -> String;

    /// What follows the column's name where the database assigns whole-number ids.
    fn assigned_id(&self, column: &Column) -> String;

    /// A value as a literal, for the `DEFAULT` of a column.
    fn literal(&self, value: &Value) -> String;

    /// Whether a column that was declared with this type can hold what the store puts there.
    fn holds(&self, declared: &str, column: &Column) -> bool;

    /// Whether a text may have a NUL character, which then comes back and can be looked for.
    fn holds_nul(&self) -> bool;

    /// Whether a table's column is the one that statements name so.
    fn is_same_name(&self, found: &str, wanted: &str) -> bool {
        found.eq_ignore_ascii_case(wanted)
    }

    /// What ends a `SELECT` so that its rows are kept from others until the transaction ends; empty where one that writes keeps
    /// everything from other writers.
    fn for_update(&self) -> &'static str {
        ""
    }

    /// What mends a column whose type does not fit.
    fn type_fix(&self, declared: &str) -> &'static str {
        let _ = declared;
        "change the column's type, or the field's"
    }

    /// A table's or column's name.
    fn quote(&self, name: &str) -> String {
        format!("\"{}\"", name.replace('"', "\"\""))
    }

    /// The form of an e-mail address that is compared and indexed.
    fn email_key(&self, expression: &str) -> String {
        format!("lower({expression})")
    }

    /// How many code points a text has.
    fn char_length(&self, expression: &str) -> String {
        format!("length({expression})")
    }

    /// What ends a statement that writes one row, so that it answers with the row as stored.
    fn returning(&self, columns: &str) -> String {
        format!(" RETURNING {columns}")
    }
}

/// Whether the database assigns ids of this kind.
pub(crate) fn assigns(kind: Kind) -> bool {
    matches!(kind, Kind::SmallInt | Kind::Int | Kind::BigInt)
}
