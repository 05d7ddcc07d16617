//! Records: tables beside the users' own, described by data and kept by every store.
//!
//! A [`Table`] says what is stored, a [`Find`], [`List`], [`Change`], [`Take`] or [`Delete`] what is done with it. A capability, or
//! an application, declares them as `static`s; no store has a line for any of them.

mod operation;
mod record;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

pub use crate::value::table::{RecordColumn, RecordKind, Table};
pub use operation::{Assignment, Change, Condition, Delete, Find, List, Take};
pub use record::{Record, RecordValue};

use super::StoreError;
use crate::model::UserModel;

/// A portion of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// How many rows are left out at the beginning.
    pub offset: u32,
    /// How many rows are wanted at most.
    pub limit: u32,
}

impl Page {
    /// The first `limit` rows.
    pub const fn first(limit: u32) -> Self {
        Self { offset: 0, limit }
    }
}

/// What a store does with described tables.
///
/// Every operation is one atomic step: of several at once that contend for a row, exactly one succeeds, in whatever process.
#[async_trait]
pub trait RecordStore<U: UserModel>: Send + Sync + 'static {
    /// Stores a row. Columns that the record leaves out are `NULL`.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] where the key or a unique combination is taken, [`StoreError::NotFound`] where the owner does not
    /// exist.
    async fn insert(&self, table: &'static Table, record: Record) -> Result<(), StoreError>;

    /// The row that the conditions name.
    ///
    /// # Errors
    ///
    /// When the database fails.
    async fn find(&self, find: &'static Find, by: Record) -> Result<Option<Record>, StoreError>;

    /// The row that the conditions name, with the user whom it belongs to: one statement on SQL.
    ///
    /// # Errors
    ///
    /// When the database fails, or the table has no owner.
    async fn find_with_user(
        &self,
        find: &'static Find,
        by: Record,
    ) -> Result<Option<(Record, U)>, StoreError>;

    /// A portion of the rows that meet the conditions.
    ///
    /// # Errors
    ///
    /// When the database fails.
    async fn list(
        &self,
        list: &'static List,
        of: Record,
        page: Page,
    ) -> Result<Vec<Record>, StoreError>;

    /// Changes the rows that meet the conditions, and says how many did.
    ///
    /// # Errors
    ///
    /// When the database fails; [`StoreError::Conflict`] where a unique combination is taken.
    async fn change(&self, change: &'static Change, by: Record) -> Result<u64, StoreError>;

    /// Deletes the row that the conditions name, and answers with it.
    ///
    /// # Errors
    ///
    /// When the database fails.
    async fn take(&self, take: &'static Take, by: Record) -> Result<Option<Record>, StoreError>;

    /// Deletes the rows that meet the conditions, and says how many did.
    ///
    /// # Errors
    ///
    /// When the database fails.
    async fn delete(&self, delete: &'static Delete, of: Record) -> Result<u64, StoreError>;

    /// Deletes at most this number of rows whose [expiry](Table::expiry) is before an instant, and returns how many it deleted: a
    /// batch, so that no statement locks a table for long.
    ///
    /// # Errors
    ///
    /// When the database fails.
    async fn purge(
        &self,
        table: &'static Table,
        before: DateTime<Utc>,
        most: u32,
    ) -> Result<u64, StoreError>;
}
