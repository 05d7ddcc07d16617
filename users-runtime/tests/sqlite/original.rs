//! A database that FastAPI Users' SQLAlchemy adapter has made on SQLite, and what its rows are read as.

use std::future::{Ready, ready};

use crate::{
    accounts::TWICE,
    support::{Database, File, Store, User, empty, opened_often, run, run_text},
};

/// What SQLAlchemy 2 emits for the adapter's tables, its texts and literals as they are.
pub(crate) const ORIGINAL: &str = "
CREATE TABLE user (
	nickname VARCHAR(100), is_curious BOOLEAN, small SMALLINT, medium INTEGER, \"order\" BIGINT, ratio FLOAT, avatar BLOB,
	tenant CHAR(32), seen_at DATETIME, born_on DATE, wakes_at TIME, settings JSON, plan VARCHAR(10) NOT NULL,
	id CHAR(36) NOT NULL, 
	email VARCHAR(320) NOT NULL, 
	hashed_password VARCHAR(1024) NOT NULL, 
	is_active BOOLEAN NOT NULL, 
	is_superuser BOOLEAN NOT NULL, 
	is_verified BOOLEAN NOT NULL, 
	PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ix_user_email ON user (email);
CREATE TABLE oauth_account (
	id CHAR(36) NOT NULL, 
	user_id CHAR(36) NOT NULL, 
	oauth_name VARCHAR(100) NOT NULL, 
	access_token VARCHAR(1024) NOT NULL, 
	expires_at INTEGER, 
	refresh_token VARCHAR(1024), 
	account_id VARCHAR(320) NOT NULL, 
	account_email VARCHAR(320) NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE cascade
);
CREATE INDEX ix_oauth_account_account_id ON oauth_account (account_id);
CREATE INDEX ix_oauth_account_oauth_name ON oauth_account (oauth_name);
CREATE TABLE accesstoken (
	user_id CHAR(36) NOT NULL, 
	token VARCHAR(43) NOT NULL, 
	created_at TIMESTAMP NOT NULL, 
	PRIMARY KEY (token), 
	FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE cascade
);
CREATE INDEX ix_accesstoken_created_at ON accesstoken (created_at);
INSERT INTO user VALUES ('K', 1, 3, 1, 9223372036854775807, 1.5, X'0001', 'af18f25cdbb94aa1b7e8b56bdea97b86',
	'2024-01-02 03:04:05.000000', '2024-01-02', '01:02:03.000005', '{\"a\": [1, \"\\u00e9\"]}', 'free',
	'36102973-63ab-4b7b-80a1-0ca4f70f8d9d', 'Käthe@Example.com', '$argon2id$x', 1, 0, 0);
INSERT INTO user VALUES (NULL, NULL, NULL, NULL, NULL, 2, NULL, NULL, '2024-01-02 03:04:05', NULL, '01:02:03', 'null', 'free',
	'4d859198-29b6-42ba-b3da-2cfb4392ad16', 'b@Example.com', '$argon2id$x', 0, 1, 1);
INSERT INTO oauth_account VALUES ('88ea41ec-9b7d-4d03-b336-151b0a9b356a', '4d859198-29b6-42ba-b3da-2cfb4392ad16', 'google',
	't', 1, NULL, '1', 'x@y.z');
INSERT INTO accesstoken VALUES ('4d859198-29b6-42ba-b3da-2cfb4392ad16', 'a-token', '2026-11-21 06:21:18.560139');
INSERT INTO accesstoken VALUES ('4D859198-29B6-42BA-B3DA-2CFB4392AD16', 'another', '2026-11-21 06:21:18');
";

/// The id of its first user, who has every field, and a way to write her address that leads to her: SQLite knows the capitals of ASCII.
pub(crate) const KATE: &str = "36102973-63ab-4b7b-80a1-0ca4f70f8d9d";
pub(crate) const KATES_EMAIL: &str = "käthe@example.com";

/// What is read of her fields.
pub(crate) const FULL: [&str; 3] = [
    "Text(\"K\"), Bool(true), Int(3), Int(1), Int(9223372036854775807), Float(1.5), Bytes([0, 1])",
    "Uuid(af18f25c-dbb9-4aa1-b7e8-b56bdea97b86), Timestamp(2024-01-02T03:04:05Z), Date(2024-01-02)",
    "Time(01:02:03.000005), Json(Object {\"a\": Array [Number(1), String(\"é\")]})",
];

/// The id of the other, who has a token and an account.
pub(crate) const OTHER: &str = "4d859198-29b6-42ba-b3da-2cfb4392ad16";

/// What is read of the fields that may be empty.
pub(crate) const SPARSE: &[&str] = &[
    "Float(2.0)",
    "Timestamp(2024-01-02T03:04:05Z)",
    "Time(01:02:03), Null, Text(\"free\")",
];

/// When the token was made.
pub(crate) const ISSUED: &str = "2026-11-21T06:21:18.560139Z";

/// What migrating adds to it.
pub(crate) const ADDED: &[&str] = &[
    "ix_accesstoken_user_id",
    "ix_oauth_account_user_id",
    "ix_user_email_lower",
    "uq_oauth_account_account",
];

/// An instant that its columns hold, and what a user's row and token with it are then; `ID` stands for the user's id.
pub(crate) const WRITTEN_AT: &str = "2026-01-02T03:04:05.000006Z";
pub(crate) const WRITTEN: &[&str] = &[
    "text ID",
    "integer 1",
    "text 2026-01-02 03:04:05.000006",
    "text ID",
    "text 2026-01-02 03:04:05.000006",
];

/// The database as the original has left it. One of its tokens has an id in capitals, which a foreign key would refuse.
pub(crate) async fn made() -> Database<User> {
    let store = empty().await;
    run(&store, "PRAGMA foreign_keys = OFF").await;
    run(&store, ORIGINAL).await;
    store
}

/// The database such that its users can sign in, as they can from the beginning.
pub(crate) async fn served() -> Database<User> {
    made().await
}

/// Its tables and indexes.
pub(crate) async fn layout(store: &Store<User>) -> Vec<String> {
    sqlx::query_scalar("SELECT name FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name")
        .fetch_all(store.pool())
        .await
        .expect("names")
}

/// The store, whose database knows of no other time than UTC.
pub(crate) fn in_tokyo(store: &Database<User>) -> Ready<Store<User>> {
    ready(store.clone())
}

/// What a user's row and token are, each with its type.
pub(crate) async fn written(store: &Store<User>) -> Vec<String> {
    let sql = "SELECT concat_ws(';', concat_ws(' ', typeof(id), id), concat_ws(' ', typeof(is_active), is_active), \
                   concat_ws(' ', typeof(created_at), created_at), concat_ws(' ', typeof(user_id), user_id), \
                   concat_ws(' ', typeof(seen_at), seen_at)) \
               FROM user JOIN accesstoken ON user_id = id WHERE email = 'ada@example.com'";
    let row: String = sqlx::query_scalar(sql)
        .fetch_one(store.pool())
        .await
        .expect("a row");
    row.split(';').map(str::to_owned).collect()
}

/// Indexes on accounts at providers, and whether each links an account once.
pub(crate) const ACCOUNT_INDEXES: &[(&str, bool)] = &[
    (
        "UNIQUE INDEX mine ON oauth_account (account_id, oauth_name)",
        true,
    ),
    ("UNIQUE INDEX mine ON oauth_account (account_id)", true),
    (
        "INDEX mine ON oauth_account (oauth_name, account_id)",
        false,
    ),
    (
        "UNIQUE INDEX mine ON oauth_account (oauth_name, account_id) WHERE expires_at > 0",
        false,
    ),
    (
        "UNIQUE INDEX mine ON oauth_account (oauth_name, account_id, user_id)",
        false,
    ),
    (
        "UNIQUE INDEX mine ON oauth_account (oauth_name, lower(account_id))",
        false,
    ),
];
pub(crate) const WITHOUT_MINE: &str = "DROP INDEX IF EXISTS mine";

/// What links an account twice.
pub(crate) fn twice() -> String {
    TWICE.to_owned()
}

/// The database as the original has left it, for several connections at once.
pub(crate) async fn made_for_many() -> File {
    let store = opened_often().await;
    // One of its tokens has an id in capitals; the setting is the connection's.
    let sql = format!("PRAGMA foreign_keys = OFF; {ORIGINAL}; PRAGMA foreign_keys = ON");
    run_text(&store, sql).await;
    store
}
