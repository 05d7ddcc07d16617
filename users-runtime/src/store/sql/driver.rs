//! What the SQL stores need of one database's driver.

use std::error::Error as StdError;

use async_trait::async_trait;
use sqlx::SqlStr;

use super::{again::Undone, dialect::Dialect};
use crate::{
    store::{SharedTransaction, StoreError},
    value::{Column, Kind, Role, RowError, Value},
};

/// A statement and its arguments.
#[derive(Clone)]
pub struct Query {
    /// The text, with placeholders.
    pub sql: SqlStr,
    /// One argument per placeholder.
    pub arguments: Vec<Argument>,
}

impl Query {
    /// A statement whose arguments are texts.
    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    pub(in crate::store) fn on_texts(sql: &'static str, texts: &[&str]) -> Self {
        let argument = |text: &&str| Argument::new(Kind::Text, Value::Text((*text).to_owned()));
        Self {
            sql: SqlStr::from_static(sql),
            arguments: texts.iter().map(argument).collect(),
        }
    }
}

/// An argument of a statement; its kind decides how `NULL` is bound.
#[derive(Clone)]
pub struct Argument {
    /// What the column holds.
    pub kind: Kind,
    /// The value, which fits the kind.
    pub value: Value,
    /// Whether the database may choose the type, because the value goes into a column, which may be an enumeration.
    pub is_untyped: bool,
    /// What the items of a native array are.
    pub items: Option<Kind>,
}

impl Argument {
    /// An argument of its kind's own type.
    pub(in crate::store) const fn new(kind: Kind, value: Value) -> Self {
        Self {
            kind,
            value,
            is_untyped: false,
            items: None,
        }
    }

    /// An argument of a column's own type.
    pub(in crate::store) const fn of(column: &Column, value: Value) -> Self {
        Self {
            kind: column.kind,
            value,
            is_untyped: false,
            items: column.items,
        }
    }
}

/// A statement that writes one row, and answers with it as stored where the database's statements can.
#[derive(Clone)]
pub struct Write<'a> {
    /// The statement.
    pub query: Query,
    /// Reads the row by its id, where they cannot.
    pub find: &'a SqlStr,
    /// Where the row's id is among the arguments; `None` where the database assigns it.
    pub id: Option<usize>,
}

/// The rows of an answer, their values in the order of the columns that were asked for.
pub(crate) type Rows = Vec<Vec<Value>>;

/// One database: runs statements on a pool.
///
/// The futures are boxed, so that the library of the database is compiled in this crate, not in the application's for each of its users.
#[async_trait]
pub trait Driver: Clone + Send + Sync + 'static {
    /// A transaction on one connection of the pool.
    type Transaction: Transaction;

    /// How the database writes SQL.
    fn dialect(&self) -> &'static dyn Dialect;

    /// The same on a transaction of the application; `None` for one of another database.
    fn within(&self, transaction: &SharedTransaction) -> Option<Self>;

    /// Whether the statements run on a transaction of the application.
    fn is_within(&self) -> bool;

    /// Runs a statement outside of a transaction and reads every row of its answer. An error of the commit is an error here.
    async fn rows(&self, query: Query, columns: &[Column]) -> Result<Rows, Failure>;

    /// Runs a statement that only reads, outside of a transaction, and reads the first row of its answer.
    async fn row(&self, query: Query, columns: &[Column]) -> Result<Option<Vec<Value>>, Failure> {
        Ok(self.rows(query, columns).await?.into_iter().next())
    }

    /// Writes a row and reads it as stored; both or neither. Without an answer, there is no such row.
    async fn write(&self, write: Write<'_>, columns: &[Column]) -> Result<Rows, Failure> {
        self.rows(write.query, columns).await
    }

    /// Runs a statement outside of a transaction; how many rows it found to change.
    async fn execute(&self, query: Query) -> Result<u64, Failure>;

    /// Starts a transaction that waits for other writers now instead of failing later.
    async fn begin_write(&self) -> Result<Self::Transaction, Failure>;

    /// Starts a transaction that waits for other processes' migrations and sees what they have made.
    async fn begin_migration(&self) -> Result<Self::Transaction, Failure> {
        self.begin_write().await
    }

    /// Starts a transaction that sees one state of the database.
    async fn begin_read(&self) -> Result<Self::Transaction, Failure>;
}

/// A transaction; dropping it undoes what was done in it.
#[async_trait]
pub trait Transaction: Send {
    /// Runs a statement and reads every row of its answer.
    async fn rows(&mut self, query: Query, columns: &[Column]) -> Result<Rows, Failure>;

    /// The same, after whose failure the transaction goes on, as only PostgreSQL's does not by itself.
    async fn try_rows(&mut self, query: Query, columns: &[Column]) -> Result<Rows, Failure> {
        self.rows(query, columns).await
    }

    /// Writes a row and reads it as stored.
    async fn write(&mut self, write: Write<'_>, columns: &[Column]) -> Result<Rows, Failure> {
        self.rows(write.query, columns).await
    }

    /// Runs a statement; how many rows it found to change.
    async fn execute(&mut self, query: Query) -> Result<u64, Failure>;

    /// Whether the database has a table of this name.
    async fn has_table(&mut self, table: &str) -> Result<bool, Failure>;

    /// Whether an index of this name is there, so that creating it on the table would do nothing.
    async fn has_index(&mut self, table: &str, index: &str) -> Result<bool, Failure>;

    /// What the database has under this name; `email` are the columns whose index without regard to case is looked for.
    async fn inspect(
        &mut self,
        table: &str,
        email: Option<AddressColumns>,
    ) -> Result<Option<TableInfo>, Failure>;

    /// Keeps what was done.
    async fn commit(self) -> Result<(), Failure>;

    /// Undoes what was done. Without it, a part of the application's transaction would keep what was done in it.
    async fn rollback(self) -> Result<(), Failure>;
}

/// The columns of the unique index on the e-mail address.
#[derive(Clone, Copy, Debug)]
pub struct AddressColumns {
    /// The address.
    pub email: &'static str,
    /// The tenant, where users belong to tenants.
    pub tenant: Option<&'static str>,
}

/// A table as the database describes it.
pub struct TableInfo {
    /// Its columns.
    pub columns: Vec<ColumnInfo>,
    /// Whether a unique index finds an e-mail address without regard to case, within its tenant where users belong to tenants.
    pub has_email_index: bool,
    /// A unique index on the e-mail address alone, where users belong to tenants: it keeps one address from two tenants.
    pub index_across_tenants: Option<String>,
    /// The columns of each unique index that is for every row; empty for what is no column.
    pub unique: Vec<Vec<String>>,
    /// The names of the wanted indexes that something else has, which does not serve; nothing before they were asked for.
    pub taken: Vec<String>,
    /// The tables that its foreign keys refer to.
    pub references: Vec<String>,
    /// The storage engine, where it has no transactions or foreign keys and there is one that has.
    pub wrong_engine: Option<String>,
    /// Whether the id of a deleted row is given to the next.
    pub reuses_ids: bool,
    /// The columns with which an index begins, where the database has no statement to create only what is missing.
    pub indexed: Vec<String>,
}

/// The columns of each index, from pairs of an index and a column, index by index.
pub(in crate::store) fn by_index(
    parts: impl IntoIterator<Item = (String, String)>,
) -> Vec<Vec<String>> {
    let mut indexes: Vec<(String, Vec<String>)> = Vec::new();
    for (index, column) in parts {
        match indexes.last_mut() {
            Some((last, columns)) if *last == index => columns.push(column),
            _ => indexes.push((index, vec![column])),
        }
    }
    indexes.into_iter().map(|(_, columns)| columns).collect()
}

/// A column as the database describes it.
pub struct ColumnInfo {
    /// Its name.
    pub name: String,
    /// Its type, as it was declared.
    pub declared: String,
    /// Whether it is `NOT NULL`.
    pub not_null: bool,
    /// Whether rows get a value without one being given.
    pub has_default: bool,
    /// Whether it is part of the primary key.
    pub is_key: bool,
    /// The character set of its texts, where that has not every character.
    pub narrow_charset: Option<String>,
    /// The type that a column must have to refer to this one, where not every type will do that can hold the same.
    pub reference: Option<String>,
}

/// Why a statement failed.
pub enum Failure {
    /// A unique constraint was violated.
    Unique(Violated),
    /// A foreign key refers to nothing.
    ForeignKey(Source),
    /// A text has a character that the character set of this column has not, or of a column that it is compared with.
    Charset {
        /// The column; empty where the database does not report it.
        column: String,
        /// The error.
        source: Source,
    },
    /// A column that is narrower than its field cannot hold a value.
    Unfit(Unfit, Source),
    /// The database cannot be reached, or is too busy.
    Unavailable(Source),
    /// The transaction was undone as a whole, or cannot go on; it may be done again.
    Undone(Source),
    /// Anything else.
    Other(Source),
}

/// An answer; nothing where a text was looked for that no row can have.
pub(super) fn unless_charset<T: Default>(answer: Result<T, Failure>) -> Result<T, Failure> {
    match answer {
        Err(Failure::Charset { .. }) => Ok(T::default()),
        answer => answer,
    }
}

impl Failure {
    /// The refusal of a text by one of these columns, or else the error as it is.
    pub(super) fn of(self, columns: &[Column]) -> StoreError {
        let refused = match &self {
            Self::Charset { column, .. } => named(columns, column).map(|column| {
                (
                    column,
                    "a character that the column's character set has not",
                )
            }),
            Self::Unfit(unfit, _) => unfit
                .column
                .as_deref()
                .and_then(|column| named(columns, column))
                .map(|column| (column, unfit.kind.reason())),
            _ => None,
        };
        refused.map_or_else(
            || self.into(),
            |(column, reason)| StoreError::Value {
                column: column.name,
                reason,
            },
        )
    }
}

fn named<'a>(columns: &'a [Column], name: &str) -> Option<&'a Column> {
    columns
        .iter()
        .find(|known| known.name.eq_ignore_ascii_case(name))
}

/// A value that a column cannot hold.
pub struct Unfit {
    /// What is wrong with it.
    pub kind: UnfitKind,
    /// The column, where the database names it.
    pub column: Option<String>,
    /// The position of the argument, counted from 1, where the database names that.
    pub argument: Option<usize>,
}

/// What is wrong with a value that a column cannot hold.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum UnfitKind {
    /// A text is longer than the column allows.
    Length,
    /// A number is out of the column's range.
    Range,
    /// A text is none of an enumeration's.
    Label,
}

impl UnfitKind {
    const fn reason(self) -> &'static str {
        match self {
            Self::Length => "longer than the column allows",
            Self::Range => "out of range for the column",
            Self::Label => "none of the values that the column allows",
        }
    }
}

impl Unfit {
    /// The column among those that were written, in their order: the one that is named, or else the only one that may be narrower
    /// than its field. Of an address and a hash it is the address, which clients choose.
    pub(super) fn find<'a>(&mut self, written: impl Iterator<Item = &'a Column>) {
        if self.column.is_some() {
            return;
        }
        let is_able = |column: &Column| match self.kind {
            UnfitKind::Length => matches!(column.role, Role::Email | Role::HashedPassword),
            UnfitKind::Range => column.kind == Kind::Float,
            UnfitKind::Label => column.kind == Kind::Text && column.role == Role::Extra,
        };
        let written: Vec<_> = written.collect();
        let argument = self
            .argument
            .and_then(|position| written.get(position.checked_sub(1)?).copied());
        let able: Vec<_> = written
            .into_iter()
            .filter(|column| is_able(column))
            .collect();
        let address = able.iter().find(|column| column.role == Role::Email);
        let only = able.first().filter(|_| able.len() == 1);
        let found = argument.or_else(|| address.or(only).copied());
        self.column = found.map(|column| column.name.to_owned());
    }
}

#[cfg(any(feature = "postgres", feature = "sea-orm"))]
impl Failure {
    /// The same of a transaction that may be done again.
    pub(in crate::store) fn into_undone(self) -> Self {
        match self {
            Self::Unavailable(source) | Self::Other(source) => Self::Undone(source),
            failure => failure,
        }
    }
}

/// What was violated, as far as the database reports it.
pub enum Violated {
    /// The columns of the constraint.
    Columns(Vec<String>),
    /// The name of the index.
    Index(String),
}

type Source = Box<dyn StdError + Send + Sync>;

impl From<RowError> for Failure {
    fn from(error: RowError) -> Self {
        Self::Other(error.into())
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unique(Violated::Columns(columns)) => Self::Conflict {
                constraint: columns.join(", "),
            },
            Failure::Unique(Violated::Index(constraint)) => Self::Conflict { constraint },
            Failure::Unavailable(source) => Self::Unavailable(source),
            Failure::Undone(source) => Self::Unavailable(Undone(source).into()),
            Failure::ForeignKey(source)
            | Failure::Charset { source, .. }
            | Failure::Unfit(_, source)
            | Failure::Other(source) => Self::Database(source),
        }
    }
}
