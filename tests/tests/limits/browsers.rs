//! Strangers do not lock an owner out.

use std::time::Duration;

use serde_json::json;
use users_tests::{Client, Database, PASSWORD};

use super::application::{Server, known_browser};

/// Guesses from many addresses, over as long a time as they need.
async fn guess(server: &Server, email: &str, times: usize) {
    for number in 0..times {
        let guess = server.number(number).login("jwt", email, "wrong").await;
        assert_eq!(guess.status, 400, "guess {number}: {guess:?}");
        // 20 a day come back.
        server.clock.forward(Duration::from_hours(24) / 20);
    }
}

async fn status(client: &Client, email: &str, password: &str) -> u16 {
    client.login("jwt", email, password).await.status
}

#[tokio::test]
async fn the_owner_gets_in_from_a_known_browser() {
    let database = Database::new();
    let server = Server::start(&database).await;
    server.member("jo@example.com").await;
    server.member("eve@example.com").await;
    let home = server.at("198.51.100.1");
    let login = home.login("jwt", "jo@example.com", PASSWORD).await;
    let cookie = known_browser(&login).expect("the cookie");
    let eves = home.login("web", "eve@example.com", PASSWORD).await;
    let eves = known_browser(&eves).expect("the cookie");
    guess(&server, "jo@example.com", 100).await;
    // A hundred failures one after the other close the account, however long ago they are.
    server.clock.forward(Duration::from_hours(10 * 24));
    let owner = |cookie: &str| server.at("198.51.100.1").cookie(cookie);
    assert_eq!(status(&home, "jo@example.com", PASSWORD).await, 429);
    assert_eq!(status(&owner(&eves), "jo@example.com", PASSWORD).await, 429);
    let forged = format!("{}A", &cookie[..cookie.len() - 1]);
    for worthless in [
        &*forged,
        "fastapiusers_browser=",
        "fastapiusers_browser=x.y",
    ] {
        assert_eq!(
            status(&owner(worthless), "jo@example.com", PASSWORD).await,
            429
        );
    }
    assert_eq!(
        status(&owner(&cookie), "jo@example.com", PASSWORD).await,
        200
    );
    // The strangers' failures stay, and a known browser has limits, too.
    assert_eq!(status(&home, "jo@example.com", PASSWORD).await, 429);
    for _ in 0..5 {
        assert_eq!(
            status(&owner(&cookie), "jo@example.com", "wrong").await,
            400
        );
    }
    assert_eq!(
        status(&owner(&cookie), "jo@example.com", PASSWORD).await,
        429
    );
}

#[tokio::test]
async fn a_reset_by_mail_opens_an_account_that_is_closed() {
    let database = Database::new();
    let server = Server::start(&database).await;
    server.member("jo@example.com").await;
    let home = server.at("198.51.100.1");
    let login = home.login("jwt", "jo@example.com", PASSWORD).await;
    let former = known_browser(&login).expect("the cookie");
    guess(&server, "jo@example.com", 100).await;
    assert_eq!(status(&home, "jo@example.com", PASSWORD).await, 429);
    server.forgot(&home, "jo@example.com").await;
    let (_, token) = server.letters.all().pop().expect("a letter");
    let body = json!({ "token": token, "password": "a new password" });
    let reset = home.post("/auth/reset-password", &body).await;
    assert_eq!((reset.status, &*reset.text), (200, "null"));
    let cookie = known_browser(&reset).expect("the browser is known then");
    assert_eq!(status(&home, "jo@example.com", "a new password").await, 200);
    guess(&server, "jo@example.com", 100).await;
    let owner = home.cookie(&cookie);
    assert_eq!(
        status(&owner, "jo@example.com", "a new password").await,
        200
    );
    // What was known with the former password is forgotten.
    let owner = home.cookie(&former);
    assert_eq!(
        status(&owner, "jo@example.com", "a new password").await,
        429
    );
}

#[tokio::test]
async fn a_reset_forgets_what_its_client_tried_before() {
    let database = Database::new();
    let server = Server::start(&database).await;
    server.member("jo@example.com").await;
    let home = server.at("198.51.100.1");
    for _ in 0..5 {
        assert_eq!(status(&home, "jo@example.com", "forgotten").await, 400);
    }
    assert_eq!(status(&home, "jo@example.com", PASSWORD).await, 429);
    server.forgot(&home, "jo@example.com").await;
    let (_, token) = server.letters.all().pop().expect("a letter");
    let body = json!({ "token": token, "password": "a new password" });
    let reset = home.post("/auth/reset-password", &body).await;
    assert_eq!((reset.status, &*reset.text), (200, "null"));
    // Without the cookie of the known browser, as a mobile application logs in.
    assert_eq!(status(&home, "jo@example.com", "a new password").await, 200);
}

#[tokio::test]
async fn the_cookie_is_out_of_reach_and_lives_a_year() {
    let database = Database::new();
    let server = Server::start(&database).await;
    server.member("jo@example.com").await;
    server.member("flo@example.com").await;
    let client = server.at("198.51.100.1");
    let login = client.login("web", "jo@example.com", PASSWORD).await;
    let cookies: Vec<_> = login.headers.get_all("set-cookie").iter().collect();
    assert_eq!(cookies.len(), 2, "the session's and the browser's");
    let cookie = cookies[1].to_str().expect("text");
    let (_, attributes) = cookie.split_once("; ").expect("attributes");
    assert_eq!(
        attributes,
        "HttpOnly; Max-Age=31536000; Path=/; SameSite=lax; Secure"
    );
    // A browser that two users share knows both.
    let first = known_browser(&login).expect("the cookie");
    let second = client.cookie(&first);
    let second = second.login("jwt", "flo@example.com", PASSWORD).await;
    let both = known_browser(&second).expect("the cookie");
    guess(&server, "jo@example.com", 100).await;
    let shared = client.cookie(&both);
    assert_eq!(status(&shared, "jo@example.com", PASSWORD).await, 200);
    server.clock.forward(Duration::from_hours(366 * 24));
    // One attempt comes back every 30 days.
    guess(&server, "jo@example.com", 12).await;
    assert_eq!(status(&shared, "jo@example.com", PASSWORD).await, 429);
}
