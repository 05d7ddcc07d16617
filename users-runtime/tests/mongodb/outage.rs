//! A server that goes and comes back under a store.

use std::time::Instant;

use users_runtime::{
    UserModel,
    store::{AccessTokenStore, MongoStore, StoreError, UserStore},
};

use crate::{
    server::Server,
    support::{User, new_url, user, values},
};

async fn stops_and_comes_back(options: &'static [&'static str]) {
    let server = Server::with(options).await;
    let store = MongoStore::<User>::connect(&new_url(&server))
        .await
        .expect("a database");
    store.migrate().await.expect("indexes");
    let ada = user(&store, "ada@example.com").await;
    let id = ada.account().id;
    server.stop();
    let begun = Instant::now();
    assert!(matches!(
        store.find_by_email("ada@example.com").await,
        Err(StoreError::Unavailable(_))
    ));
    assert!(
        begun.elapsed().as_secs() < 30,
        "a request waits for {:?}",
        begun.elapsed()
    );
    let (found, inserted, deleted, tokens, migrated) = tokio::join!(
        store.find(id),
        store.insert(values::<User>("bob@example.com")),
        store.delete(id),
        store.delete_tokens_of(id, None),
        store.migrate(),
    );
    assert!(
        matches!(found, Err(StoreError::Unavailable(_))),
        "{found:?}"
    );
    assert!(
        matches!(inserted, Err(StoreError::Unavailable(_))),
        "{inserted:?}"
    );
    assert!(
        matches!(deleted, Err(StoreError::Unavailable(_))),
        "{deleted:?}"
    );
    assert!(
        matches!(tokens, Err(StoreError::Unavailable(_))),
        "{tokens:?}"
    );
    assert!(migrated.is_err());

    server.start();
    server.wait().await;
    assert!(store.find(id).await.expect("an answer").is_some());
    user(&store, "bob@example.com").await;
    store.delete(id).await.expect("deleted");
}

#[tokio::test]
async fn a_server_that_is_stopped_is_unavailable_and_then_available_again() {
    stops_and_comes_back(&[]).await;
}

#[tokio::test]
async fn a_server_without_transactions_is_unavailable_and_then_available_again() {
    stops_and_comes_back(&["--standalone"]).await;
}

#[tokio::test]
async fn what_cannot_be_opened_says_whose_fault_it_is() {
    let server = Server::own().await;
    let unnamed = MongoStore::<User>::connect(&server.operator_url())
        .await
        .expect_err("no database");
    let StoreError::Database(source) = &unnamed else {
        panic!("{unnamed:?}")
    };
    assert_eq!(
        source.to_string(),
        "the URL names no database: mongodb://HOST/DATABASE"
    );
    let url = server.url("app");
    server.stop();
    let away = MongoStore::<User>::connect(&url)
        .await
        .expect_err("no server");
    assert!(matches!(away, StoreError::Unavailable(_)), "{away:?}");
}
