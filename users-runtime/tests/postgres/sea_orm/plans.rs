//! Look-ups use indexes: PostgreSQL's own plans of the statements that SeaORM was asked to run.

use users_runtime::{
    UserModel as _,
    store::{Administration as _, Cursor, SeaOrmStore, UserSearch, UserStore as _},
};

use super::connect;
use crate::{
    look_ups::ask_everything,
    recorded::Recorded,
    support::{User, migrated, run, user},
};

#[tokio::test]
async fn every_look_up_searches_an_index() {
    let database = migrated::<User>().await;
    run(
        &database,
        "INSERT INTO \"user\" (id, email, hashed_password, is_active, is_superuser, is_verified, plan)
            SELECT gen_random_uuid(), 'User' || n || '@example.com', 'hash', TRUE, FALSE, FALSE, 'free' FROM generate_series(1, 5000) n;
         INSERT INTO accesstoken SELECT id::text, now() - interval '1 hour', id FROM \"user\";
         INSERT INTO oauth_account SELECT id, id, 'google', 't', NULL, NULL, id::text, email FROM \"user\";
         ANALYZE",
    )
    .await;
    let mut connection = connect(&database.url).await;
    let recorded = Recorded::on(&mut connection);
    let store = SeaOrmStore::<User>::new(connection).expect("a store");
    let ada = user(&store, "ada@example.com").await;
    ask_everything(&store, ada.account().id).await;
    let cursor = Cursor {
        email: "user4999@example.com".into(),
        id: uuid::Uuid::nil().to_string(),
    };
    assert_eq!(
        store
            .search(&UserSearch::new().after(cursor))
            .await
            .expect("an answer")
            .len(),
        50
    );
    store.delete(ada.account().id).await.expect("deleted");
    let plans = recorded
        .plans(store.connection(), "EXPLAIN (COSTS OFF)", "QUERY PLAN")
        .await;
    assert!(plans.len() >= 15, "{plans:#?}");
    for (statement, plan) in &plans {
        assert!(
            plan.contains("Index") && !plan.contains("Seq Scan"),
            "{statement}: {plan}"
        );
    }
    for index in [
        "Index Scan using ix_user_email_lower on \"user\";   Index Cond: (lower((email)::text) = ",
        "Index Cond: (lower((email)::text) >= ",
        "user_pkey",
        "accesstoken_pkey",
        "ix_accesstoken_user_id",
        "ix_accesstoken_created_at",
        "ix_oauth_account_user_id",
    ] {
        assert!(
            plans.iter().any(|(_, plan)| plan.contains(index)),
            "{index} is not in {plans:#?}"
        );
    }
}
