//! A database that FastAPI Users' SQLAlchemy adapter has made, with its rows.

use chrono::{DateTime, Utc};
use sqlx::Row;
use users_runtime::{
    UserModel, Value,
    conformance::{IntId, Member, UuidId},
    store::{
        AccessToken, AccessTokenStore, ColumnValue, OAuthAccount, OAuthAccountStore as _,
        StoreError, UserStore,
    },
};

use crate::support::{Database, User, column, empty, migrated, run, user, values};

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

async fn original() -> Database<User> {
    let store = empty().await;
    run(&store, ORIGINAL).await;
    store.migrate().await.expect("a key and its index");
    store
}

fn id(text: &str) -> UuidId {
    UuidId(text.parse().expect("a UUID"))
}

#[tokio::test]
async fn its_rows_are_read() {
    let store = original().await;
    let kate = store
        .find_by_email("KÄTHE@example.com")
        .await
        .expect("an answer")
        .expect("a user");
    assert_eq!(
        kate.account().id,
        &id("80c90bb6-aca4-4aad-9cc3-abbea866d2cf")
    );
    assert_eq!(kate.account().email, "Käthe@Example.com");
    assert!(
        kate.account().is_active && !kate.account().is_superuser && !kate.account().is_verified
    );
    let shown = format!("{kate:?}");
    for value in [
        "Text(\"K\"), Bool(true), Int(3), Int(1), Int(9223372036854775807), Float(1.5), Bytes([0, 1])",
        "Uuid(474bee3c-5b51-4084-9942-60b4a001d6e4), Timestamp(2024-01-02T03:04:05Z), Date(2024-01-02)",
        "Time(01:02:03), Json(Object {\"a\": Array [Number(1), String(\"é\")]})",
    ] {
        assert!(shown.contains(value), "{value} is not in {shown}");
    }
    let other = store
        .find(&id("cc31f510-857a-41e8-b157-0a420098699b"))
        .await
        .expect("an answer")
        .expect("a user");
    assert!(
        !other.account().is_active && other.account().is_superuser && other.account().is_verified
    );
    assert!(
        format!("{other:?}")
            .contains("Float(2.0), Null, Null, Null, Null, Null, Null, Text(\"free\")"),
        "{other:?}"
    );
}

#[tokio::test]
async fn its_tokens_are_good_and_go_with_their_user() {
    let store = original().await;
    let b = id("cc31f510-857a-41e8-b157-0a420098699b");
    let token = store
        .find_token(&["a-token"])
        .await
        .expect("an answer")
        .expect("a token");
    assert_eq!(token.user_id, b);
    assert_eq!(
        token.created_at,
        "2026-11-21T10:54:41Z"
            .parse::<DateTime<Utc>>()
            .expect("an instant")
    );
    for other in ["A-TOKEN", "a-token ", "ä-token"] {
        assert!(
            store
                .find_token(&[other])
                .await
                .expect("an answer")
                .is_none(),
            "{other:?} is a token"
        );
        assert!(
            !store.delete_token(other).await.expect("an answer"),
            "{other:?} is a token"
        );
    }
    store.delete(&b).await.expect("deleted");
    let left: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM oauth_account")
        .fetch_one(store.pool())
        .await
        .expect("a count");
    assert_eq!(left, 0);
}

#[tokio::test]
async fn its_oauth_accounts_are_read_and_changed() {
    let store = original().await;
    let account = store
        .find_account("google", "1")
        .await
        .expect("an answer")
        .expect("an account");
    assert_eq!(
        (
            account.user_id.clone(),
            account.expires_at,
            &*account.access_token
        ),
        (id("cc31f510-857a-41e8-b157-0a420098699b"), Some(1), "t")
    );
    let changed = OAuthAccount {
        expires_at: Some(2),
        refresh_token: Some("r".into()),
        ..account
    };
    store
        .update_account(changed.clone())
        .await
        .expect("changed");
    assert_eq!(
        store.find_account("google", "1").await.expect("an answer"),
        Some(changed.clone())
    );
    // The collation of its table takes these for one.
    let [small, large] = ["abc", "ABC"].map(|name| OAuthAccount {
        account_id: name.into(),
        ..changed.clone()
    });
    store
        .insert_account(small.clone())
        .await
        .expect("a second account");
    store
        .insert_account(large.clone())
        .await
        .expect("a third account");
    let newer = OAuthAccount {
        access_token: "newer".into(),
        ..small.clone()
    };
    store.update_account(newer.clone()).await.expect("changed");
    assert_eq!(
        store
            .find_account("google", "abc")
            .await
            .expect("an answer"),
        Some(newer)
    );
    assert_eq!(
        store
            .find_account("google", "ABC")
            .await
            .expect("an answer"),
        Some(large)
    );
    assert!(
        store
            .delete_account(&small.user_id, "google", "abc")
            .await
            .expect("an answer")
    );
    assert!(
        store
            .find_account("google", "ABC")
            .await
            .expect("an answer")
            .is_some(),
        "another account went as well"
    );
}

/// Its column has 32 bits.
#[tokio::test]
async fn an_expiry_beyond_2038_is_stored_as_the_last_that_fits() {
    let store = original().await;
    let (last, beyond) = (i64::from(i32::MAX), i64::from(i32::MAX) + 1);
    let account = store
        .find_account("google", "1")
        .await
        .expect("an answer")
        .expect("an account");
    let expiry = |id: &'static str| {
        let account = store.find_account("google", id);
        async move {
            account
                .await
                .expect("an answer")
                .expect("an account")
                .expires_at
        }
    };
    let expiring = |account_id: &str, expires_at| OAuthAccount {
        account_id: account_id.into(),
        expires_at: Some(expires_at),
        ..account.clone()
    };
    for (given, stored) in [
        (last, last),
        (beyond, last),
        (i64::MAX, last),
        (i64::MIN, i64::from(i32::MIN)),
    ] {
        store
            .update_account(expiring("1", given))
            .await
            .expect("changed");
        assert_eq!(expiry("1").await, Some(stored), "{given}");
    }
    store
        .insert_account(expiring("2", beyond))
        .await
        .expect("an account");
    assert_eq!(expiry("2").await, Some(last));
    let account = |user_id| OAuthAccount {
        user_id,
        ..expiring("3", i64::MAX)
    };
    store
        .insert_user_with_account(values::<User>("new@example.com"), &account)
        .await
        .expect("a user with an account");
    assert_eq!(expiry("3").await, Some(last));
    // The advice is good.
    run(&store, "ALTER TABLE oauth_account MODIFY expires_at BIGINT").await;
    store.check().await.expect("tables that fit");
    store
        .update_account(expiring("3", i64::MAX))
        .await
        .expect("changed");
    assert_eq!(expiry("3").await, Some(i64::MAX));
}

/// Its columns have 1,024 characters.
#[tokio::test]
async fn a_token_that_does_not_fit_is_refused_and_changes_nothing() {
    let store = original().await;
    let account = store
        .find_account("google", "1")
        .await
        .expect("an answer")
        .expect("an account");
    let (fits, exceeds) = ("é".repeat(1024), "é".repeat(1025));
    let full = OAuthAccount {
        access_token: fits.clone(),
        refresh_token: Some(fits.clone()),
        ..account
    };
    store.update_account(full.clone()).await.expect("changed");
    for (column, long) in [
        (
            "access_token",
            OAuthAccount {
                access_token: exceeds.clone(),
                ..full.clone()
            },
        ),
        (
            "refresh_token",
            OAuthAccount {
                refresh_token: Some(exceeds.clone()),
                ..full.clone()
            },
        ),
    ] {
        let refused = |result| match result {
            Err(StoreError::Value {
                column,
                reason: "longer than the column allows",
            }) => column,
            other => panic!("{other:?}"),
        };
        assert_eq!(refused(store.update_account(long.clone()).await), column);
        let second = OAuthAccount {
            account_id: "2".into(),
            ..long.clone()
        };
        assert_eq!(refused(store.insert_account(second.clone()).await), column);
        let with_user = |user_id| OAuthAccount {
            user_id,
            ..second.clone()
        };
        let registered = store
            .insert_user_with_account(values::<User>("new@example.com"), &with_user)
            .await;
        assert_eq!(refused(registered.map(drop)), column);
    }
    assert_eq!(
        store.find_account("google", "1").await.expect("an answer"),
        Some(full.clone())
    );
    assert!(
        store
            .find_account("google", "2")
            .await
            .expect("an answer")
            .is_none()
    );
    assert!(
        store
            .find_by_email("new@example.com")
            .await
            .expect("an answer")
            .is_none()
    );
    // The advice is good.
    run(&store, "ALTER TABLE oauth_account MODIFY access_token LONGTEXT NOT NULL, MODIFY refresh_token LONGTEXT").await;
    let long = OAuthAccount {
        access_token: exceeds.clone(),
        refresh_token: Some(exceeds),
        ..full
    };
    store.update_account(long.clone()).await.expect("changed");
    assert_eq!(
        store.find_account("google", "1").await.expect("an answer"),
        Some(long)
    );
}

#[tokio::test]
async fn migrating_adds_keys_and_their_indexes_only() {
    let store = empty::<User>().await;
    run(&store, ORIGINAL).await;
    let layout = || async {
        let sql = "SELECT CONCAT_WS(' ', table_name, column_name, column_type, collation_name, is_nullable) \
                       FROM information_schema.columns WHERE table_schema = DATABASE() \
                   UNION ALL SELECT CONCAT_WS(' ', table_name, index_name, seq_in_index, column_name) \
                       FROM information_schema.statistics WHERE table_schema = DATABASE() ORDER BY 1";
        sqlx::query_scalar::<_, String>(sql)
            .fetch_all(store.pool())
            .await
            .expect("names")
    };
    let before = layout().await;
    store.migrate().await.expect("keys and their indexes");
    store.check().await.expect("tables that fit");
    let after = layout().await;
    let added = after
        .iter()
        .filter(|name| !before.contains(name))
        .map(String::as_str)
        .collect::<Vec<_>>();
    let expected = [
        "oauth_account account_id_key varbinary(1280) YES",
        "oauth_account uq_oauth_account_account 1 oauth_name",
        "oauth_account uq_oauth_account_account 2 account_id_key",
        "user email_key varbinary(1280) YES",
        "user ix_user_email_lower 1 email_key",
    ];
    assert_eq!(added, expected);
    assert!(before.iter().all(|name| after.contains(name)), "{after:?}");
}

/// The tables that this store makes are those of the original, column by column.
#[tokio::test]
async fn its_layout_is_what_a_new_database_gets() {
    let columns = |store: Database<User>| async move {
        let sql = "SELECT CONCAT_WS(' ', table_name, column_name, column_type, is_nullable) \
                   FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY 1";
        sqlx::query_scalar::<_, String>(sql)
            .fetch_all(store.pool())
            .await
            .expect("columns")
    };
    let theirs = columns(original().await).await;
    let ours = columns(migrated().await).await;
    // But for fractions of seconds, for texts and bytes that may be longer, and for tokens that may expire later.
    let wider = |line: &String| {
        let line = line
            .replace("datetime", "datetime(6)")
            .replace("timestamp", "datetime(6)")
            .replace(" time ", " time(6) ");
        let line = line
            .replace(" text ", " longtext ")
            .replace(" blob ", " longblob ");
        line.replace("_token varchar(1024)", "_token longtext")
            .replace("expires_at int(11)", "expires_at bigint(20)")
    };
    // What tells accounts apart there, whatever the collation.
    let is_key = |line: &&String| line.starts_with("oauth_account account_id_key ");
    assert_eq!(
        ours,
        theirs
            .iter()
            .filter(|line| !is_key(line))
            .map(wider)
            .collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn what_is_written_has_the_originals_form_and_is_utc() {
    let store = original().await;
    let ada = user(&store, "ada@example.com").await;
    let created_at = "2026-01-02T03:04:05Z".parse().expect("an instant");
    let token = AccessToken {
        token: "x".repeat(43),
        user_id: ada.account().id.clone(),
        created_at,
    };
    store.insert_token(token).await.expect("a token");
    let seen = ColumnValue {
        column: column("seen_at"),
        value: Value::Timestamp(created_at),
    };
    store
        .update(ada.account().id, vec![seen], None)
        .await
        .expect("changed");
    let mut connection = store.pool().acquire().await.expect("a connection");
    let sql = "SELECT CAST(id AS CHAR), UNIX_TIMESTAMP(created_at), CAST(seen_at AS CHAR) \
               FROM user JOIN accesstoken ON user_id = id WHERE email = 'ada@example.com'";
    // Whatever the session of the reader.
    sqlx::raw_sql("SET time_zone = '+09:00'")
        .execute(&mut *connection)
        .await
        .expect("valid SQL");
    let row = sqlx::query(sql)
        .fetch_one(&mut *connection)
        .await
        .expect("a row");
    assert_eq!(row.get::<String, _>(0), ada.account().id.to_string());
    assert_eq!(row.get_unchecked::<i64, _>(1), 1_767_323_045);
    assert_eq!(row.get::<String, _>(2), "2026-01-02 03:04:05");
}

#[tokio::test]
async fn the_original_goes_on_inserting_beside_us() {
    let store = original().await;
    run(
        &store,
        "INSERT INTO user (plan, id, email, hashed_password, is_active, is_superuser, is_verified) \
            VALUES ('free', '00000000-0000-4000-8000-000000000001', 'New@Example.com', 'h', 1, 0, 0)",
    )
    .await;
    assert!(
        store
            .find_by_email("new@example.COM")
            .await
            .expect("an answer")
            .is_some()
    );
    assert!(matches!(
        store.insert(values::<User>("NEW@example.com")).await,
        Err(StoreError::EmailTaken)
    ));
    // What its own index takes for the same is taken here as well.
    assert!(matches!(
        store.insert(values::<User>("néw@example.com")).await,
        Err(StoreError::EmailTaken)
    ));
    assert!(
        store
            .find_by_email("néw@example.com")
            .await
            .expect("an answer")
            .is_none()
    );
}

#[tokio::test]
async fn a_table_that_is_missing_fits_the_users_table_that_is_there() {
    let store = empty::<User>().await;
    run(&store, ORIGINAL).await;
    run(&store, "DROP TABLE accesstoken; DROP TABLE oauth_account").await;
    store
        .migrate()
        .await
        .expect("tables with foreign keys of the same collation");
    store.check().await.expect("tables that fit");
    let ada = user(&store, "ada@example.com").await;
    let token = AccessToken {
        token: "t".into(),
        user_id: ada.account().id.clone(),
        created_at: Utc::now(),
    };
    store.insert_token(token).await.expect("a token");
}

#[tokio::test]
async fn ids_that_the_database_assigns_go_on_where_they_were() {
    let store = empty::<Member<IntId>>().await;
    run(
        &store,
        "CREATE TABLE user (id INTEGER NOT NULL AUTO_INCREMENT, email VARCHAR(320) NOT NULL, hashed_password VARCHAR(1024) NOT NULL,
            is_active BOOL NOT NULL, is_superuser BOOL NOT NULL, is_verified BOOL NOT NULL, PRIMARY KEY (id));
         CREATE UNIQUE INDEX ix_user_email ON user (email);
         INSERT INTO user (email, hashed_password, is_active, is_superuser, is_verified) VALUES ('a@example.com', 'h', 1, 0, 0)",
    )
    .await;
    store.migrate().await.expect("columns and indexes");
    let b = user(&store, "b@example.com").await;
    assert_eq!(b.account().id, &IntId(2));
    store.delete(b.account().id).await.expect("deleted");
    assert_eq!(
        user(&store, "c@example.com").await.account().id,
        &IntId(3),
        "an id was given twice"
    );
}
