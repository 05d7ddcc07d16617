//! Deleting users: what fails half-way, loses against others, or meets tokens that are issued meanwhile.

use chrono::Utc;
use mongodb::bson::{Document, doc};
use users_runtime::{
    UserModel,
    conformance::UuidId,
    store::{AccessToken, AccessTokenStore, MongoStore, OAuthAccountStore, StoreError, UserStore},
};

use crate::{
    server::Server,
    support::{User, account, count, migrated, new_url, text, user, watched},
};

/// A server whose commands can be made to fail, and a store there.
pub(crate) async fn failing<U: UserModel>(
    options: &'static [&'static str],
) -> (Server, MongoStore<U>) {
    let server = Server::with(options).await;
    let store = MongoStore::connect(&new_url(&server))
        .await
        .expect("a database");
    store.migrate().await.expect("indexes");
    (server, store)
}

pub(crate) const WITH_TRANSACTIONS: &[&str] = &["--enable-test-commands"];
const WITHOUT_TRANSACTIONS: &[&str] = &["--enable-test-commands", "--standalone"];

/// Makes commands of this name fail: so many, after so many that succeed.
pub(crate) async fn fail<U: UserModel>(
    store: &MongoStore<U>,
    command: &str,
    skip: i32,
    times: i32,
    how: Document,
) {
    let mut data = doc! { "failCommands": [command] };
    data.extend(how);
    let point = doc! { "configureFailPoint": "failCommand", "mode": { "skip": skip, "times": times }, "data": data };
    store
        .database()
        .client()
        .database("admin")
        .run_command(point)
        .await
        .expect("a server that can fail");
}

async fn issue(store: &MongoStore<User>, token: &str, id: &UuidId) {
    let token = AccessToken {
        token: token.into(),
        user_id: id.clone(),
        created_at: Utc::now(),
    };
    store.insert_token(token).await.expect("a token");
}

/// A user with two tokens and an account.
async fn ada(store: &MongoStore<User>) -> UuidId {
    let id = user(store, "ada@example.com").await.account().id.clone();
    issue(store, "a", &id).await;
    issue(store, "b", &id).await;
    store
        .insert_account(account(id.clone(), "google", "1"))
        .await
        .expect("an account");
    id
}

/// Whether the user is there, how many of the tokens, and whether the account is.
async fn left(store: &MongoStore<User>, id: &UuidId) -> (bool, u64, bool) {
    let user = store.find(id).await.expect("an answer").is_some();
    let account = store
        .find_account("google", "1")
        .await
        .expect("an answer")
        .is_some();
    (user, count(store, "AccessToken").await, account)
}

const ALL: (bool, u64, bool) = (true, 2, true);
const NOTHING: (bool, u64, bool) = (false, 0, false);

fn broken() -> Document {
    doc! { "closeConnection": true }
}

fn refused() -> Document {
    doc! { "errorCode": 8000 }
}

#[tokio::test]
async fn a_deletion_that_fails_half_way_changes_nothing() {
    let (_server, store) = failing(WITH_TRANSACTIONS).await;
    for how in [broken(), refused()] {
        for done in [0, 1] {
            let id = ada(&store).await;
            fail(&store, "delete", done, 1, how.clone()).await;
            let failed = store.delete(&id).await.expect_err("a failure");
            assert_eq!(
                matches!(failed, StoreError::Unavailable(_)),
                how == broken(),
                "{how}: {failed:?}"
            );
            assert_eq!(left(&store, &id).await, ALL, "after {done}, {how}");
            store.delete(&id).await.expect("deleted");
            assert_eq!(left(&store, &id).await, NOTHING, "after {done}, {how}");
        }
    }
}

#[tokio::test]
async fn a_deletion_whose_end_is_unknown_has_changed_all_or_nothing() {
    let (_server, store) = failing(WITH_TRANSACTIONS).await;
    let id = ada(&store).await;
    fail(&store, "commitTransaction", 0, 1, broken()).await;
    store
        .delete(&id)
        .await
        .expect("an end that is tried once more");
    assert_eq!(left(&store, &id).await, NOTHING);

    let id = ada(&store).await;
    let late = doc! { "code": 64, "errmsg": "a majority was not there in time" };
    fail(
        &store,
        "commitTransaction",
        0,
        1,
        doc! { "writeConcernError": late },
    )
    .await;
    let unknown = store
        .delete(&id)
        .await
        .expect_err("an end that may be undone");
    assert!(matches!(unknown, StoreError::Unavailable(_)), "{unknown:?}");
    assert_eq!(left(&store, &id).await, NOTHING);
    assert!(matches!(store.delete(&id).await, Err(StoreError::NotFound)));

    let id = ada(&store).await;
    fail(&store, "commitTransaction", 0, 2, broken()).await;
    let unknown = store
        .delete(&id)
        .await
        .expect_err("an end of which nothing was heard");
    assert!(matches!(unknown, StoreError::Unavailable(_)), "{unknown:?}");
    assert_eq!(left(&store, &id).await, ALL);
}

#[tokio::test]
async fn without_transactions_a_deletion_that_fails_half_way_leaves_a_user_without_tokens() {
    let (_server, store) = failing(WITHOUT_TRANSACTIONS).await;
    for how in [broken(), refused()] {
        for (done, expected) in [(0, ALL), (1, (true, 0, true))] {
            let id = ada(&store).await;
            fail(&store, "delete", done, 1, how.clone()).await;
            store.delete(&id).await.expect_err("a failure");
            assert_eq!(left(&store, &id).await, expected, "after {done}, {how}");
            store.delete(&id).await.expect("deleted");
            assert_eq!(left(&store, &id).await, NOTHING, "after {done}, {how}");
        }
    }
}

/// Deletes a user, and issues a token once a command of this name was sent so many times, and before it is run.
async fn deletes_while_one_is_issued(
    store: &MongoStore<User>,
    url: &str,
    command: &'static str,
    times: usize,
) -> UuidId {
    let id = ada(store).await;
    let how = doc! { "blockConnection": true, "blockTimeMS": 1000 };
    fail(
        store,
        command,
        i32::try_from(times).expect("a few") - 1,
        1,
        how,
    )
    .await;
    let (deleting, names) = watched::<User>(url).await;
    let deletion = tokio::spawn({
        let id = id.clone();
        async move { deleting.delete(&id).await }
    });
    let wait = tokio::task::spawn_blocking(move || {
        names.iter().filter(|name| name == command).nth(times - 1)
    });
    assert!(
        wait.await.expect("a command").is_some(),
        "{command} was not sent"
    );
    issue(store, "late", &id).await;
    deletion.await.expect("an answer").expect("deleted");
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_issued_during_a_deletion_goes_with_it() {
    for (options, command, times) in [
        (WITH_TRANSACTIONS, "commitTransaction", 1),
        (WITHOUT_TRANSACTIONS, "delete", 2),
    ] {
        let server = Server::with(options).await;
        let url = new_url(&server);
        let store = MongoStore::<User>::connect(&url).await.expect("a database");
        store.migrate().await.expect("indexes");
        let id = deletes_while_one_is_issued(&store, &url, command, times).await;
        assert_eq!(left(&store, &id).await, NOTHING, "{options:?}");
    }
}

#[tokio::test]
async fn tokens_that_cannot_be_looked_for_once_more_do_not_undo_a_deletion() {
    for options in [WITH_TRANSACTIONS, WITHOUT_TRANSACTIONS] {
        let (_server, store) = failing(options).await;
        let id = ada(&store).await;
        fail(&store, "delete", 2, 1, refused()).await;
        store.delete(&id).await.expect("deleted");
        assert_eq!(left(&store, &id).await, NOTHING, "{options:?}");
        assert!(
            !store
                .delete_token("a")
                .await
                .expect("a failure that is over")
        );
    }
}

async fn deletes_while_tokens_are_issued(store: &MongoStore<User>) {
    for round in 0..10 {
        let id = user(store, "ada@example.com").await.account().id.clone();
        let issue = |number: u32| {
            let token = AccessToken {
                token: format!("{round}-{number}"),
                user_id: id.clone(),
                created_at: Utc::now(),
            };
            store.insert_token(token)
        };
        let (deleted, a, b, c) = tokio::join!(store.delete(&id), issue(1), issue(2), issue(3));
        deleted.expect("deleted");
        for issued in [a, b, c] {
            issued.expect("MongoDB does not watch over users");
        }
        assert!(store.find(&id).await.expect("an answer").is_none());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn users_go_while_tokens_are_issued_for_them() {
    deletes_while_tokens_are_issued(&*migrated::<User>().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_transactions_users_go_while_tokens_are_issued_for_them() {
    let server = Server::with(&["--standalone"]).await;
    let store = MongoStore::<User>::connect(&new_url(&server))
        .await
        .expect("a database");
    store.migrate().await.expect("indexes");
    deletes_while_tokens_are_issued(&store).await;
    let ada = user(&store, "ada@example.com").await;
    let token = AccessToken {
        token: "t".into(),
        user_id: ada.account().id.clone(),
        created_at: Utc::now(),
    };
    store.insert_token(token).await.expect("a token");
    store.delete(ada.account().id).await.expect("deleted");
    assert!(matches!(
        store.delete(ada.account().id).await,
        Err(StoreError::NotFound)
    ));
    assert!(store.find_token(&["t"]).await.expect("an answer").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_that_loses_against_other_writers_is_begun_anew() {
    let store = std::sync::Arc::new(migrated::<User>().await);
    for _ in 0..10 {
        let id = user(&store, "ada@example.com").await.account().id.clone();
        let mut writers = tokio::task::JoinSet::new();
        for number in 0..4 {
            let (store, id) = (std::sync::Arc::clone(&store), id.clone());
            writers.spawn(async move {
                store
                    .update(&id, vec![text("nickname", &number.to_string())], None)
                    .await
                    .map(drop)
            });
        }
        store.delete(&id).await.expect("deleted");
        for written in writers.join_all().await {
            assert!(
                matches!(written, Ok(()) | Err(StoreError::NotFound)),
                "{written:?}"
            );
        }
    }
    assert_eq!(count(&store, "user").await, 0);
}
