//! What a server that logs statements and their arguments sees of access tokens.

use users_runtime::{
    DatabaseStrategy, UserModel as _,
    session::Strategy,
    store::{PostgresStore, token_hash},
};

use crate::{
    server::Server,
    support::{User, user},
};

#[tokio::test]
async fn a_token_is_no_argument_of_a_statement_unless_clear_ones_are_accepted() {
    let server = Server::with(&["-c", "log_statement=all"]).await;
    let store = PostgresStore::<User>::connect(&server.url("postgres"))
        .await
        .expect("a database");
    store.migrate().await.expect("tables");
    let ada = user(&store, "ada@example.com").await;
    let strategy = DatabaseStrategy::new(store.clone());
    let token = strategy.write(&ada).await.expect("a token");
    let owner = strategy.read(&token).await.expect("an answer");
    assert_eq!(owner.as_ref(), Some(ada.account().id));
    let kept = strategy.destroy_all(&ada, Some(&token)).await;
    kept.expect("the other sessions end");
    strategy.destroy(&token, &ada).await.expect("a logout");
    let ended = strategy.read(&token).await.expect("an answer");
    assert_eq!(ended, None);
    let log = server.log();
    assert!(log.contains(&token_hash(&token)), "no arguments are logged");
    assert!(!log.contains(&token));

    let lenient = DatabaseStrategy::new(store).accept_clear_tokens();
    lenient.read(&token).await.expect("an answer");
    assert!(server.log().contains(&token));
}
