//! Columns that change their types while connections have statements prepared.

use sqlx::AssertSqlSafe;
use users_runtime::{
    UserModel,
    conformance::{IntId, Member},
    store::{OAuthAccount, UserStore},
};

use crate::{
    support::{Database, migrated},
    values::values,
};

type Numbered = Member<IntId>;

/// One after the other, types that hold what the store puts there.
const CHANGES: [&str; 3] = [
    "ALTER TABLE \"user\" ALTER id TYPE BIGINT, ALTER plan TYPE TEXT",
    "ALTER TABLE \"user\" ALTER id TYPE INTEGER, ALTER settings TYPE JSONB; ALTER TABLE oauth_account ALTER user_id TYPE BIGINT",
    "ALTER TABLE \"user\" ALTER id TYPE BIGINT; ALTER TABLE accesstoken ALTER user_id TYPE BIGINT",
];

fn account(user_id: IntId, number: u32) -> OAuthAccount<IntId> {
    OAuthAccount {
        user_id,
        oauth_name: "github".into(),
        account_id: number.to_string(),
        account_email: "ada@example.com".into(),
        access_token: "t".into(),
        expires_at: None,
        refresh_token: None,
    }
}

/// Does everything that reads a row, in a transaction and outside: a user comes with an account, is read, and goes.
async fn use_once<S: UserStore<Numbered>>(store: &S, number: u32) {
    let accounts = store.oauth_accounts().expect("the store holds accounts");
    let of_new = |id| account(id, number);
    let values = values::<Numbered>(&format!("user{number}@example.com"));
    let user = accounts
        .insert_user_with_account(values, &of_new)
        .await
        .expect("a user with an account");
    let id = user.account().id;
    store.find(id).await.expect("an answer").expect("the user");
    accounts
        .find_account("github", &number.to_string())
        .await
        .expect("an answer")
        .expect("the account");
    store.delete(id).await.expect("deleted");
}

/// Several at once, so that several connections prepare what they run.
async fn use_much<S: UserStore<Numbered> + Clone>(store: &S, round: u32) {
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..8 {
        let store = store.clone();
        tasks.spawn(async move { use_once(&store, round * 100 + number).await });
    }
    tasks.join_all().await;
    let administration = store.administration().expect("the store answers operators");
    administration.doctor().await.expect("an examination");
}

async fn goes_on<S: UserStore<Numbered> + Clone>(database: &Database<Numbered>, store: &S) {
    use_much(store, 0).await;
    for (round, change) in (1..).zip(CHANGES) {
        sqlx::raw_sql(AssertSqlSafe(change))
            .execute(database.pool())
            .await
            .expect("valid SQL");
        use_much(store, round).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_know_the_old_type_go_on_in_transactions_and_outside() {
    let database = migrated::<Numbered>().await;
    goes_on(&database, &(*database).clone()).await;
}

#[cfg(feature = "sea-orm")]
#[tokio::test(flavor = "multi_thread")]
async fn those_who_know_the_old_type_go_on_through_seaorm() {
    let database = migrated::<Numbered>().await;
    let connection = sea_orm::Database::connect(&database.url)
        .await
        .expect("a database");
    let store = users_runtime::store::SeaOrmStore::<Numbered>::new(connection).expect("a store");
    goes_on(&database, &store).await;
}
