//! Databases for tests.

pub(crate) use sqlx::MySqlConnection as Connection;
pub(crate) use users_runtime::store::MySqlStore as Store;

pub(crate) use crate::{
    databases::{Database, create_database, empty, migrated, run, run_text},
    shown::shown,
    users::{User, column, text, user, values},
};

/// A database that several processes open.
pub(crate) async fn opened_often() -> Database<User> {
    empty().await
}

/// Everything that the database has.
pub(crate) async fn dump(store: &Store<User>) -> Vec<String> {
    let sql = "SELECT CONCAT_WS(' ', table_name, column_name, column_type, collation_name, is_nullable, column_default, extra) \
                   FROM information_schema.columns WHERE table_schema = DATABASE() \
               UNION ALL SELECT CONCAT_WS(' ', table_name, index_name, non_unique, seq_in_index, column_name) \
                   FROM information_schema.statistics WHERE table_schema = DATABASE() \
               UNION ALL SELECT CONCAT_WS(' ', table_name, constraint_name, delete_rule, referenced_table_name) \
                   FROM information_schema.referential_constraints WHERE constraint_schema = DATABASE() ORDER BY 1";
    sqlx::query_scalar(sql)
        .fetch_all(store.pool())
        .await
        .expect("a schema")
}
