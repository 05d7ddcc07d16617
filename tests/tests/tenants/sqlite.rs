//! On SQLite, which needs no server.

use users_runtime::{
    Compat, SqliteStore, Users,
    errors::BuildError,
    store::{SchemaError, SchemaProblemKind},
};
use users_tests::{Database, SECRET};

use crate::{
    suite::run_all,
    system::{Member, System},
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
