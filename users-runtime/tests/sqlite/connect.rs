//! Opening a file: the settings of its connections, and the forms of its URL.

use users_runtime::store::{SqliteStore, StoreError};

use crate::support::{Folder, User};

#[tokio::test]
async fn a_server_gets_the_settings_it_wants() {
    let folder = Folder::new();
    let store = SqliteStore::<User>::connect(&folder.url())
        .await
        .expect("a database");
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode")
        .fetch_one(store.pool())
        .await
        .expect("a mode");
    let [synchronous, keys, timeout] = [
        "PRAGMA synchronous",
        "PRAGMA foreign_keys",
        "PRAGMA busy_timeout",
    ]
    .map(sqlx::query_scalar::<_, i64>);
    assert_eq!(mode, "wal");
    assert_eq!(
        synchronous.fetch_one(store.pool()).await.expect("a number"),
        2
    );
    assert_eq!(keys.fetch_one(store.pool()).await.expect("a number"), 1);
    assert_eq!(
        timeout.fetch_one(store.pool()).await.expect("a number"),
        5000
    );
}

#[tokio::test]
async fn urls_of_sqlalchemy_open_the_same_file() {
    for (scheme, before) in [
        ("sqlite", "./"),
        ("sqlite+aiosqlite", "./"),
        ("sqlite+aiosqlite", ""),
    ] {
        let name = format!("users-{}.db", uuid::Uuid::new_v4());
        let url = format!("{scheme}:///{before}{name}");
        let store = SqliteStore::<User>::connect(&url)
            .await
            .expect("a database");
        store.pool().close().await;
        let is_here = std::path::Path::new(&name).exists();
        let is_in_root = std::path::Path::new("/").join(&name).exists();
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{name}{end}"));
        }
        assert!(is_here && !is_in_root, "{url}");
    }
    for url in ["sqlite:///no-such-file.db", "postgres://app:secret@db/app"] {
        let error = SqliteStore::<User>::connect(url).await.expect_err(url);
        let StoreError::Database(reason) = error else {
            panic!("{error}")
        };
        assert!(!reason.to_string().contains("secret"), "{reason}");
    }
}
