//! Operations on described tables, described by data as well.
//!
//! An operation is a `static`: a store renders its statement once, at the first use, and keeps it. Its arguments come in a
//! [`Record`](super::Record) by name.

use super::Table;

/// A condition on a row.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Condition {
    /// The column equals the argument; text is compared exactly.
    Is(&'static str, &'static str),
    /// The column is not the argument, or is `NULL`.
    IsNot(&'static str, &'static str),
    /// The column is less than the argument.
    Less(&'static str, &'static str),
    /// The column is greater than the argument.
    Greater(&'static str, &'static str),
    /// The column is `NULL`.
    IsNull(&'static str),
    /// The column is not `NULL`.
    IsNotNull(&'static str),
}

impl Condition {
    /// The column is the argument of the same name.
    pub const fn is(column: &'static str) -> Self {
        Self::Is(column, column)
    }

    /// The column, and the name of the argument where there is one.
    pub const fn parts(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Is(column, argument)
            | Self::IsNot(column, argument)
            | Self::Less(column, argument)
            | Self::Greater(column, argument) => (column, Some(argument)),
            Self::IsNull(column) | Self::IsNotNull(column) => (column, None),
        }
    }
}

/// What a [`Change`] does to a column.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Assignment {
    /// The column becomes the argument.
    To(&'static str, &'static str),
    /// The column becomes `NULL`.
    Null(&'static str),
    /// A whole number grows by so much.
    Add(&'static str, i64),
}

impl Assignment {
    /// The column becomes the argument of the same name.
    pub const fn to(column: &'static str) -> Self {
        Self::To(column, column)
    }

    /// The column.
    pub const fn column(self) -> &'static str {
        match self {
            Self::To(column, _) | Self::Null(column) | Self::Add(column, _) => column,
        }
    }
}

/// Finds one row: the conditions name a unique combination of columns.
#[derive(Debug)]
#[non_exhaustive]
pub struct Find {
    /// The table.
    pub table: &'static Table,
    /// Which row.
    pub by: &'static [Condition],
    /// The columns that the answer has at least; every column where none is named.
    pub columns: &'static [&'static str],
}

impl Find {
    /// Finds the row of a table that meets these conditions, with every column.
    pub const fn new(table: &'static Table, by: &'static [Condition]) -> Self {
        Self {
            table,
            by,
            columns: &[],
        }
    }

    /// Reads these columns only, where the database can.
    #[must_use]
    pub const fn columns(mut self, columns: &'static [&'static str]) -> Self {
        self.columns = columns;
        self
    }
}

/// Lists rows.
#[derive(Debug)]
pub struct List {
    /// The table.
    pub table: &'static Table,
    /// Which rows.
    pub of: &'static [Condition],
    /// The column to sort by; the primary key decides between equals, in the same direction.
    pub by: &'static str,
    /// Whether the greatest comes first.
    pub descending: bool,
}

/// Changes the rows that meet the conditions: compare and set.
///
/// Of several at once on one row, each sees what the one before it has written: where an assignment makes a condition false,
/// exactly one wins.
#[derive(Debug)]
pub struct Change {
    /// The table.
    pub table: &'static Table,
    /// Which rows, and what must hold.
    pub by: &'static [Condition],
    /// What changes.
    pub set: &'static [Assignment],
}

/// Deletes one row and answers with it: of several at once, exactly one gets it.
#[derive(Debug)]
pub struct Take {
    /// The table.
    pub table: &'static Table,
    /// Which row, and what must hold.
    pub by: &'static [Condition],
}

/// Deletes rows.
#[derive(Debug)]
pub struct Delete {
    /// The table.
    pub table: &'static Table,
    /// Which rows.
    pub of: &'static [Condition],
}
