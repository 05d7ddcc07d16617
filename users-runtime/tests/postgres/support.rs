//! Databases for tests.

pub(crate) use sqlx::PgConnection as Connection;
pub(crate) use users_runtime::store::PostgresStore as Store;

pub(crate) use crate::{
    databases::{Database, create_database, empty, migrated, run, run_text},
    users::{User, column, shown, text, user, values},
};
