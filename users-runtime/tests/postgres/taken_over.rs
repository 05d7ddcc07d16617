//! A database that FastAPI Users' SQLAlchemy adapter has made, with its rows.

use chrono::{DateTime, Utc};
use sqlx::Row;
use users_runtime::{
    Administration as _, UserModel, UserSearch,
    conformance::{IntId, Member, UuidId},
    store::{
        AccessToken, AccessTokenStore, OAuthAccount, OAuthAccountStore as _, PostgresStore,
        StoreError, UserStore,
    },
};

use crate::support::{Database, User, empty, migrated, run, user, values};

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

async fn original() -> Database<User> {
    let store = empty().await;
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
        .find_by_email("KÄTHE@example.com")
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
    assert!(
        format!("{other:?}")
            .contains("Float(2.0), Null, Null, Null, Null, Null, Null, Text(\"free\")"),
        "{other:?}"
    );
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
        (id("4d859198-29b6-42ba-b3da-2cfb4392ad16"), Some(1), "t")
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
    store
        .insert_account(OAuthAccount {
            account_id: "2".into(),
            ..changed
        })
        .await
        .expect("a second account");
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
    run(
        &store,
        "ALTER TABLE oauth_account ALTER expires_at TYPE BIGINT",
    )
    .await;
    store.migrate().await.expect("an index on the address");
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
    run(&store, "ALTER TABLE oauth_account ALTER access_token TYPE VARCHAR, ALTER refresh_token TYPE VARCHAR").await;
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
async fn migrating_adds_indexes_only() {
    let store = original().await;
    let layout = || async {
        let sql = "SELECT relname || relkind::text FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1";
        sqlx::query_scalar::<_, String>(sql)
            .fetch_all(store.pool())
            .await
            .expect("names")
    };
    let before = layout().await;
    store.migrate().await.expect("indexes");
    store.check().await.expect("tables that fit");
    let after = layout().await;
    let added = after
        .iter()
        .filter(|name| !before.contains(name))
        .map(String::as_str)
        .collect::<Vec<_>>();
    assert_eq!(
        added,
        [
            "ix_accesstoken_user_idi",
            "ix_oauth_account_user_idi",
            "ix_user_email_loweri",
            "uq_oauth_account_accounti"
        ]
    );
}

/// The tables that this store makes are those of the original, column by column.
#[tokio::test]
async fn its_layout_is_what_a_new_database_gets() {
    let columns = |store: Database<User>| async move {
        let sql = "SELECT format('%s.%s %s(%s) %s', table_name, column_name, data_type, character_maximum_length, is_nullable) \
                   FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1";
        sqlx::query_scalar::<_, String>(sql)
            .fetch_all(store.pool())
            .await
            .expect("columns")
    };
    let theirs = columns(original().await).await;
    let ours = columns(migrated().await).await;
    // But for the naive timestamp of the user's own, which the original's `DateTime` makes, and for tokens that may be longer and
    // expire later.
    let wider = |line: &String| {
        let line = line.replace("timestamp without", "timestamp with").replace(
            "_token character varying(1024)",
            "_token character varying()",
        );
        line.replace("expires_at integer()", "expires_at bigint()")
    };
    let theirs = theirs.iter().map(wider).collect::<Vec<_>>();
    assert_eq!(ours, theirs);
}

#[tokio::test]
async fn what_is_written_has_the_originals_form() {
    let store = original().await;
    let ada = user(&store, "ada@example.com").await;
    let created_at = "2026-01-02T03:04:05.000006Z".parse().expect("an instant");
    let token = AccessToken {
        token: "x".repeat(43),
        user_id: ada.account().id.clone(),
        created_at,
    };
    store.insert_token(token).await.expect("a token");
    let seen = users_runtime::store::ColumnValue {
        column: crate::support::column("seen_at"),
        value: users_runtime::Value::Timestamp(created_at),
    };
    // A database whose own time is not UTC.
    let tokyo = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET TimeZone = ''Asia/Tokyo''', current_database()); END $$";
    run(&store, tokyo).await;
    let store = PostgresStore::<User>::connect(&store.url)
        .await
        .expect("a database");
    store
        .update(ada.account().id, vec![seen], None)
        .await
        .expect("changed");
    let sql = "SELECT id::text, created_at::text, seen_at::text FROM \"user\" JOIN accesstoken ON user_id = id WHERE email = 'ada@example.com'";
    let row = sqlx::query(sql)
        .fetch_one(store.pool())
        .await
        .expect("a row");
    assert_eq!(row.get::<String, _>(0), ada.account().id.to_string());
    assert_eq!(row.get::<String, _>(1), "2026-01-02 03:04:05.000006+00");
    assert_eq!(row.get::<String, _>(2), "2026-01-02 03:04:05.000006");
}

#[tokio::test]
async fn ids_that_the_database_assigns_go_on_where_they_were() {
    let store = empty::<Member<IntId>>().await;
    run(
        &store,
        "CREATE TABLE \"user\" (id SERIAL NOT NULL, email VARCHAR(320) NOT NULL, hashed_password VARCHAR(1024) NOT NULL,
            is_active BOOLEAN NOT NULL, is_superuser BOOLEAN NOT NULL, is_verified BOOLEAN NOT NULL, PRIMARY KEY (id));
         CREATE UNIQUE INDEX ix_user_email ON \"user\" (email);
         INSERT INTO \"user\" (email, hashed_password, is_active, is_superuser, is_verified)
            VALUES ('a@example.com', 'h', TRUE, FALSE, FALSE)",
    )
    .await;
    store.migrate().await.expect("columns and indexes");
    assert_eq!(user(&store, "b@example.com").await.account().id, &IntId(2));
    run(&store, "DROP TABLE \"user\" CASCADE").await;
    store.migrate().await.expect("a table");
    run(
        &store,
        "ALTER TABLE \"user\" ALTER id DROP DEFAULT; ALTER TABLE \"user\" ALTER id ADD GENERATED ALWAYS AS IDENTITY (START 7)",
    )
    .await;
    store.check().await.expect("an identity is a default");
    assert_eq!(user(&store, "c@example.com").await.account().id, &IntId(7));
}

/// The server's `lower` asks the collation which letters are capitals: `C` knows those of ASCII only, the database all.
#[tokio::test]
async fn an_address_of_another_collation_than_the_databases_is_found() {
    let database = migrated::<User>().await;
    run(
        &database,
        "ALTER TABLE \"user\" ALTER email TYPE VARCHAR(320) COLLATE \"C\"",
    )
    .await;
    database.check().await.expect("tables that fit");
    let store = PostgresStore::<User>::connect(&database.url)
        .await
        .expect("a database");
    user(&store, "ZOË@example.com").await;
    for (email, is_found) in [
        ("ZOË@example.com", true),
        ("zoË@EXAMPLE.com", true),
        ("zoë@example.com", false),
    ] {
        assert_eq!(
            store
                .find_by_email(email)
                .await
                .expect("an answer")
                .is_some(),
            is_found,
            "{email}"
        );
        let search = UserSearch::new().email(email);
        assert_eq!(
            store.count(&search).await.expect("an answer"),
            u64::from(is_found),
            "{email}"
        );
    }
    user(&store, "zoë@example.com").await;
    assert!(matches!(
        store.insert(values::<User>("zOË@example.com")).await,
        Err(StoreError::EmailTaken)
    ));
    run(
        &database,
        "INSERT INTO \"user\" (id, email, hashed_password, is_active, is_superuser, is_verified, plan)
            SELECT gen_random_uuid(), 'u' || n || '@example.com', 'hash', TRUE, FALSE, FALSE, 'free' FROM generate_series(1, 5000) n;
         ANALYZE",
    )
    .await;
    let sql = "SET plan_cache_mode = force_generic_plan; PREPARE found (text) AS SELECT id FROM \"user\" \
               WHERE lower(\"user\".\"email\") = lower(CASE WHEN TRUE THEN $1 ELSE \"user\".\"email\" END)";
    let mut connection = database.pool().acquire().await.expect("a connection");
    sqlx::raw_sql(sql)
        .execute(&mut *connection)
        .await
        .expect("valid SQL");
    let rows = sqlx::raw_sql("EXPLAIN (COSTS OFF) EXECUTE found ('a')")
        .fetch_all(&mut *connection)
        .await
        .expect("a plan");
    let plan = rows
        .iter()
        .map(|row| row.get::<String, _>(0))
        .collect::<Vec<_>>()
        .join("; ");
    assert!(
        plan.contains("using ix_user_email_lower")
            && plan.contains("Index Cond: (lower((email)::text) = lower(("),
        "{plan}"
    );
}
