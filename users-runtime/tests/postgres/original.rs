//! A database that FastAPI Users' SQLAlchemy adapter has made on PostgreSQL, and what its rows are read as.

use crate::{
    accounts::TWICE,
    support::{Database, Store, User, empty, run},
};

/// What SQLAlchemy 2 emits for the adapter's tables on PostgreSQL, and rows as it writes them.
pub(crate) const ORIGINAL: &str = "
CREATE TABLE \"user\" (
	nickname VARCHAR, is_curious BOOLEAN, small SMALLINT, medium INTEGER, \"order\" BIGINT, ratio FLOAT, avatar BYTEA,
	tenant UUID, seen_at TIMESTAMP WITHOUT TIME ZONE, born_on DATE, wakes_at TIME WITHOUT TIME ZONE, settings JSON,
	plan VARCHAR(10) NOT NULL,
	id UUID NOT NULL, 
	email VARCHAR(320) NOT NULL, 
	hashed_password VARCHAR(1024) NOT NULL, 
	is_active BOOLEAN NOT NULL, 
	is_superuser BOOLEAN NOT NULL, 
	is_verified BOOLEAN NOT NULL, 
	PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ix_user_email ON \"user\" (email);
CREATE TABLE accesstoken (
	user_id UUID NOT NULL, 
	token VARCHAR(43) NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	PRIMARY KEY (token), 
	FOREIGN KEY(user_id) REFERENCES \"user\" (id) ON DELETE cascade
);
CREATE INDEX ix_accesstoken_created_at ON accesstoken (created_at);
CREATE TABLE oauth_account (
	id UUID NOT NULL, 
	user_id UUID NOT NULL, 
	oauth_name VARCHAR(100) NOT NULL, 
	access_token VARCHAR(1024) NOT NULL, 
	expires_at INTEGER, 
	refresh_token VARCHAR(1024), 
	account_id VARCHAR(320) NOT NULL, 
	account_email VARCHAR(320) NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(user_id) REFERENCES \"user\" (id) ON DELETE cascade
);
CREATE INDEX ix_oauth_account_oauth_name ON oauth_account (oauth_name);
CREATE INDEX ix_oauth_account_account_id ON oauth_account (account_id);
INSERT INTO \"user\" VALUES ('K', TRUE, 3, 1, 9223372036854775807, 1.5, '\\x0001', 'af18f25c-dbb9-4aa1-b7e8-b56bdea97b86',
	'2024-01-02 03:04:05', '2024-01-02', '01:02:03.000005', '{\"a\": [1, \"\\u00e9\"]}', 'free',
	'36102973-63ab-4b7b-80a1-0ca4f70f8d9d', 'Käthe@Example.com', '$argon2id$x', TRUE, FALSE, FALSE);
INSERT INTO \"user\" VALUES (NULL, NULL, NULL, NULL, NULL, 2, NULL, NULL, NULL, NULL, NULL, 'null', 'free',
	'4d859198-29b6-42ba-b3da-2cfb4392ad16', 'b@Example.com', '$argon2id$x', FALSE, TRUE, TRUE);
INSERT INTO oauth_account VALUES ('88ea41ec-9b7d-4d03-b336-151b0a9b356a', '4d859198-29b6-42ba-b3da-2cfb4392ad16', 'google',
	't', 1, NULL, '1', 'x@y.z');
INSERT INTO accesstoken VALUES ('4d859198-29b6-42ba-b3da-2cfb4392ad16', 'a-token', '2026-11-21 07:21:18.560139+01');
";

/// The id of its first user, who has every field, and a way to write her address that leads to her.
pub(crate) const KATE: &str = "36102973-63ab-4b7b-80a1-0ca4f70f8d9d";
pub(crate) const KATES_EMAIL: &str = "KÄTHE@example.com";

/// What is read of her fields.
pub(crate) const FULL: [&str; 3] = [
    "Text(\"K\"), Bool(true), Int(3), Int(1), Int(9223372036854775807), Float(1.5), Bytes([0, 1])",
    "Uuid(af18f25c-dbb9-4aa1-b7e8-b56bdea97b86), Timestamp(2024-01-02T03:04:05Z), Date(2024-01-02)",
    "Time(01:02:03.000005), Json(Object {\"a\": Array [Number(1), String(\"é\")]})",
];

/// The id of the other, who has a token and an account.
pub(crate) const OTHER: &str = "4d859198-29b6-42ba-b3da-2cfb4392ad16";

/// What is read of the fields that may be empty.
pub(crate) const SPARSE: &[&str] =
    &["Float(2.0), Null, Null, Null, Null, Null, Null, Text(\"free\")"];

/// When the token was made.
pub(crate) const ISSUED: &str = "2026-11-21T06:21:18.560139Z";

/// What migrating adds to it.
pub(crate) const ADDED: &[&str] = &[
    "ix_accesstoken_user_idi",
    "ix_oauth_account_user_idi",
    "ix_user_email_loweri",
    "uq_oauth_account_accounti",
];

/// An instant that its columns hold, and what a user's row and token with it are then; `ID` stands for the user's id.
pub(crate) const WRITTEN_AT: &str = "2026-01-02T03:04:05.000006Z";
pub(crate) const WRITTEN: &[&str] = &[
    "ID",
    "2026-01-02 03:04:05.000006+00",
    "2026-01-02 03:04:05.000006",
];

/// Its users where the database assigns the ids, and the first of them.
pub(crate) const NUMBERED: &str = "
CREATE TABLE \"user\" (id SERIAL NOT NULL, email VARCHAR(320) NOT NULL, hashed_password VARCHAR(1024) NOT NULL,
    is_active BOOLEAN NOT NULL, is_superuser BOOLEAN NOT NULL, is_verified BOOLEAN NOT NULL, PRIMARY KEY (id));
CREATE UNIQUE INDEX ix_user_email ON \"user\" (email);
INSERT INTO \"user\" (email, hashed_password, is_active, is_superuser, is_verified)
    VALUES ('a@example.com', 'h', TRUE, FALSE, FALSE)";

/// What makes room for an expiry of 64 bits, and for tokens of any length.
pub(crate) const WIDER_EXPIRY: &str = "ALTER TABLE oauth_account ALTER expires_at TYPE BIGINT";
pub(crate) const WIDER_TOKENS: &str =
    "ALTER TABLE oauth_account ALTER access_token TYPE VARCHAR, ALTER refresh_token TYPE VARCHAR";

/// The database as the original has left it.
pub(crate) async fn made() -> Database<User> {
    let store = empty().await;
    run(&store, ORIGINAL).await;
    store
}

/// The database such that its users can sign in, as they can from the beginning.
pub(crate) async fn served() -> Database<User> {
    made().await
}

/// Its tables, indexes and sequences.
pub(crate) async fn layout(store: &Store<User>) -> Vec<String> {
    let sql = "SELECT relname || relkind::text FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1";
    sqlx::query_scalar(sql)
        .fetch_all(store.pool())
        .await
        .expect("names")
}

/// The columns of any tables.
pub(crate) async fn columns(store: &Store<User>) -> Vec<String> {
    let sql = "SELECT format('%s.%s %s(%s) %s', table_name, column_name, data_type, character_maximum_length, is_nullable) \
               FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1";
    sqlx::query_scalar(sql)
        .fetch_all(store.pool())
        .await
        .expect("columns")
}

/// The columns of the original as this store makes them: but for the naive timestamp of the user's own, which the original's `DateTime`
/// makes, and for tokens that may be longer and expire later.
pub(crate) fn widened(columns: &[String]) -> Vec<String> {
    let wider = |line: &String| {
        line.replace("timestamp without", "timestamp with")
            .replace(
                "_token character varying(1024)",
                "_token character varying()",
            )
            .replace("expires_at integer()", "expires_at bigint()")
    };
    columns.iter().map(wider).collect()
}

/// The store on a database whose own time is not UTC.
pub(crate) async fn in_tokyo(store: &Database<User>) -> Store<User> {
    let tokyo = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET TimeZone = ''Asia/Tokyo''', current_database()); END $$";
    run(store, tokyo).await;
    Store::connect(&store.url).await.expect("a database")
}

/// What a user's row and token are.
pub(crate) async fn written(store: &Store<User>) -> Vec<String> {
    let sql = "SELECT id::text, created_at::text, seen_at::text FROM \"user\" JOIN accesstoken ON user_id = id \
               WHERE email = 'ada@example.com'";
    let (id, created_at, seen_at): (String, String, String) = sqlx::query_as(sql)
        .fetch_one(store.pool())
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
        "UNIQUE INDEX mine ON oauth_account (account_id, oauth_name) INCLUDE (user_id)",
        true,
    ),
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
    TWICE.replace("000001'", "000001'::uuid")
}

/// The database as the original has left it, for several connections at once.
pub(crate) async fn made_for_many() -> Database<User> {
    made().await
}
