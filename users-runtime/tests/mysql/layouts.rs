//! Tables that were made on other terms: with another storage engine, with another character set.

use users_runtime::{
    Administration as _, Severity,
    store::{FindingKind, SchemaError, SchemaProblemKind as Kind, StoreError, UserStore},
};

use crate::support::{User, migrated, run, run_text, user, values};

#[tokio::test]
async fn an_engine_without_transactions_is_told_with_what_to_run() {
    for table in ["user", "accesstoken", "oauth_account"] {
        let store = migrated::<User>().await;
        let others = ["accesstoken", "oauth_account"].map(|table| format!("ALTER TABLE {table} DROP FOREIGN KEY {table}_ibfk_1"));
        run_text(&store, others.join("; ")).await;
        for engine in ["MyISAM", "Aria"] {
            run_text(&store, format!("ALTER TABLE `{table}` ENGINE={engine}")).await;
            for error in [store.check().await.expect_err(engine), store.migrate().await.expect_err(engine)] {
                let SchemaError::Mismatch(problems) = error else { panic!("{error}") };
                let [problem] = &problems[..] else { panic!("{problems:?}") };
                assert_eq!((&*problem.table, &problem.kind), (table, &Kind::WrongEngine { found: engine.into() }));
                assert_eq!(problem.fix, format!("run `ALTER TABLE `{table}` ENGINE=InnoDB`"));
            }
        }
        run_text(&store, format!("ALTER TABLE `{table}` ENGINE=InnoDB")).await;
        store.check().await.expect("tables that fit");
        store.pool().close().await;
    }
}
