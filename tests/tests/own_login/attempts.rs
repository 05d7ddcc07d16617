//! Attempts are counted with those of the built-in route, and cost the same.

use tokio::task::JoinSet;
use users_tests::{PASSWORD, until};

use crate::app::{App, own, seen};

#[tokio::test]
async fn the_sixth_wrong_attempt_is_refused_as_by_the_built_in_route() {
    let app = App::start().await;
    let (own_client, built_in) = (app.client(1), app.client(2));
    for attempt in 1..=6 {
        let by_own = own(&own_client, "/own/jwt", "jo", "wrong").await;
        let by_built_in = built_in.login("jwt", "jo@example.com", "wrong").await;
        assert_eq!(seen(&by_own), seen(&by_built_in), "{attempt}");
        assert_eq!(by_own.status, if attempt == 6 { 429 } else { 400 });
    }
    let right = own(&own_client, "/own/jwt", "jo", PASSWORD).await;
    right.assert_detail(429, "TOO_MANY_ATTEMPTS");
    assert_eq!(right.header("retry-after"), "12");
}

#[tokio::test]
async fn attempts_by_all_routes_share_one_count() {
    let app = App::start().await;
    let client = app.client(1);
    for _ in 0..2 {
        let answer = own(&client, "/own/jwt", "jo", "wrong").await;
        answer.assert_detail(400, "LOGIN_BAD_CREDENTIALS");
        let answer = client.login("jwt", "JO@example.com", "wrong").await;
        answer.assert_detail(400, "LOGIN_BAD_CREDENTIALS");
    }
    let answer = own(&client, "/directory/jwt", "jo", "wrong").await;
    answer.assert_detail(400, "LOGIN_BAD_CREDENTIALS");
    app.hasher.take_calls();
    assert_eq!(app.asked(), 1);
    let by_name = own(&client, "/own/jwt", "jo", PASSWORD).await;
    let by_address = client.login("web", "jo@example.com", PASSWORD).await;
    let by_directory = own(&client, "/directory/jwt", "jo", "in the directory").await;
    for refused in [by_name, by_address, by_directory] {
        refused.assert_detail(429, "TOO_MANY_ATTEMPTS");
    }
    assert_eq!(app.hasher.take_calls(), [], "no password is compared");
    assert_eq!(app.asked(), 0, "the directory is not asked");
    // Another client, and the same one at another account.
    assert_eq!(
        own(&app.client(2), "/own/jwt", "jo", PASSWORD).await.status,
        200
    );
    app.user("al").await;
    assert_eq!(own(&client, "/own/jwt", "al", PASSWORD).await.status, 200);
}

#[tokio::test]
async fn a_success_by_any_route_forgets_the_failures_before_it() {
    let app = App::start().await;
    let client = app.client(1);
    for (route, password) in [
        ("/own/jwt", PASSWORD),
        ("/directory/jwt", "in the directory"),
    ] {
        for _ in 0..4 {
            let wrong = client.login("jwt", "jo@example.com", "wrong").await;
            wrong.assert_detail(400, "LOGIN_BAD_CREDENTIALS");
        }
        assert_eq!(own(&client, route, "jo", password).await.status, 200);
    }
}

#[tokio::test]
async fn what_is_no_wrong_credential_does_not_count() {
    let app = App::start().await;
    app.user("banned").await;
    let client = app.client(1);
    for _ in 0..7 {
        let answer = own(&client, "/own/jwt", "banned", PASSWORD).await;
        assert_eq!(answer.status, 403);
        let answer = own(&client, "/directory/jwt", "jo", "away").await;
        answer.assert_detail(502, "DIRECTORY_UNREACHABLE");
    }
    assert_eq!(own(&client, "/own/jwt", "jo", PASSWORD).await.status, 200);
}

#[tokio::test]
async fn wrong_unknown_and_inactive_are_one_answer_and_one_hash() {
    let app = App::start().await;
    let gone = app.user("gone").await;
    app.set(&gone, "is_active", users_runtime::value::Value::Bool(false))
        .await;
    app.hooks.take();
    let client = app.client(1);
    let mut answers = Vec::new();
    for (name, password) in [("jo", "wrong"), ("nobody", PASSWORD), ("gone", PASSWORD)] {
        let before = app.users.passwords().hashes_done();
        let answer = own(&client, "/own/jwt", name, password).await;
        answer.assert_detail(400, "LOGIN_BAD_CREDENTIALS");
        assert_eq!(app.users.passwords().hashes_done() - before, 1, "{name}");
        answers.push(seen(&answer));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    let events = [
        "jo wrong_password at jwt",
        "- unknown_user at jwt",
        "gone inactive at jwt",
    ];
    assert_eq!(app.hooks.take(), events);
    // An unknown name is limited like a known one, however it is written.
    for name in ["Nobody", " nobody", "NOBODY ", "nobody"] {
        let answer = own(&client, "/own/jwt", name, "wrong").await;
        answer.assert_detail(400, "LOGIN_BAD_CREDENTIALS");
    }
    let answer = own(&client, "/own/jwt", "nobody", "wrong").await;
    answer.assert_detail(429, "TOO_MANY_ATTEMPTS");
}

/// The queue for hashes has two places, of which a client takes over one where another client has both.
#[tokio::test]
async fn a_route_of_the_application_waits_in_the_share_of_its_client() {
    let app = App::start().await;
    app.user("al").await;
    app.hasher.take_calls();
    app.hasher.hold();
    let mut waiting = JoinSet::new();
    let login = |number: u8, name: &'static str| {
        let client = app.client(number);
        async move { (number, own(&client, "/own/jwt", name, PASSWORD).await) }
    };
    waiting.spawn(login(1, "jo"));
    until("a comparison", || {
        (!app.hasher.take_calls().is_empty()).then_some(())
    })
    .await;
    // Two places, and three that want them.
    for _ in 0..3 {
        waiting.spawn(login(1, "jo"));
    }
    for number in [1, 2] {
        if number == 2 {
            waiting.spawn(login(2, "al"));
        }
        let refused = waiting.join_next().await.expect("a login");
        let (refused, answer) = refused.expect("an answer");
        assert_eq!(refused, 1);
        answer.assert_detail(503, "Service Unavailable");
        assert_ne!(answer.header("retry-after"), "");
    }
    app.hasher.release();
    let mut served: Vec<_> = waiting
        .join_all()
        .await
        .iter()
        .map(|(number, answer)| (*number, answer.status))
        .collect();
    served.sort_unstable();
    assert_eq!(served, [(1, 200), (1, 200), (2, 200)]);
}
