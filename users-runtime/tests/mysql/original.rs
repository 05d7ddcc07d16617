//! A database that FastAPI Users' SQLAlchemy adapter has made on MariaDB, and what its rows are read as.

use std::future::{Ready, ready};

use crate::{
    accounts::TWICE,
    support::{Database, Store, User, empty, run},
};

/// What SQLAlchemy 2 emits for the adapter's tables on MariaDB, and rows as it writes them.
pub(crate) const ORIGINAL: &str = "
CREATE TABLE user (
	nickname TEXT, is_curious BOOL, small SMALLINT, medium INTEGER, `order` BIGINT, ratio DOUBLE, avatar BLOB,
	tenant CHAR(36), seen_at DATETIME, born_on DATE, wakes_at TIME, settings JSON,
	plan VARCHAR(10) NOT NULL, 
	id CHAR(36) NOT NULL, 
	email VARCHAR(320) NOT NULL, 
	hashed_password VARCHAR(1024) NOT NULL, 
	is_active BOOL NOT NULL, 
	is_superuser BOOL NOT NULL, 
	is_verified BOOL NOT NULL, 
	PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ix_user_email ON user (email);
CREATE TABLE accesstoken (
	user_id CHAR(36) NOT NULL, 
	token VARCHAR(43) NOT NULL, 
	created_at TIMESTAMP NOT NULL, 
	PRIMARY KEY (token), 
	FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE cascade
);
CREATE INDEX ix_accesstoken_created_at ON accesstoken (created_at);
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
CREATE INDEX ix_oauth_account_oauth_name ON oauth_account (oauth_name);
CREATE INDEX ix_oauth_account_account_id ON oauth_account (account_id);
INSERT INTO `user` VALUES ('K',1,3,1,9223372036854775807,1.5,0x0001,'474bee3c-5b51-4084-9942-60b4a001d6e4','2024-01-02 03:04:05',
	'2024-01-02','01:02:03','{\\\"a\\\": [1, \\\"\\\\u00e9\\\"]}','free','80c90bb6-aca4-4aad-9cc3-abbea866d2cf','Käthe@Example.com',
	'$argon2id$x',1,0,0);
INSERT INTO `user` VALUES (NULL,NULL,NULL,NULL,NULL,2,NULL,NULL,NULL,NULL,NULL,'null','free',
	'cc31f510-857a-41e8-b157-0a420098699b','b@Example.com','$argon2id$x',0,1,1);
INSERT INTO `oauth_account` VALUES ('0e637b44-dffc-463f-bf0d-1deaa1515f26','cc31f510-857a-41e8-b157-0a420098699b','google','t',1,
	NULL,'1','x@y.z');
INSERT INTO `accesstoken` VALUES ('cc31f510-857a-41e8-b157-0a420098699b','a-token','2026-11-21 10:54:41');
";

/// The id of its first user, who has every field, and a way to write her address that leads to her.
pub(crate) const KATE: &str = "80c90bb6-aca4-4aad-9cc3-abbea866d2cf";
pub(crate) const KATES_EMAIL: &str = "KÄTHE@example.com";

/// What is read of her fields.
pub(crate) const FULL: [&str; 3] = [
    "Text(\"K\"), Bool(true), Int(3), Int(1), Int(9223372036854775807), Float(1.5), Bytes([0, 1])",
    "Uuid(474bee3c-5b51-4084-9942-60b4a001d6e4), Timestamp(2024-01-02T03:04:05Z), Date(2024-01-02)",
    "Time(01:02:03), Json(Object {\"a\": Array [Number(1), String(\"é\")]})",
];

/// The id of the other, who has a token and an account.
pub(crate) const OTHER: &str = "cc31f510-857a-41e8-b157-0a420098699b";

/// What is read of the fields that may be empty.
pub(crate) const SPARSE: &[&str] =
    &["Float(2.0), Null, Null, Null, Null, Null, Null, Text(\"free\")"];

/// When the token was made.
pub(crate) const ISSUED: &str = "2026-11-21T10:54:41Z";

/// What migrating adds to it.
pub(crate) const ADDED: &[&str] = &[
    "oauth_account account_id_key varbinary(1280) YES",
    "oauth_account uq_oauth_account_account 1 oauth_name",
    "oauth_account uq_oauth_account_account 2 account_id_key",
    "user email_key varbinary(1280) YES",
    "user ix_user_email_lower 1 email_key",
];

/// An instant that its columns hold, and what a user's row and token with it are then; `ID` stands for the user's id.
pub(crate) const WRITTEN_AT: &str = "2026-01-02T03:04:05Z";
pub(crate) const WRITTEN: &[&str] = &["ID", "1767323045", "2026-01-02 03:04:05"];

/// Its users where the database assigns the ids, and the first of them.
pub(crate) const NUMBERED: &str = "
CREATE TABLE user (id INTEGER NOT NULL AUTO_INCREMENT, email VARCHAR(320) NOT NULL, hashed_password VARCHAR(1024) NOT NULL,
    is_active BOOL NOT NULL, is_superuser BOOL NOT NULL, is_verified BOOL NOT NULL, PRIMARY KEY (id));
CREATE UNIQUE INDEX ix_user_email ON user (email);
INSERT INTO user (email, hashed_password, is_active, is_superuser, is_verified) VALUES ('a@example.com', 'h', 1, 0, 0)";

/// What makes room for an expiry of 64 bits, and for tokens of any length.
pub(crate) const WIDER_EXPIRY: &str = "ALTER TABLE oauth_account MODIFY expires_at BIGINT";
pub(crate) const WIDER_TOKENS: &str = "ALTER TABLE oauth_account MODIFY access_token LONGTEXT NOT NULL, MODIFY refresh_token LONGTEXT";

/// The database as the original has left it.
pub(crate) async fn made() -> Database<User> {
    let store = empty().await;
    run(&store, ORIGINAL).await;
    store
}

/// The database such that its users can sign in: they are found by a column that the original does not make.
pub(crate) async fn served() -> Database<User> {
    let store = made().await;
    store.migrate().await.expect("a key and its index");
    store
}

/// Its columns and indexes.
pub(crate) async fn layout(store: &Store<User>) -> Vec<String> {
    let sql = "SELECT CONCAT_WS(' ', table_name, column_name, column_type, collation_name, is_nullable) \
                   FROM information_schema.columns WHERE table_schema = DATABASE() \
               UNION ALL SELECT CONCAT_WS(' ', table_name, index_name, seq_in_index, column_name) \
                   FROM information_schema.statistics WHERE table_schema = DATABASE() ORDER BY 1";
    sqlx::query_scalar(sql)
        .fetch_all(store.pool())
        .await
        .expect("names")
}

/// The columns of any tables.
pub(crate) async fn columns(store: &Store<User>) -> Vec<String> {
    let sql = "SELECT CONCAT_WS(' ', table_name, column_name, column_type, is_nullable) \
               FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY 1";
    sqlx::query_scalar(sql)
        .fetch_all(store.pool())
        .await
        .expect("columns")
}

/// The columns of the original as this store makes them: with fractions of seconds, with texts and bytes that may be longer, and with
/// tokens that may expire later. It does not make the one that tells accounts apart whatever the collation.
pub(crate) fn widened(columns: &[String]) -> Vec<String> {
    let wider = |line: &String| {
        line.replace("datetime", "datetime(6)")
            .replace("timestamp", "datetime(6)")
            .replace(" time ", " time(6) ")
            .replace(" text ", " longtext ")
            .replace(" blob ", " longblob ")
            .replace("_token varchar(1024)", "_token longtext")
            .replace("expires_at int(11)", "expires_at bigint(20)")
    };
    let is_key = |line: &&String| line.starts_with("oauth_account account_id_key ");
    columns
        .iter()
        .filter(|line| !is_key(line))
        .map(wider)
        .collect()
}

/// The store, which sets the time of its sessions itself.
pub(crate) fn in_tokyo(store: &Database<User>) -> Ready<Store<User>> {
    ready((**store).clone())
}

/// What a user's row and token are for a session whose time is not UTC.
pub(crate) async fn written(store: &Store<User>) -> Vec<String> {
    let mut connection = store.pool().acquire().await.expect("a connection");
    sqlx::raw_sql("SET time_zone = '+09:00'")
        .execute(&mut *connection)
        .await
        .expect("valid SQL");
    let sql = "SELECT CAST(id AS CHAR), CAST(UNIX_TIMESTAMP(created_at) AS CHAR), CAST(seen_at AS CHAR) \
               FROM user JOIN accesstoken ON user_id = id WHERE email = 'ada@example.com'";
    let (id, created_at, seen_at): (String, String, String) = sqlx::query_as(sql)
        .fetch_one(&mut *connection)
        .await
        .expect("a row");
    vec![id, created_at, seen_at]
}

/// Indexes on accounts at providers, and whether each links an account once.
pub(crate) const ACCOUNT_INDEXES: &[(&str, bool)] = &[
    (
        "UNIQUE INDEX mine ON oauth_account (account_id, oauth_name)",
        true,
    ),
    (
        "INDEX mine ON oauth_account (oauth_name, account_id)",
        false,
    ),
    (
        "UNIQUE INDEX mine ON oauth_account (oauth_name, account_id(100))",
        false,
    ),
    (
        "UNIQUE INDEX mine ON oauth_account (oauth_name, account_id, user_id)",
        false,
    ),
];
pub(crate) const WITHOUT_MINE: &str = "DROP INDEX IF EXISTS mine ON oauth_account";

/// What links an account twice.
pub(crate) fn twice() -> String {
    TWICE.to_owned()
}

/// The database as the original has left it, for several connections at once.
pub(crate) async fn made_for_many() -> Database<User> {
    made().await
}
