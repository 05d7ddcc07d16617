//! What an application of a test's own needs: a database in a temporary folder, a free port, and patience.

use std::{
    future::IntoFuture,
    path::PathBuf,
    str::FromStr as _,
    time::{Duration, Instant},
};

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use tempfile::TempDir;
use tokio::net::TcpListener;
use users_runtime::{SqliteStore, UserModel};

/// An SQLite database in a folder of its own, which goes with this value.
#[derive(Debug)]
pub struct Database(TempDir);

impl Database {
    /// A database that has no tables yet.
    #[expect(
        clippy::new_without_default,
        reason = "it makes a folder, which nothing should do by default"
    )]
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    /// The file.
    pub fn path(&self) -> PathBuf {
        self.0.path().join("users.db")
    }

    /// The URL that opens it.
    pub fn url(&self) -> String {
        format!("sqlite://{}?mode=rwc", self.path().display())
    }

    /// A store in it, with its tables, as [`SqliteStore::connect`] opens it but for the time that a statement waits for another one: on a
    /// machine that has much else to do, the five seconds of a server pass.
    pub async fn store<U: UserModel>(&self) -> SqliteStore<U> {
        let options = SqliteConnectOptions::from_str(&self.url())
            .expect("a URL")
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(PATIENCE);
        let pool = SqlitePoolOptions::new()
            .acquire_timeout(PATIENCE)
            .test_before_acquire(false)
            .connect_with(options)
            .await
            .expect("an SQLite file");
        let store = SqliteStore::new(pool);
        store.migrate().await.expect("the tables");
        store
    }
}

/// How long something may take that comes by itself, on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_mins(5);

/// Waits until something has come, and fails where it never does.
pub async fn until<T>(what: &str, mut come: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = come() {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "{what} within {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Serves an application on a free loopback port, e.g. `serve(|listener| axum::serve(listener, router))`, and tells its URL.
pub async fn serve<S>(start: impl FnOnce(TcpListener) -> S) -> String
where
    S: IntoFuture,
    S::IntoFuture: Send + 'static,
    S::Output: Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("the port"));
    tokio::spawn(start(listener).into_future());
    url
}
