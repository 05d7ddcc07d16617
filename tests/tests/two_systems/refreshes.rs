//! Refresh tokens: both systems rotate one session, and time decides at both.

use std::time::Duration;

use serde_json::json;
use tokio::task::JoinSet;
use users_tests::{Answer, Client, PASSWORD};

use crate::pair::{Pair, System};

/// How many tabs refresh at once.
const TABS: usize = 20;

/// The default grace period, in steps of which the last is beyond it.
const STEP: Duration = Duration::from_secs(8);

pub(crate) async fn refresh(client: &Client, token: &str) -> Answer {
    let body = json!({ "refresh_token": token });
    client.post("/auth/api/refresh", &body).await
}

#[track_caller]
pub(crate) fn text(answer: &Answer, name: &str) -> String {
    assert_eq!(answer.status, 200, "{answer:?}");
    let body = answer.json();
    body[name].as_str().expect("a token").to_owned()
}

async fn login(system: &System, email: &str) -> String {
    let answer = system.client.login("api", email, PASSWORD).await;
    text(&answer, "refresh_token")
}

/// Tabs at both that refresh at once get one successor.
pub(crate) async fn tabs_get_one_successor(pair: &Pair) {
    let user = pair.one.user("tabs@example.com").await;
    let token = login(&pair.one, &user.email).await;
    let mut tabs = JoinSet::new();
    for number in 0..TABS {
        let client = [&pair.one, &pair.other][number % 2].client.clone();
        let token = token.clone();
        tabs.spawn(async move { refresh(&client, &token).await });
    }
    let answers = tabs.join_all().await;
    let successor = text(&answers[0], "refresh_token");
    assert_ne!(successor, token);
    for answer in &answers {
        assert_eq!(text(answer, "refresh_token"), successor);
        assert_eq!(pair.me(&text(answer, "access_token")).await, [200, 200]);
    }
    let next = refresh(&pair.other.client, &successor).await;
    assert_ne!(text(&next, "refresh_token"), successor);
}

/// A former token is answered with its successor for the grace period, at both; after it, its use ends the session at both.
pub(crate) async fn a_former_token_ends_the_session_after_the_grace_period(pair: &Pair) {
    for (first, second) in [(&pair.one, &pair.other), (&pair.other, &pair.one)] {
        let user = first
            .user(&format!("{}@example.com", uuid::Uuid::new_v4()))
            .await;
        let former = login(first, &user.email).await;
        let current = text(&refresh(&second.client, &former).await, "refresh_token");
        let rotated = refresh(&first.client, &current).await;
        let (access, latest) = (
            text(&rotated, "access_token"),
            text(&rotated, "refresh_token"),
        );
        for _ in 0..3 {
            pair.clock.forward(STEP);
            for system in [first, second] {
                let answer = refresh(&system.client, &former).await;
                assert_eq!(text(&answer, "refresh_token"), current);
            }
        }
        assert_eq!(pair.me(&access).await, [200, 200]);
        pair.clock.forward(STEP);
        let reused = refresh(&second.client, &former).await;
        reused.assert_detail(400, "REFRESH_BAD_TOKEN");
        assert_eq!(pair.me(&access).await, [401, 401]);
        let ended = refresh(&first.client, &latest).await;
        ended.assert_detail(400, "REFRESH_BAD_TOKEN");
    }
}

/// A token that is used up, many times at once at both: each is refused, the session ends, and one event says so.
pub(crate) async fn many_uses_of_a_used_token_end_the_session_once(pair: &Pair) {
    for round in 0..5 {
        let (first, second) = [(&pair.one, &pair.other), (&pair.other, &pair.one)][round % 2];
        let user = first
            .user(&format!("{}@example.com", uuid::Uuid::new_v4()))
            .await;
        let spent = login(first, &user.email).await;
        let former = text(&refresh(&second.client, &spent).await, "refresh_token");
        let current = text(&refresh(&first.client, &former).await, "refresh_token");
        let rotated = refresh(&second.client, &current).await;
        let (access, latest) = (
            text(&rotated, "access_token"),
            text(&rotated, "refresh_token"),
        );
        let mut thieves = JoinSet::new();
        for number in 0..TABS {
            let client = [first, second][number % 2].client.clone();
            let token = spent.clone();
            thieves.spawn(async move { refresh(&client, &token).await });
        }
        for refused in thieves.join_all().await {
            refused.assert_detail(400, "REFRESH_BAD_TOKEN");
        }
        assert_eq!(pair.me(&access).await, [401, 401]);
        for token in [&spent, &former, &current, &latest] {
            for system in [first, second] {
                let refused = refresh(&system.client, token).await;
                refused.assert_detail(400, "REFRESH_BAD_TOKEN");
            }
        }
        let events = second.users.events(&user, 200, None).await;
        let events = events.expect("events").items;
        let reused = events.iter().filter(|event| event.name == "refresh.reused");
        assert_eq!(reused.count(), 1, "{events:?}");
    }
}
