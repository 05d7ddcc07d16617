//! The warning of fields that allow longer bodies than the limit.

use std::sync::Arc;

use users_runtime::{PasswordHash, SqliteStore, UserModel, Users};
use users_tests::SECRET;

use crate::application::{ALONE, LIMIT};

/// A user whose text does not fit into a body.
#[derive(Clone, Debug, UserModel)]
#[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
pub(crate) struct Author {
    /// The primary key.
    pub id: i64,
    /// The e-mail address.
    pub email: String,
    /// The password hash.
    pub hashed_password: PasswordHash,
    /// Whether the user may log in.
    pub is_active: bool,
    /// Whether the user may administer others.
    pub is_superuser: bool,
    /// Whether the address is proven.
    pub is_verified: bool,
    /// With characters of four bytes, it is longer than the limit.
    #[fastapi_users(length(max = 20_000))]
    pub life: Option<String>,
}

#[tokio::test]
async fn build_warns_where_the_fields_lengths_allow_more_than_the_limit() {
    let _alone = ALONE.lock().await;
    let store = SqliteStore::<Author>::connect("sqlite::memory:")
        .await
        .expect("a database");
    for (limit, warns) in [(LIMIT, true), (2 * LIMIT, false)] {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let subscriber = tracing_subscriber::fmt()
            .with_writer(Arc::new(file.reopen().expect("the file")))
            .finish();
        let builder = Users::<Author>::builder(store.clone(), SECRET).body_limit(limit);
        tracing::subscriber::with_default(subscriber, || builder.build())
            .expect("a sound configuration");
        let log = std::fs::read_to_string(file.path()).expect("the log");
        assert_eq!(log.contains("raise body_limit"), warns, "{limit}: {log}");
    }
}
