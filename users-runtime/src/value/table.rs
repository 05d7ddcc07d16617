//! Tables beside the users' own, described by data.

use super::Kind;

/// A table beside the users' own.
///
/// A store creates it at `migrate`, checks it, examines it and deletes its rows with the user whom they
/// belong to; none of its statements is written by hand.
///
/// ```
/// use users_runtime::store::records::{RecordColumn, Table};
///
/// static ADDRESSES: Table = Table::new(
///     "address",
///     &[
///         RecordColumn::text("id", 36),
///         RecordColumn::owner("user_id"),
///         RecordColumn::text("street", 200),
///         RecordColumn::text("label", 50).nullable(),
///     ],
/// )
/// .indexes(&[&["user_id"]]);
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Table {
    /// The table's name, or the collection's, before the store's prefix.
    pub name: &'static str,
    /// The columns; the first is the primary key.
    pub columns: &'static [RecordColumn],
    /// Columns, or combinations of columns, that no two rows may share. `NULL`s differ from one another.
    pub unique: &'static [&'static [&'static str]],
    /// Further columns, or combinations of columns, to find rows by.
    pub indexes: &'static [&'static [&'static str]],
    /// The column of the instant from which a row may be purged; `None` where rows stay.
    pub expiry: Option<&'static str>,
}

impl Table {
    /// A table with these columns. The first one is the primary key: a text that the caller chooses.
    ///
    /// # Panics
    ///
    /// At compile time: without a column, where the first is no text or may be `NULL`, and with two owners.
    pub const fn new(name: &'static str, columns: &'static [RecordColumn]) -> Self {
        assert!(!columns.is_empty(), "a table has a primary key at least");
        assert!(
            matches!(columns[0].kind, RecordKind::Value(Kind::Text)) && !columns[0].nullable,
            "the first column is the primary key: a text that is not NULL"
        );
        let mut owners = 0;
        let mut position = 0;
        while position < columns.len() {
            if matches!(columns[position].kind, RecordKind::Owner) {
                owners += 1;
            }
            position += 1;
        }
        assert!(owners <= 1, "a row belongs to one user at most");
        Self {
            name,
            columns,
            unique: &[],
            indexes: &[],
            expiry: None,
        }
    }

    /// Combinations of columns that no two rows may share.
    #[must_use]
    pub const fn unique(mut self, unique: &'static [&'static [&'static str]]) -> Self {
        self.unique = unique;
        self
    }

    /// Combinations of columns to find rows by.
    #[must_use]
    pub const fn indexes(mut self, indexes: &'static [&'static [&'static str]]) -> Self {
        self.indexes = indexes;
        self
    }

    /// The column, an [instant](RecordColumn::instant), from which on a row may be purged.
    #[must_use]
    pub const fn expiry(mut self, column: &'static str) -> Self {
        self.expiry = Some(column);
        self
    }

    /// The primary key.
    pub const fn key(&self) -> &'static RecordColumn {
        &self.columns[0]
    }

    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<&'static RecordColumn> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The column with the id of the user whom a row belongs to.
    pub fn owner(&self) -> Option<&'static RecordColumn> {
        self.columns
            .iter()
            .find(|column| column.kind == RecordKind::Owner)
    }
}

/// A column of a [`Table`].
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct RecordColumn {
    /// The column's name.
    pub name: &'static str,
    /// What it holds.
    pub kind: RecordKind,
    /// Whether it may be `NULL`.
    pub nullable: bool,
    /// The longest text, in code points; `None` for text without a limit and for other kinds.
    pub max_length: Option<u32>,
}

/// What a [`RecordColumn`] holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecordKind {
    /// The id of a user, in the form of the users' own table, with a foreign key whose rows are deleted with the user.
    Owner,
    /// Anything else.
    Value(Kind),
}

impl RecordColumn {
    const fn of(name: &'static str, kind: RecordKind) -> Self {
        Self {
            name,
            kind,
            nullable: false,
            max_length: None,
        }
    }

    /// A text of at most `max_length` code points.
    pub const fn text(name: &'static str, max_length: u32) -> Self {
        let mut column = Self::of(name, RecordKind::Value(Kind::Text));
        column.max_length = Some(max_length);
        column
    }

    /// The id of the user whom the row belongs to.
    pub const fn owner(name: &'static str) -> Self {
        Self::of(name, RecordKind::Owner)
    }

    /// An instant that can be compared and added to: microseconds since the Unix epoch, in 64 bits.
    pub const fn instant(name: &'static str) -> Self {
        Self::value(name, Kind::BigInt)
    }

    /// A column of another kind.
    pub const fn value(name: &'static str, kind: Kind) -> Self {
        Self::of(name, RecordKind::Value(kind))
    }

    /// The column, which may be `NULL`.
    #[must_use]
    pub const fn nullable(mut self) -> Self {
        self.nullable = true;
        self
    }
}
