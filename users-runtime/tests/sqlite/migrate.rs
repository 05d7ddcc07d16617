//! Creating tables, and judging those that are there.

use std::sync::Arc;

use users_runtime::{
    UserModel,
    conformance::{BigId, IntId, Member, TextId},
    store::{
        AccessTokenStore, SchemaError, SchemaProblemKind as Kind, SqliteStore, StoreError,
        UserStore,
    },
};

use crate::support::{Folder, User, empty, migrated, run, user};

/// The columns of `Member` but the six, as its store makes them.
const EXTRAS: &str = "nickname VARCHAR, is_curious BOOLEAN, small SMALLINT, medium INTEGER, \"order\" BIGINT, ratio FLOAT, \
                      avatar BLOB, tenant CHAR(36), seen_at TIMESTAMP, born_on DATE, wakes_at TIME, settings TEXT, \
                      plan VARCHAR(10) NOT NULL";

async fn table(store: &SqliteStore<User>, six: &str) {
    let sql = sqlx::AssertSqlSafe(format!(
        "CREATE TABLE user ({six}, {EXTRAS}, PRIMARY KEY (id))"
    ));
    sqlx::raw_sql(sql)
        .execute(store.pool())
        .await
        .expect("valid SQL");
}

const SIX: &str = "id CHAR(36) NOT NULL, email VARCHAR(320) NOT NULL, hashed_password VARCHAR(1024) NOT NULL, is_active BOOLEAN NOT \
                   NULL, is_superuser BOOLEAN NOT NULL, is_verified BOOLEAN NOT NULL";

fn kinds(error: &SchemaError) -> Vec<&Kind> {
    match error {
        SchemaError::Mismatch(problems) => problems.iter().map(|problem| &problem.kind).collect(),
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn migrating_twice_changes_nothing() {
    let store = migrated::<User>().await;
    let dump = || async {
        let sql = "SELECT group_concat(sql, ';') FROM sqlite_master";
        sqlx::query_scalar::<_, String>(sql)
            .fetch_one(store.pool())
            .await
            .expect("a schema")
    };
    let before = dump().await;
    user(&store, "ada@example.com").await;
    store.migrate().await.expect("nothing to do");
    assert_eq!(dump().await, before);
    store.check().await.expect("tables that fit");
}

#[tokio::test]
async fn every_kind_of_id_has_a_table_that_fits() {
    migrated::<Member<BigId>>()
        .await
        .check()
        .await
        .expect("i64");
    migrated::<Member<IntId>>()
        .await
        .check()
        .await
        .expect("i32");
    migrated::<Member<TextId>>()
        .await
        .check()
        .await
        .expect("string");
}

#[tokio::test]
async fn the_text_of_the_schema_makes_what_migrating_makes() {
    let store = empty::<User>().await;
    let sql = store.schema_sql();
    for line in [
        "CREATE TABLE IF NOT EXISTS \"user\" (\n\t\"id\" CHAR(36) NOT NULL,\n\t\"email\" VARCHAR(320) NOT NULL,",
        "\n\t\"hashed_password\" VARCHAR(1024) NOT NULL,\n\t\"is_active\" BOOLEAN NOT NULL,",
        "CREATE UNIQUE INDEX IF NOT EXISTS \"ix_user_email\" ON \"user\" (\"email\");",
        "CREATE UNIQUE INDEX IF NOT EXISTS \"ix_user_email_lower\" ON \"user\" (lower(\"email\"));",
        "CREATE TABLE IF NOT EXISTS \"accesstoken\" (\n\t\"token\" VARCHAR(43) NOT NULL,\n\t\"created_at\" TIMESTAMP NOT NULL,",
        "\n\t\"user_id\" CHAR(36) NOT NULL,\n\tPRIMARY KEY (\"token\"),",
        "\n\tFOREIGN KEY(\"user_id\") REFERENCES \"user\" (\"id\") ON DELETE CASCADE\n);",
        "\n\t\"expires_at\" BIGINT,\n\t\"refresh_token\" VARCHAR,\n\t\"account_id\" VARCHAR(320) NOT NULL,",
    ] {
        assert!(sql.contains(line), "{line}\nis not in\n{sql}");
    }
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
        .execute(store.pool())
        .await
        .expect("valid SQL");
    store.check().await.expect("tables that fit");
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_that_start_at_once_wait_for_each_other() {
    for _ in 0..5 {
        let folder = Arc::new(Folder::new());
        let mut starts = tokio::task::JoinSet::new();
        for number in 0..8 {
            let folder = Arc::clone(&folder);
            starts.spawn(async move {
                let store = SqliteStore::<User>::connect(&folder.url())
                    .await
                    .expect("a database");
                store.migrate().await.expect("tables");
                user(&store, &format!("user{number}@example.com")).await;
                store.pool().close().await;
            });
        }
        starts.join_all().await;
        let store = SqliteStore::<User>::connect(&folder.url())
            .await
            .expect("a database");
        let users: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM user")
            .fetch_one(store.pool())
            .await
            .expect("a count");
        assert_eq!(users, 8);
        store.pool().close().await;
    }
}

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
async fn a_database_without_tables_is_told_what_to_run() {
    let error = empty::<User>().await.check().await.expect_err("no tables");
    assert_eq!(kinds(&error), [&Kind::MissingTable, &Kind::MissingTable]);
    let text = error.to_string();
    assert!(
        text.contains("there is no table `user`; call `migrate()`")
            && text.contains("`accesstoken`"),
        "{text}"
    );
}

#[tokio::test]
async fn columns_are_added_where_the_rows_can_get_a_value() {
    let store = empty::<User>().await;
    run(
        &store,
        "CREATE TABLE user (id CHAR(36) NOT NULL, email VARCHAR(320) NOT NULL, hashed_password VARCHAR(1024) NOT NULL,
            is_active BOOLEAN NOT NULL, is_superuser BOOLEAN NOT NULL, is_verified BOOLEAN NOT NULL, PRIMARY KEY (id));
         INSERT INTO user VALUES ('36102973-63ab-4b7b-80a1-0ca4f70f8d9d', 'ada@example.com', 'h', 1, 0, 0)",
    )
    .await;
    let error = store.check().await.expect_err("columns are missing");
    let add = "call `migrate()`, or run `ALTER TABLE \"user\" ADD COLUMN \"plan\" VARCHAR(10) NOT NULL DEFAULT 'it''s free'`";
    assert!(error.to_string().contains(add), "{error}");
    store.migrate().await.expect("columns");
    store.check().await.expect("tables that fit");
    assert!(
        store
            .find_by_email("ADA@example.com")
            .await
            .expect("an answer")
            .is_some()
    );
}

#[tokio::test]
async fn a_column_that_rows_cannot_get_a_value_for_stops_the_migration() {
    let store = empty::<User>().await;
    run(
        &store,
        "CREATE TABLE user (id CHAR(36) NOT NULL, email VARCHAR(320) NOT NULL, PRIMARY KEY (id))",
    )
    .await;
    let error = store.migrate().await.expect_err("no hash");
    let missing = Kind::MissingColumn {
        column: "hashed_password".into(),
    };
    assert!(kinds(&error).contains(&&missing), "{error}");
    let tables: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM sqlite_master WHERE type = 'table'")
        .fetch_one(store.pool())
        .await
        .expect("a count");
    assert_eq!(tables, 1, "something half-done was left");
}

#[tokio::test]
async fn addresses_that_differ_in_case_stop_the_migration_and_are_named_by_id() {
    let store = empty::<User>().await;
    table(&store, SIX).await;
    run(
        &store,
        "INSERT INTO user (id, email, hashed_password, is_active, is_superuser, is_verified, plan) VALUES
            ('00000000-0000-4000-8000-000000000001', 'Ada@example.com', 'h', 1, 0, 0, 'free'),
            ('00000000-0000-4000-8000-000000000002', 'ada@example.com', 'h', 1, 0, 0, 'free'),
            ('00000000-0000-4000-8000-000000000003', 'bob@example.com', 'h', 1, 0, 0, 'free')",
    )
    .await;
    let error = store.migrate().await.expect_err("duplicates");
    let text = error.to_string();
    let SchemaError::DuplicateEmails { addresses: 1, ids } = error else {
        panic!("{error}")
    };
    assert_eq!(
        ids.concat(),
        [
            "00000000-0000-4000-8000-000000000001",
            "00000000-0000-4000-8000-000000000002"
        ]
    );
    assert!(
        text.starts_with("1 e-mail addresses") && !text.contains("example.com"),
        "{text}"
    );
    let left: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL OR name = 'accesstoken'")
            .fetch_one(store.pool())
            .await
            .expect("a count");
    assert_eq!(left, 0, "something half-done was left");

    // It serves them all the same, each by the address as it is stored.
    for email in ["Ada@example.com", "ada@example.com"] {
        let found = store
            .find_by_email(email)
            .await
            .expect("an answer")
            .expect("a user");
        assert_eq!(found.account().email, email);
    }
    assert!(
        store
            .find_by_email("ADA@example.com")
            .await
            .expect("an answer")
            .is_some()
    );
    run(&store, "DELETE FROM user WHERE email = 'Ada@example.com'").await;
    store.migrate().await.expect("one user per address");
}

#[tokio::test]
async fn wrong_columns_are_named_with_what_mends_them() {
    let store = empty::<User>().await;
    let six = SIX.replace(
        "is_verified BOOLEAN NOT NULL",
        "is_verified BOOLEAN, invited_by VARCHAR NOT NULL",
    );
    let sql = format!("CREATE TABLE user ({six}, {EXTRAS}, PRIMARY KEY (id))")
        .replace("nickname VARCHAR", "nickname STRING")
        .replace("small SMALLINT", "small SMALLINT NOT NULL");
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
        .execute(store.pool())
        .await
        .expect("valid SQL");
    let error = store.check().await.expect_err("problems");
    let column = |name: &str| name.to_owned();
    assert_eq!(
        kinds(&error),
        [
            &Kind::Nullable {
                column: column("is_verified")
            },
            &Kind::WrongType {
                column: column("nickname"),
                found: column("STRING"),
                expected: column("VARCHAR")
            },
            &Kind::NotNullable {
                column: column("small")
            },
            &Kind::UnknownRequiredColumn {
                column: column("invited_by")
            },
            &Kind::MissingEmailIndex,
            &Kind::MissingTable,
        ]
    );
}

#[tokio::test]
async fn two_user_types_need_tables_of_their_own() {
    struct_of_another_table::check().await;
}

mod struct_of_another_table {
    use users_runtime::{
        Account, Column, UserModel, Viewer,
        conformance::UuidId,
        model::{Config, Row, RowError},
    };

    use super::*;

    /// The same users in another table.
    #[derive(Clone)]
    struct Admin(User);

    impl UserModel for Admin {
        type Id = UuidId;
        type Read = <User as UserModel>::Read;
        type Create = <User as UserModel>::Create;
        type Update = <User as UserModel>::Update;
        const TABLE: &'static str = "admin";
        const COLUMNS: &'static [Column] = User::COLUMNS;
        const CONFIG: Config = User::CONFIG;

        fn from_row(row: &mut Row) -> Result<Self, RowError> {
            User::from_row(row).map(Self)
        }

        fn account(&self) -> Account<'_, UuidId> {
            self.0.account()
        }

        fn read(&self, email: String, viewer: Viewer) -> Self::Read {
            self.0.read(email, viewer)
        }
    }

    pub(super) async fn check() {
        let users = migrated::<User>().await;
        let shared = SqliteStore::<Admin>::new(users.pool().clone());
        let error = shared
            .migrate()
            .await
            .expect_err("the tokens are the users'");
        let foreign = Kind::ForeignTable {
            references: "user".into(),
        };
        assert_eq!(kinds(&error), [&foreign, &foreign]);
        assert!(
            error.to_string().contains("`.access_token_table(\"…\")`"),
            "{error}"
        );

        let admins = shared
            .access_token_table("admin_token")
            .oauth_account_table("admin_account");
        admins.migrate().await.expect("tables of its own");
        let (ada, root) = (
            user(&users, "ada@example.com").await,
            user(&admins, "ada@example.com").await,
        );
        let token = |id: &UuidId| users_runtime::store::AccessToken {
            token: "t".into(),
            user_id: id.clone(),
            created_at: chrono::Utc::now(),
        };
        users
            .insert_token(token(ada.account().id))
            .await
            .expect("a token");
        admins
            .insert_token(token(root.account().id))
            .await
            .expect("a token");
        admins.delete(root.account().id).await.expect("deleted");
        assert!(users.find_token(&["t"]).await.expect("an answer").is_some());
        assert!(matches!(
            admins.insert_token(token(ada.account().id)).await,
            Err(StoreError::NotFound)
        ));
    }
}

#[tokio::test]
async fn keys_that_are_lost_are_told_with_what_to_run() {
    let store = migrated::<User>().await;
    let run = async |sql: &str| crate::standard::run(&store, sql).await;
    crate::keys::judge(
        &store.schema_sql(),
        run,
        async || store.migrate().await,
        async || store.check().await,
    )
    .await;
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
