//! Columns of tables that others have made: unsigned ids, UUIDs in other forms, enumerations, numbers of a fixed scale, short texts.

use users_runtime::{
    PasswordHash, UserModel,
    store::{Administration as _, MySqlStore, SchemaError, UserStore as _},
    value::Value,
};
use uuid::Uuid;

use crate::{
    existing::{lives, refused, with},
    support::{Database, empty, run, run_text},
};

#[derive(Clone, Debug, UserModel)]
#[fastapi_users(table = "user", backend(name = "db", transport = bearer, strategy = database))]
struct Numbered {
    id: i64,
    email: String,
    hashed_password: PasswordHash,
    is_active: bool,
    is_superuser: bool,
    is_verified: bool,
    #[fastapi_users(default = "free")]
    plan: String,
    #[fastapi_users(default = 0.0)]
    balance: f64,
}

#[derive(Clone, Debug, UserModel)]
#[fastapi_users(table = "user", backend(name = "db", transport = bearer, strategy = database))]
struct Identified {
    id: Uuid,
    email: String,
    hashed_password: PasswordHash,
    is_active: bool,
    is_superuser: bool,
    is_verified: bool,
    tenant: Option<Uuid>,
}

const COLUMNS: &str = "email VARCHAR(255) NOT NULL UNIQUE, hashed_password VARCHAR(255) NOT NULL, is_active TINYINT(1) NOT NULL, \
                       is_superuser TINYINT(1) NOT NULL, is_verified TINYINT(1) NOT NULL";

async fn numbered(id: &str) -> Database<Numbered> {
    let store = empty::<Numbered>().await;
    let sql = format!(
        "CREATE TABLE user (id {id} NOT NULL AUTO_INCREMENT PRIMARY KEY, {COLUMNS}, plan ENUM('free', 'paid') NOT NULL, \
         balance DECIMAL(12,2) NOT NULL) COLLATE utf8mb4_general_ci"
    );
    run_text(&store, sql).await;
    store.migrate().await.expect("what is missing");
    store.check().await.expect("a table that is served");
    store
}

#[tokio::test]
async fn unsigned_ids_enumerations_and_numbers_of_a_fixed_scale_are_served() {
    for id in ["BIGINT UNSIGNED", "INT UNSIGNED", "INT", "BIGINT"] {
        let store = numbered(id).await;
        let plan = [
            ("plan", Value::Text("paid".into())),
            ("balance", Value::Float(-1_234_567_890.12)),
        ];
        let user = store
            .insert(with::<Numbered>("kate@example.com", plan))
            .await
            .expect("a new user");
        assert_eq!((user.id, &*user.plan), (1, "paid"), "{id}");
        assert!((user.balance - -1_234_567_890.12).abs() < f64::EPSILON);
        assert!(store.find(&-1).await.expect("an answer").is_none());
        assert!(store.find(&i64::MAX).await.expect("an answer").is_none());
        store.delete(&1).await.expect("deleted");
        lives(&store, with::<Numbered>("jo@example.com", [])).await;
        store.pool().close().await;
    }
}

#[tokio::test]
async fn an_id_that_no_field_holds_makes_its_user_unreadable_and_no_other() {
    let store = numbered("BIGINT UNSIGNED").await;
    let kate = store.insert(with::<Numbered>("kate@example.com", [])).await;
    let sql = "INSERT INTO user (id, email, hashed_password, is_active, is_superuser, is_verified, plan, balance) \
               VALUES (18446744073709551615, 'far@example.com', 'h', 1, 0, 0, 'free', 0)";
    run(&store, sql).await;
    assert!(
        store
            .find(&kate.expect("a user").id)
            .await
            .expect("an answer")
            .is_some()
    );
    store
        .find_by_email("far@example.com")
        .await
        .expect_err("an id beyond the field");
    let findings = store.doctor().await.expect("an answer");
    assert!(
        findings
            .iter()
            .any(|finding| finding.code() == "unreadable_users"),
        "{findings:?}"
    );
}

#[tokio::test]
async fn a_value_that_such_a_column_cannot_hold_is_refused_by_its_name() {
    let store = numbered("BIGINT UNSIGNED").await;
    let long = format!("{}@example.com", "a".repeat(250));
    for (field, value) in [
        ("plan", Value::Text("gold".into())),
        ("balance", Value::Float(1e10)),
        ("email", Value::Text(long)),
    ] {
        refused(
            store
                .insert(with::<Numbered>("jo@example.com", [(field, value)]))
                .await,
            field,
        );
    }
    let fits = format!("{}@example.com", "a".repeat(243));
    let user = store.insert(with::<Numbered>(&fits, [])).await;
    assert_eq!(user.expect("a new user").email, fits);
}

async fn identified(id: &str) -> Database<Identified> {
    let store = empty::<Identified>().await;
    let sql = format!(
        "CREATE TABLE user (id {id} NOT NULL PRIMARY KEY, {COLUMNS}, tenant {id}) COLLATE utf8mb4_general_ci"
    );
    run_text(&store, sql).await;
    store
}

#[tokio::test]
async fn uuids_are_served_in_the_form_that_the_table_has() {
    type Store = MySqlStore<Identified>;
    type Option = fn(Store) -> Store;
    let forms: [(&str, Option, &str, &str); 3] = [
        (
            "CHAR(36)",
            |store| store,
            "",
            "'36102973-63ab-4b7b-80a1-0ca4f70f8d9d'",
        ),
        (
            "CHAR(32)",
            Store::uuids_without_hyphens,
            ".uuids_without_hyphens()",
            "'3610297363ab4b7b80a10ca4f70f8d9d'",
        ),
        (
            "BINARY(16)",
            Store::uuids_as_bytes,
            ".uuids_as_bytes()",
            "X'3610297363ab4b7b80a10ca4f70f8d9d'",
        ),
    ];
    let kate = Uuid::parse_str("36102973-63ab-4b7b-80a1-0ca4f70f8d9d").expect("a UUID");
    for (declared, in_form, option, stored) in forms {
        let database = identified(declared).await;
        if !option.is_empty() {
            let SchemaError::Mismatch(problems) = database.check().await.expect_err(declared)
            else {
                panic!("{declared}")
            };
            assert!(problems[0].to_string().contains(option), "{problems:?}");
        }
        let store = in_form((*database).clone());
        store.migrate().await.expect("what is missing");
        store.check().await.expect("a table that is served");
        let sql = format!(
            "INSERT INTO user (id, email, hashed_password, is_active, is_superuser, is_verified, tenant) VALUES ({stored}, 'kate@example.com', 'h', 1, 0, 0, {stored})"
        );
        run_text(&store, sql).await;
        let found = store.find(&kate).await.expect("an answer").expect("a user");
        assert_eq!((found.id, found.tenant), (kate, Some(kate)), "{declared}");
        store.delete(&kate).await.expect("deleted");
        let tenant = [("tenant", Value::Uuid(kate))];
        lives(&store, with::<Identified>("jo@example.com", tenant)).await;
        let written = store.insert(with::<Identified>("al@example.com", [])).await;
        let id = written.expect("a new user").id;
        let literal = match declared {
            "BINARY(16)" => format!("X'{}'", id.simple()),
            "CHAR(32)" => format!("'{}'", id.simple()),
            _ => format!("'{id}'"),
        };
        let sql = format!("SELECT COUNT(*) FROM user WHERE id = {literal}");
        let written: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .fetch_one(store.pool())
            .await
            .expect("a count");
        assert_eq!(written, 1, "{declared}");
        store.pool().close().await;
    }
}
