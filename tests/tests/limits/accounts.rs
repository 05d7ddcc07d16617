//! Guesses at one account.

use std::time::Duration;

use tokio::task::JoinSet;
use users_tests::{Database, PASSWORD};

use super::application::{Server, seen};

#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_guesses_at_once_five_are_judged() {
    let database = Database::new();
    let server = Server::start(&database).await;
    server.member("jo@example.com").await;
    let mut burst = JoinSet::new();
    for _ in 0..20 {
        let client = server.at("203.0.113.9");
        burst.spawn(async move { client.login("jwt", "jo@example.com", "wrong").await });
    }
    let answers = burst.join_all().await;
    let judged = answers.iter().filter(|answer| answer.status == 400).count();
    assert_eq!(judged, 5, "{answers:?}");
    for refused in answers.iter().filter(|answer| answer.status != 400) {
        refused.assert_detail(429, "TOO_MANY_ATTEMPTS");
        // At once the client's own limit may refuse, too, before those are given back that the account's refuses.
        let after: u32 = refused.header("retry-after").parse().expect("seconds");
        assert!((1..=12).contains(&after), "{refused:?}");
        assert_eq!(refused.header("cache-control"), "no-store");
    }
    // The right password is refused as well: no guess is judged.
    let client = server.at("203.0.113.9");
    let right = client.login("jwt", "jo@example.com", PASSWORD).await;
    right.assert_detail(429, "TOO_MANY_ATTEMPTS");
    server.clock.forward(Duration::from_secs(12));
    let right = client.login("jwt", "jo@example.com", PASSWORD).await;
    assert_eq!(right.status, 200, "{right:?}");
}

#[tokio::test]
async fn unknown_accounts_are_limited_as_known_ones() {
    let database = Database::new();
    let server = Server::start(&database).await;
    server.member("jo@example.com").await;
    let known = server.at("203.0.113.1");
    let unknown = server.at("203.0.113.2");
    // One account, however it is written.
    let spellings = |name: &str| {
        [
            format!("{name}@example.com"),
            format!("{name}@EXAMPLE.com"),
            format!(" {name}@example.com"),
            format!("Jo <{name}@example.com>"),
            format!("{name}@Example.com "),
            format!("{}@example.com", name.to_uppercase()),
        ]
    };
    let mut last = 0;
    for (known_name, unknown_name) in spellings("jo").iter().zip(&spellings("no")) {
        let of_known = known.login("jwt", known_name, "wrong").await;
        let of_unknown = unknown.login("jwt", unknown_name, "wrong").await;
        assert_eq!(seen(&of_known), seen(&of_unknown));
        last = of_known.status;
    }
    assert_eq!(last, 429);
    // What is no address, such as a password in the wrong field.
    for _ in 0..5 {
        let answer = server.at("203.0.113.3").login("jwt", "hunter2", "x").await;
        assert_eq!(answer.status, 400);
    }
    let answer = server.at("203.0.113.3").login("jwt", "hunter2", "x").await;
    assert_eq!(answer.status, 429);
}

#[tokio::test]
async fn a_success_gives_back_what_was_counted() {
    let database = Database::new();
    let server = Server::start(&database).await;
    server.member("jo@example.com").await;
    let client = server.at("203.0.113.9");
    for _ in 0..2 {
        for _ in 0..4 {
            let wrong = client.login("jwt", "jo@example.com", "wrong").await;
            assert_eq!(wrong.status, 400, "{wrong:?}");
        }
        let right = client.login("jwt", "jo@example.com", PASSWORD).await;
        assert_eq!(right.status, 200, "{right:?}");
    }
    // Failures have used up 8 of the client's 10 attempts; successes use up none.
    for _ in 0..15 {
        let right = client.login("jwt", "jo@example.com", PASSWORD).await;
        assert_eq!(right.status, 200, "{right:?}");
    }
}

#[tokio::test]
async fn a_form_with_mistakes_is_not_counted() {
    let database = Database::new();
    let server = Server::start(&database).await;
    let client = server.at("203.0.113.9");
    for _ in 0..15 {
        let answer = client
            .raw(
                "POST",
                "/auth/jwt/login",
                "application/x-www-form-urlencoded",
                "username=jo@example.com",
            )
            .await;
        assert_eq!(answer.status, 422);
    }
    let answer = client.login("jwt", "jo@example.com", "wrong").await;
    assert_eq!(answer.status, 400);
}

#[tokio::test]
async fn a_superuser_unlocks_an_account() {
    let database = Database::new();
    let server = Server::start(&database).await;
    let jo = server.member("jo@example.com").await;
    let admin = server.superuser("admin@example.com").await;
    let token = server.users.backend("jwt").expect("the backend");
    let token = token.strategy().write(&admin).await.expect("a token");
    for number in 0..20 {
        let client = server.number(number);
        let guess = client.login("jwt", "jo@example.com", "wrong").await;
        assert_eq!(guess.status, 400);
    }
    let jo_logs_in = || async {
        let client = server.number(100);
        client.login("jwt", "jo@example.com", PASSWORD).await.status
    };
    assert_eq!(jo_logs_in().await, 429);
    let path = format!("/users/{}/limits", jo.id);
    let client = server.at("203.0.113.9");
    assert_eq!(client.send("DELETE", &path).await.status, 401);
    let unlocked = client.bearer(&token).send("DELETE", &path).await;
    assert_eq!((unlocked.status, &*unlocked.text), (204, ""));
    let missing = "/users/00000000-0000-4000-8000-000000000000/limits";
    assert_eq!(
        client.bearer(&token).send("DELETE", missing).await.status,
        404
    );
    assert_eq!(jo_logs_in().await, 200);
}
