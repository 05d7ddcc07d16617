//! Tables in more schemas than one.

use users_runtime::{
    UserModel as _,
    store::{PostgresStore, UserStore as _},
};

use crate::support::{User, migrated, run, user};

#[tokio::test]
async fn tables_in_another_schema_of_the_search_path_are_served() {
    let database = migrated::<User>().await;
    run(&database, "CREATE SCHEMA users; ALTER TABLE \"user\" SET SCHEMA users; ALTER TABLE accesstoken SET SCHEMA users").await;
    run(
        &database,
        "DROP TABLE oauth_account; CREATE INDEX oauth_account ON users.\"user\" (plan)",
    )
    .await;
    let url = format!("{}?options[search_path]=public,users", database.url);
    let store = PostgresStore::<User>::connect(&url)
        .await
        .expect("a database");
    store.migrate().await.expect("the missing table");
    let ada = user(&store, "ada@example.com").await;
    store.delete(ada.account().id).await.expect("deleted");
}
