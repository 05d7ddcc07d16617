//! Databases for tests.

pub(crate) use sqlx::PgConnection as Connection;
pub(crate) use users_runtime::store::PostgresStore as Store;

pub(crate) use crate::{
    databases::{Database, create_database, empty, migrated, run, run_text},
    shown::shown,
    users::{User, column, text, user, values},
};

/// A database that several processes open.
pub(crate) async fn opened_often() -> Database<User> {
    empty().await
}

/// Everything that the database has in its schema.
pub(crate) async fn dump(store: &Store<User>) -> Vec<String> {
    let sql = "SELECT format('%s %s %s %s', table_name, column_name, data_type, column_default) \
                   FROM information_schema.columns WHERE table_schema = 'public' \
               UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' \
               UNION ALL SELECT conname || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace \
               ORDER BY 1";
    sqlx::query_scalar(sql)
        .fetch_all(store.pool())
        .await
        .expect("a schema")
}
