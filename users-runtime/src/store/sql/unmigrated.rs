//! A missing table or column: nearly always a `migrate` that was not called.

use std::error::Error as StdError;

/// The database's error, with what to do about it before it.
#[derive(Debug, thiserror::Error)]
#[error(
    "a table or column is missing: call `migrate().await` on the store before the server starts, or apply the statements of its `pending_sql()`"
)]
pub(in crate::store) struct Unmigrated(
    #[source] pub(in crate::store) Box<dyn StdError + Send + Sync>,
);
