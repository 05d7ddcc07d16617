//! Look-ups use indexes: SQLite's own plans of the statements that SeaORM was asked to run.

use users_runtime::{
    UserModel as _,
    conformance::{Member, UuidId},
    store::{Administration as _, Cursor, SeaOrmStore, UserSearch, UserStore as _},
};

use crate::{
    look_ups::ask_everything,
    recorded::Recorded,
    support::{connect, user},
};

type User = Member<UuidId>;

async fn store() -> (SeaOrmStore<User>, Recorded) {
    let mut connection = connect("sqlite::memory:", 1).await;
    let recorded = Recorded::on(&mut connection);
    let store = SeaOrmStore::new(connection).expect("a store");
    store.migrate().await.expect("tables");
    user(&store, "User7@example.com").await;
    (store, recorded)
}

async fn plans(store: &SeaOrmStore<User>, recorded: &Recorded) -> Vec<(String, String)> {
    recorded
        .plans(store.connection(), "EXPLAIN QUERY PLAN", "detail")
        .await
}

#[tokio::test]
async fn every_look_up_searches_an_index() {
    let (store, recorded) = store().await;
    let ada = user(&store, "ada@example.com").await;
    plans(&store, &recorded).await;
    ask_everything(&store, ada.account().id).await;
    store.delete(ada.account().id).await.expect("deleted");
    let plans = plans(&store, &recorded).await;
    assert!(plans.len() >= 14, "{plans:#?}");
    for (statement, plan) in &plans {
        assert!(
            plan.contains("SEARCH") && !plan.contains("SCAN"),
            "{statement}: {plan}"
        );
        if statement.contains("lower(") {
            assert_eq!(
                plan,
                "SEARCH user USING INDEX ix_user_email_lower (<expr>=?)"
            );
        }
    }
    for index in [
        "ix_user_email_lower (<expr>=?)",
        "sqlite_autoindex_user_1 (id=?)",
        "sqlite_autoindex_accesstoken_1 (token=?)",
        "ix_accesstoken_user_id (user_id=?)",
        "ix_accesstoken_created_at (created_at<?)",
        "ix_oauth_account_user_id (user_id=?)",
    ] {
        assert!(
            plans.iter().any(|(_, plan)| plan.contains(index)),
            "{index} is not in {plans:#?}"
        );
    }
}

#[tokio::test]
async fn a_portion_of_a_search_begins_in_the_index() {
    let (store, recorded) = store().await;
    plans(&store, &recorded).await;
    let cursor = Cursor {
        email: "ada@example.com".into(),
        id: uuid::Uuid::nil().to_string(),
    };
    let found = store
        .search(&UserSearch::new().after(cursor))
        .await
        .expect("an answer");
    assert_eq!(found.len(), 1);
    let plans = plans(&store, &recorded).await;
    let [(_, plan)] = &plans[..] else {
        panic!("{plans:#?}")
    };
    assert!(
        plan.starts_with("SEARCH user USING INDEX ix_user_email_lower (<expr>>?)"),
        "{plan}"
    );
}
