//! A database that FastAPI Users' SQLAlchemy adapter has made, with its rows.

use chrono::{DateTime, Utc};
use sqlx::Row;
use users_runtime::{
    UserModel,
    conformance::UuidId,
    store::{
        AccessToken, AccessTokenStore, OAuthAccount, OAuthAccountStore as _, SqliteStore, UserStore,
    },
};

use crate::support::{User, empty, run, user};

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

async fn original() -> SqliteStore<User> {
    let store = empty().await;
    run(&store, "PRAGMA foreign_keys = OFF").await;
    run(&store, ORIGINAL).await;
    store
}

fn id(text: &str) -> UuidId {
    UuidId(text.parse().expect("a UUID"))
}

#[tokio::test]
async fn its_rows_are_read_without_migrating() {
    let store = original().await;
    let kate = store
        .find_by_email("käthe@example.com")
        .await
        .expect("an answer")
        .expect("a user");
    assert_eq!(
        kate.account().id,
        &id("36102973-63ab-4b7b-80a1-0ca4f70f8d9d")
    );
    assert_eq!(kate.account().email, "Käthe@Example.com");
    assert!(
        kate.account().is_active && !kate.account().is_superuser && !kate.account().is_verified
    );
    let shown = format!("{kate:?}");
    for value in [
        "Text(\"K\"), Bool(true), Int(3), Int(1), Int(9223372036854775807), Float(1.5), Bytes([0, 1])",
        "Uuid(af18f25c-dbb9-4aa1-b7e8-b56bdea97b86), Timestamp(2024-01-02T03:04:05Z), Date(2024-01-02)",
        "Time(01:02:03.000005), Json(Object {\"a\": Array [Number(1), String(\"é\")]})",
    ] {
        assert!(shown.contains(value), "{value} is not in {shown}");
    }
    let other = store
        .find(&id("4d859198-29b6-42ba-b3da-2cfb4392ad16"))
        .await
        .expect("an answer")
        .expect("a user");
    assert!(
        !other.account().is_active && other.account().is_superuser && other.account().is_verified
    );
    let shown = format!("{other:?}");
    for value in [
        "Float(2.0)",
        "Timestamp(2024-01-02T03:04:05Z)",
        "Time(01:02:03), Null, Text(\"free\")",
    ] {
        assert!(shown.contains(value), "{value} is not in {shown}");
    }
}

#[tokio::test]
async fn its_tokens_are_good_and_go_with_their_user() {
    let store = original().await;
    let b = id("4d859198-29b6-42ba-b3da-2cfb4392ad16");
    let token = store
        .find_token(&["a-token"])
        .await
        .expect("an answer")
        .expect("a token");
    assert_eq!(token.user_id, b);
    assert_eq!(
        token.created_at,
        "2026-11-21T06:21:18.560139Z"
            .parse::<DateTime<Utc>>()
            .expect("an instant")
    );
    let capitals = store
        .find_token(&["another"])
        .await
        .expect("an answer")
        .expect("a token");
    assert_eq!(capitals.user_id, b);
    assert_eq!(capitals.created_at.timestamp_subsec_micros(), 0);
    store.delete(&b).await.expect("deleted");
    let left: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM oauth_account")
        .fetch_one(store.pool())
        .await
        .expect("a count");
    assert_eq!(left, 0);
}

/// SQLite does not count.
#[tokio::test]
async fn a_token_of_any_length_is_stored() {
    let store = original().await;
    let account = store
        .find_account("google", "1")
        .await
        .expect("an answer")
        .expect("an account");
    let long = OAuthAccount {
        access_token: "é".repeat(5000),
        refresh_token: Some("é".repeat(5000)),
        ..account
    };
    store.update_account(long.clone()).await.expect("changed");
    assert_eq!(
        store.find_account("google", "1").await.expect("an answer"),
        Some(long)
    );
}

#[tokio::test]
async fn migrating_adds_indexes_only() {
    let store = original().await;
    store.migrate().await.expect("indexes");
    store.check().await.expect("tables that fit");
    let names: Vec<String> =
        sqlx::query_scalar("SELECT name FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name")
            .fetch_all(store.pool())
            .await
            .expect("names");
    assert_eq!(
        names,
        [
            "accesstoken",
            "ix_accesstoken_created_at",
            "ix_accesstoken_user_id",
            "ix_oauth_account_account_id",
            "ix_oauth_account_oauth_name",
            "ix_oauth_account_user_id",
            "ix_user_email",
            "ix_user_email_lower",
            "oauth_account",
            "uq_oauth_account_account",
            "user",
        ]
    );
}

#[tokio::test]
async fn what_is_written_has_the_originals_form() {
    let store = original().await;
    let ada = user(&store, "ada@example.com").await;
    let id = ada.account().id.clone();
    let created_at = "2026-01-02T03:04:05.000006Z".parse().expect("an instant");
    let token = AccessToken {
        token: "x".repeat(43),
        user_id: id.clone(),
        created_at,
    };
    store.insert_token(token).await.expect("a token");
    let sql = "SELECT typeof(id), id, typeof(is_active), is_active, typeof(created_at), created_at, typeof(user_id), user_id \
               FROM user JOIN accesstoken ON user_id = id WHERE email = 'ada@example.com'";
    let row = sqlx::query(sql)
        .fetch_one(store.pool())
        .await
        .expect("a row");
    let hyphenated = id.0.hyphenated().to_string();
    let text = |index: usize| row.get_unchecked::<String, _>(index);
    assert_eq!([text(0), text(1)], ["text", &hyphenated]);
    assert_eq!(
        (text(2).as_str(), row.get_unchecked::<i64, _>(3)),
        ("integer", 1)
    );
    assert_eq!([text(4), text(5)], ["text", "2026-01-02 03:04:05.000006"]);
    assert_eq!([text(6), text(7)], ["text", &hyphenated]);
}

#[tokio::test]
async fn ids_without_hyphens_are_told_apart_and_served() {
    let store = original().await;
    run(&store, "DELETE FROM accesstoken; DELETE FROM oauth_account; UPDATE user SET id = replace(id, '-', '')").await;
    run(&store, "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, 'id CHAR(36)', 'id CHAR(32)')").await;
    run(&store, "PRAGMA writable_schema = RESET").await;
    let kate = id("36102973-63ab-4b7b-80a1-0ca4f70f8d9d");
    assert!(store.find(&kate).await.expect("an answer").is_none());
    let error = store
        .migrate()
        .await
        .expect_err("another form of UUIDs")
        .to_string();
    let expected = "column `user.id` is CHAR(32) where the field needs CHAR(36); call `.uuids_without_hyphens()` on the store";
    assert!(error.contains(expected), "{error}");

    let store = store.uuids_without_hyphens();
    store.migrate().await.expect("indexes");
    assert!(store.find(&kate).await.expect("an answer").is_some());
    let ada = user(&store, "ada@example.com").await;
    let token = AccessToken {
        token: "t".into(),
        user_id: ada.account().id.clone(),
        created_at: Utc::now(),
    };
    store.insert_token(token).await.expect("a token");
    store.delete(ada.account().id).await.expect("deleted");
    assert!(store.find_token(&["t"]).await.expect("an answer").is_none());
}
