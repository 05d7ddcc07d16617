//! On SQLite, which needs no server.

use users_runtime::{
    Compat, SqliteStore, Users, UsersBuilder,
    errors::BuildError,
    store::{SchemaError, SchemaProblemKind},
};
use users_tests::{Database, PASSWORD, SECRET, until};

use crate::{
    from_code::new,
    suite::run_all,
    system::{Member, System, register},
};

#[tokio::test(flavor = "multi_thread")]
async fn users_belong_to_tenants_on_sqlite() {
    let database = Database::new();
    run_all(&System::start(database.store().await).await).await;
}

#[tokio::test]
async fn a_system_without_a_resolver_is_not_built() {
    let database = Database::new();
    let store: SqliteStore<Member> = database.store().await;
    let built = Users::builder(store.clone(), SECRET).build();
    assert!(
        matches!(&built, Err(BuildError::NoTenantResolver)),
        "{built:?}"
    );
    let builder = Users::builder(store, SECRET).compat(Compat::FastApiUsers15);
    let built = builder.build();
    assert!(
        matches!(&built, Err(BuildError::TenantsAndCompatible)),
        "{built:?}"
    );
}

/// The tables of an application whose addresses were unique for all users.
#[tokio::test]
async fn an_index_for_all_tenants_is_reported_with_what_to_do() {
    let database = Database::new();
    let store: SqliteStore<Member> = database.store().await;
    for (create, drop) in [
        (
            "CREATE UNIQUE INDEX ix_member_email ON member (email)",
            "DROP INDEX \"ix_member_email\"",
        ),
        (
            "CREATE UNIQUE INDEX ix_member_email_lower ON member (lower(email))",
            "DROP INDEX \"ix_member_email_lower\"",
        ),
    ] {
        sqlx::query(create)
            .execute(store.pool())
            .await
            .expect("an index");
        let results = [
            store.check().await,
            store.migrate().await,
            store.pending_sql().await.map(drop_text),
        ];
        for result in results {
            let Err(SchemaError::Mismatch(problems)) = result else {
                panic!("{result:?}")
            };
            let [problem] = &*problems else {
                panic!("{problems:?}")
            };
            let kind = &problem.kind;
            assert!(
                matches!(kind, SchemaProblemKind::EmailIndexAcrossTenants { .. }),
                "{kind:?}"
            );
            assert!(problem.fix.contains(drop), "{}", problem.fix);
        }
        sqlx::query(drop)
            .execute(store.pool())
            .await
            .expect("no index");
        store.migrate().await.expect("tables that fit");
    }
}

fn drop_text(_: String) {}

/// A user and a row of the application's, both or neither.
#[tokio::test]
async fn a_transaction_is_within_a_tenant() {
    let database = Database::new();
    let store: SqliteStore<Member> = database.store().await;
    let pool = store.pool().clone();
    let system = System::start(store).await;
    let begin = async || {
        pool.begin_with("BEGIN IMMEDIATE")
            .await
            .expect("a transaction")
    };
    let acme = system.users.in_tenant(&"acme".to_owned());
    let mut transaction = acme
        .within(begin().await)
        .expect("a transaction of the store");
    let email = "both@example.com";
    let created = transaction.create(new(email), None).await.expect("a user");
    let found = transaction.find_by_email(email).await.expect("an answer");
    assert_eq!(found.expect("the user").id, created.id);
    transaction.commit().await.expect("both");
    assert_eq!(system.stored(created.id).await.workspace, "acme");
    let mut without = system.users.within(begin().await).expect("a transaction");
    let refused = without.create(new(email), None).await;
    assert!(refused.is_err(), "{refused:?}");
    without.rollback().await.expect("neither");
}

/// A registration that does not tell whether the address is taken.
#[tokio::test(flavor = "multi_thread")]
async fn uniform_registrations_are_within_a_tenant() {
    let database = Database::new();
    let configure = |builder: UsersBuilder<Member>| builder.uniform_registration(true);
    let system = System::configured(database.store().await, configure).await;
    let email = "uniform@example.com";
    let mut ids = Vec::new();
    for workspace in ["acme", "globex"] {
        let answer = register(&system.client(workspace), email, PASSWORD).await;
        assert_eq!(answer.status, 202, "{answer:?}");
        until("a letter", || system.letters.last(workspace, email)).await;
        let users = system.users.in_tenant(&workspace.to_owned());
        let found = users.find_by_email(email).await.expect("an answer");
        ids.push(found.expect("the user").id);
    }
    assert_ne!(ids[0], ids[1]);
}
