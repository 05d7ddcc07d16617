//! Columns of tables that others have made: enumerations, numbers of a fixed scale, short texts.

use users_runtime::{
    PasswordHash, UserModel,
    conformance::{IntId, Member},
    store::{
        Administration as _, ColumnValue, Finding, PostgresStore, SchemaError, UserSearch,
        UserStore as _,
    },
    value::Value,
};
use uuid::Uuid;

use crate::{
    existing::{lives, position, refused, with},
    support::{empty, migrated, run, run_text, user},
};

#[derive(Clone, Debug, UserModel)]
#[fastapi_users(table = "user", backend(name = "db", transport = bearer, strategy = database))]
struct Customer {
    id: Uuid,
    email: String,
    hashed_password: PasswordHash,
    is_active: bool,
    is_superuser: bool,
    is_verified: bool,
    #[fastapi_users(default = "free")]
    plan: String,
    former_plan: Option<String>,
    nickname: Option<String>,
    #[fastapi_users(default = 0.0)]
    balance: f64,
}

const TABLE: &str = "
    CREATE TYPE plan AS ENUM ('free', 'paid');
    CREATE DOMAIN known_plan AS plan;
    CREATE TABLE \"user\" (
        id UUID PRIMARY KEY, email VARCHAR(255) NOT NULL UNIQUE, hashed_password VARCHAR(255) NOT NULL,
        is_active BOOLEAN NOT NULL, is_superuser BOOLEAN NOT NULL, is_verified BOOLEAN NOT NULL,
        plan plan NOT NULL, former_plan known_plan, nickname TEXT, balance NUMERIC(12,2) NOT NULL
    );
    INSERT INTO \"user\" VALUES ('36102973-63ab-4b7b-80a1-0ca4f70f8d9d', 'kate@example.com', '$argon2id$x', TRUE, FALSE, FALSE,
        'paid', NULL, NULL, 1234567890.12);
";

fn change(field: &str, value: Value) -> Vec<ColumnValue> {
    let column = position::<Customer>(field);
    vec![ColumnValue { column, value }]
}

#[tokio::test]
async fn enumerations_and_numbers_of_a_fixed_scale_are_read_and_written() {
    let store = empty::<Customer>().await;
    run(&store, TABLE).await;
    store.migrate().await.expect("what is missing");
    store.check().await.expect("a table that is served");
    let kate = store.find_by_email("KATE@example.com").await;
    let kate = kate.expect("an answer").expect("a user");
    assert_eq!((&*kate.plan, kate.balance), ("paid", 1_234_567_890.12));
    assert_eq!(kate.former_plan, None);
    for (field, value) in [
        ("plan", Value::Text("free".into())),
        ("former_plan", Value::Text("paid".into())),
        ("balance", Value::Float(-9_999_999_999.99)),
        ("nickname", Value::Text("K".into())),
        ("former_plan", Value::Null),
    ] {
        store
            .update(&kate.id, change(field, value), None)
            .await
            .expect(field);
    }
    let kate = store.find(&kate.id).await.expect("an answer");
    let kate = kate.expect("a user");
    assert_eq!((&*kate.plan, kate.balance), ("free", -9_999_999_999.99));
    assert_eq!(
        (kate.former_plan, kate.nickname.as_deref()),
        (None, Some("K"))
    );
    store.delete(&kate.id).await.expect("deleted");
    let plan = [
        ("plan", Value::Text("paid".into())),
        ("balance", Value::Float(0.1)),
    ];
    lives(&store, with::<Customer>("jo@example.com", plan)).await;
}

/// sqlx asks for a new type after it has prepared a statement, and a statement without a name is gone then.
#[tokio::test]
async fn the_first_statement_of_a_connection_reads_an_enumeration() {
    let store = empty::<Customer>().await;
    run(&store, TABLE).await;
    store.migrate().await.expect("what is missing");
    for parameters in ["", "?statement-cache-capacity=0"] {
        let url = format!("{}{parameters}", store.url);
        let connect = async || {
            PostgresStore::<Customer>::connect(&url)
                .await
                .expect("a database")
        };
        let findings = connect().await.doctor().await.expect("an answer");
        let codes: Vec<_> = findings.iter().map(Finding::code).collect();
        assert_eq!(codes, ["unreadable_hashes"], "{findings:?}");
        let listed = connect().await.search(&UserSearch::new()).await;
        assert_eq!(listed.expect("an answer").len(), 1);
        let kate = connect().await.find_by_email("kate@example.com").await;
        kate.expect("an answer").expect("a user");
    }
}

#[tokio::test]
async fn a_column_that_may_not_be_read_hides_no_other_finding() {
    let store = empty::<Customer>().await;
    run(&store, TABLE).await;
    store.migrate().await.expect("what is missing");
    let role = format!("reader_{}", Uuid::new_v4().simple());
    let grant = format!(
        "CREATE ROLE {role};
        GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role};
        REVOKE SELECT ON \"user\" FROM {role};
        GRANT SELECT (id, email, hashed_password, is_active, is_superuser, is_verified) ON \"user\" TO {role};"
    );
    run_text(&store, grant).await;
    let url = format!("{}?options[role]={role}", store.url);
    let reader = PostgresStore::<Customer>::connect(&url).await;
    let findings = reader.expect("a database").doctor().await;
    run_text(&store, format!("DROP OWNED BY {role}; DROP ROLE {role};")).await;
    let findings = findings.expect("an answer");
    let codes: Vec<_> = findings.iter().map(Finding::code).collect();
    assert_eq!(
        codes,
        ["unreadable_users", "unreadable_hashes"],
        "{findings:?}"
    );
}

#[tokio::test]
async fn a_value_that_such_a_column_cannot_hold_is_refused_by_its_name() {
    let store = empty::<Customer>().await;
    run(&store, TABLE).await;
    store.migrate().await.expect("what is missing");
    let long = format!("{}@example.com", "a".repeat(250));
    for (field, value) in [
        ("plan", Value::Text("gold".into())),
        ("former_plan", Value::Text("gold".into())),
        ("balance", Value::Float(1e10)),
        ("email", Value::Text(long)),
    ] {
        let new = with::<Customer>("jo@example.com", [(field, value.clone())]);
        refused(store.insert(new).await, field);
        let kate = "36102973-63ab-4b7b-80a1-0ca4f70f8d9d"
            .parse()
            .expect("an id");
        refused(store.update(&kate, change(field, value), None).await, field);
    }
    let fits = format!("{}@example.com", "a".repeat(243));
    let user = store.insert(with::<Customer>(&fits, [])).await;
    assert_eq!(user.expect("a new user").email, fits);
}

#[tokio::test]
async fn a_type_that_would_lose_something_is_still_told() {
    let store = empty::<Customer>().await;
    run(&store, TABLE).await;
    run(
        &store,
        "ALTER TABLE \"user\" ALTER balance TYPE NUMERIC, ALTER hashed_password TYPE VARCHAR(96)",
    )
    .await;
    let SchemaError::Mismatch(problems) = store.check().await.expect_err("two types") else {
        panic!("two types")
    };
    let told: Vec<_> = problems.iter().map(ToString::to_string).collect();
    for column in ["balance", "hashed_password"] {
        let column = format!("column `user.{column}` is ");
        assert!(
            told.iter().any(|line| line.starts_with(&column)),
            "{told:?}"
        );
    }
    let findings = store.doctor().await.expect("an answer");
    assert!(
        findings
            .iter()
            .any(|finding| finding.code() == "wrong_type")
    );
}

#[tokio::test]
async fn an_identity_is_a_default() {
    let store = migrated::<Member<IntId>>().await;
    run(
        &store,
        "ALTER TABLE \"user\" ALTER id DROP DEFAULT; ALTER TABLE \"user\" ALTER id ADD GENERATED ALWAYS AS IDENTITY (START 7)",
    )
    .await;
    store.check().await.expect("an identity is a default");
    assert_eq!(user(&store, "c@example.com").await.account().id, &IntId(7));
}
