//! What SeaORM was asked to run, and how the database goes about it.

use std::sync::{Arc, Mutex};

use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};

/// The statements of a connection.
#[derive(Clone, Default)]
pub(crate) struct Recorded(Arc<Mutex<Vec<Statement>>>);

impl Recorded {
    /// Records from now on what this connection, and its copies that are made from now on, are asked to run.
    pub(crate) fn on(connection: &mut DatabaseConnection) -> Self {
        let recorded = Self::default();
        let heard = recorded.clone();
        connection.set_metric_callback(move |info| {
            heard
                .0
                .lock()
                .expect("no panic")
                .push(info.statement.clone());
        });
        recorded
    }

    /// The statements on tables of the store's, each once, and the database's own plan of each: what `explain` answers with in this
    /// column.
    pub(crate) async fn plans(
        &self,
        connection: &DatabaseConnection,
        explain: &str,
        column: &str,
    ) -> Vec<(String, String)> {
        let mut statements = std::mem::take(&mut *self.0.lock().expect("no panic"));
        statements.retain(|statement| {
            ["SELECT", "UPDATE", "DELETE"]
                .iter()
                .any(|word| statement.sql.starts_with(word))
        });
        statements.retain(|statement| {
            ["\"user\"", "accesstoken\"", "oauth_account\""]
                .iter()
                .any(|table| statement.sql.contains(table))
        });
        statements.sort_by(|one, other| one.sql.cmp(&other.sql));
        statements.dedup_by(|one, other| one.sql == other.sql);
        let mut plans = Vec::new();
        for statement in statements {
            let asked = Statement {
                sql: format!("{explain} {}", statement.sql),
                ..statement.clone()
            };
            let rows = connection.query_all_raw(asked).await.expect("a plan");
            let lines = rows
                .iter()
                .map(|row| row.try_get::<String>("", column).expect("a line"));
            plans.push((statement.sql, lines.collect::<Vec<_>>().join("; ")));
        }
        plans
    }
}
