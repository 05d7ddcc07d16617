//! The letter to the owner of a locked account.

use std::time::Duration;

use serde_json::json;
use users_runtime::{Users, schema::AsAdmin};
use users_tests::{Answer, Client, Database, PASSWORD, SECRET, TestHasher, User, serve};

use super::application::{Server, known_browser, seen};

/// Guesses from as many addresses as it takes to lock the account, and a few more.
async fn lock(server: &Server, email: &str) -> Vec<Answer> {
    let mut answers = Vec::new();
    for number in 0..25 {
        answers.push(server.number(number).login("jwt", email, "wrong").await);
    }
    server.users.drain().await;
    answers
}

async fn unlock(client: &Client, token: &str) -> Answer {
    client
        .post("/auth/unlock", &json!({ "token": token }))
        .await
}

/// The token of the newest letter.
#[track_caller]
fn token(server: &Server) -> String {
    server.letters.unlocking().pop().expect("a letter").1
}

#[tokio::test]
async fn a_lock_sends_one_letter_which_unlocks_once() {
    let database = Database::new();
    let server = Server::start(&database).await;
    server.member("jo@example.com").await;
    let known: Vec<_> = lock(&server, "jo@example.com")
        .await
        .iter()
        .map(seen)
        .collect();
    let judged = known.iter().filter(|(status, ..)| *status == 400).count();
    assert_eq!(judged, 20);
    let letters = server.letters.unlocking();
    assert_eq!(letters.len(), 1, "{letters:?}");
    assert_eq!(letters[0].0, "jo@example.com");
    assert_eq!(server.letters.events(), ["account.locked by client"]);
    let home = server.at("198.51.100.1");
    let answer = home.login("jwt", "jo@example.com", PASSWORD).await;
    answer.assert_detail(429, "TOO_MANY_ATTEMPTS");

    assert_eq!(home.post("/auth/unlock", &json!({})).await.status, 422);
    let (token, bad) = (token(&server), "UNLOCK_BAD_TOKEN");
    for wrong in ["", "x.y.z", &token[1..]] {
        unlock(&home, wrong).await.assert_detail(400, bad);
    }
    let unlocked = unlock(&home, &token).await;
    assert_eq!((unlocked.status, &*unlocked.text), (200, "null"));
    assert!(known_browser(&unlocked).is_some(), "{unlocked:?}");
    assert_eq!(server.letters.events(), ["limit.forgotten by client"]);
    let stranger = server.at("198.51.100.2");
    let answer = stranger.login("jwt", "jo@example.com", PASSWORD).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    unlock(&home, &token).await.assert_detail(400, bad);
}

#[tokio::test]
async fn each_lock_of_an_account_that_exists_has_its_letter() {
    let database = Database::new();
    let server = Server::start(&database).await;
    server.member("jo@example.com").await;
    let known = lock(&server, "jo@example.com").await;
    let mut tokens = vec![token(&server)];
    assert_eq!(unlock(&server.number(99), &tokens[0]).await.status, 200);
    let again = lock(&server, "jo@example.com").await;
    tokens.push(token(&server));
    assert_ne!(tokens[0], tokens[1]);
    assert_eq!(server.letters.unlocking().len(), 2);
    unlock(&server.number(99), &tokens[0])
        .await
        .assert_detail(400, "UNLOCK_BAD_TOKEN");
    // Clients see no difference to an account that does not exist, nor to the second lock.
    let unknown = lock(&server, "no@example.com").await;
    for ((first, second), unknown) in known.iter().zip(&again).zip(&unknown) {
        assert_eq!(seen(first), seen(unknown));
        assert_eq!(seen(second), seen(unknown));
    }
    assert_eq!(server.letters.unlocking().len(), 2);
}

#[tokio::test]
async fn no_letter_goes_out_beyond_the_limits_of_letters() {
    let database = Database::new();
    let server = Server::start(&database).await;
    server.member("jo@example.com").await;
    for number in 0..2 {
        server
            .forgot(&server.number(number), "jo@example.com")
            .await;
    }
    lock(&server, "jo@example.com").await;
    assert!(server.letters.unlocking().is_empty());
    // One letter comes back in half an hour, an attempt in more than that.
    server.clock.forward(Duration::from_mins(30));
    lock(&server, "jo@example.com").await;
    assert_eq!(server.letters.unlocking().len(), 1);
}

#[tokio::test]
async fn a_known_browser_that_is_refused_locks_nothing() {
    let database = Database::new();
    let server = Server::start(&database).await;
    server.member("jo@example.com").await;
    let home = server.at("198.51.100.1");
    let login = home.login("jwt", "jo@example.com", PASSWORD).await;
    let cookie = known_browser(&login).expect("the cookie");
    for number in 0..25 {
        let owner = server.number(number).cookie(&cookie);
        owner.login("jwt", "jo@example.com", "wrong").await;
        server.clock.forward(Duration::from_secs(12));
    }
    server.users.drain().await;
    assert!(server.letters.unlocking().is_empty());
    let answer = home.login("jwt", "jo@example.com", PASSWORD).await;
    assert_eq!(answer.status, 200, "{answer:?}");
}

#[tokio::test]
async fn a_token_dies_with_the_password_the_address_and_its_lifetime() {
    let database = Database::new();
    let server = Server::start(&database).await;
    let bad = "UNLOCK_BAD_TOKEN";
    let client = server.at("198.51.100.1");
    let changes = [
        json!({ "password": "another password" }),
        json!({ "email": "other@example.com" }),
        json!({ "is_active": false }),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let user = server.member(&format!("user{number}@example.com")).await;
        lock(&server, &user.email).await;
        let token = token(&server);
        // As an administrator does it.
        let AsAdmin(update) = serde_json::from_value(change).expect("a change");
        let updated = server.users.update(&user, update, None, None).await;
        updated.expect("a change");
        unlock(&client, &token).await.assert_detail(400, bad);
    }
    let user = server.member("gone@example.com").await;
    lock(&server, &user.email).await;
    let of_gone = token(&server);
    server.users.delete(&user, None).await.expect("deleted");
    unlock(&client, &of_gone).await.assert_detail(400, bad);

    let database = Database::new();
    let server = Server::with(&database, |builder| {
        builder.unlock_token_lifetime(Duration::ZERO)
    })
    .await;
    server.member("jo@example.com").await;
    lock(&server, "jo@example.com").await;
    unlock(&server.at("198.51.100.1"), &token(&server))
        .await
        .assert_detail(400, bad);
}

#[tokio::test]
async fn a_token_of_one_purpose_serves_no_other() {
    let database = Database::new();
    let server = Server::start(&database).await;
    server.member("jo@example.com").await;
    let client = server.at("198.51.100.1");
    server.forgot(&client, "jo@example.com").await;
    let body = json!({ "email": "jo@example.com" });
    client.post("/auth/request-verify-token", &body).await;
    lock(&server, "jo@example.com").await;
    let others = server.letters.all();
    assert_eq!(others.len(), 2);
    for (_, other) in &others {
        unlock(&client, other)
            .await
            .assert_detail(400, "UNLOCK_BAD_TOKEN");
    }
    let token = token(&server);
    let reset = json!({ "token": token, "password": "another password" });
    let reset = client.post("/auth/reset-password", &reset).await;
    reset.assert_detail(400, "RESET_PASSWORD_BAD_TOKEN");
    let verified = client
        .post("/auth/verify", &json!({ "token": token }))
        .await;
    verified.assert_detail(400, "VERIFY_USER_BAD_TOKEN");
    assert_eq!(client.bearer(&token).get("/users/me").await.status, 401);
    assert_eq!(unlock(&client, &token).await.status, 200);
}

#[tokio::test]
async fn the_route_exists_where_it_is_declared() {
    let database = Database::new();
    let server = Server::start(&database).await;
    let document = serde_json::to_value(server.users.openapi()).expect("JSON");
    let answers = &document["paths"]["/auth/unlock"]["post"]["responses"];
    assert!(answers["200"].is_object(), "{answers}");
    let refused = &answers["400"]["content"]["application/json"]["examples"];
    let example = &refused["UNLOCK_BAD_TOKEN"]["value"]["detail"];
    assert_eq!(example, "UNLOCK_BAD_TOKEN", "{refused}");

    let database = Database::new();
    let store = database.store::<User>().await;
    let users = Users::<User>::builder(store, SECRET).password_hasher(TestHasher::default());
    let users = users.build().expect("a sound configuration");
    let document = serde_json::to_value(users.openapi()).expect("JSON");
    assert!(document["paths"]["/auth/unlock"].is_null());
    let router = users.router::<()>();
    let url = serve(|listener| users_runtime::serve(listener, router)).await;
    assert_eq!(unlock(&Client::new(&url), "x").await.status, 404);
}
