//! A provider that does not answer holds up whoever waits for it, and nobody else.

use std::sync::Arc;

use axum::body::Bytes;
use sqlx::sqlite::SqlitePoolOptions;
use tokio::sync::Semaphore;
use users_runtime::oauth::HttpClient;
use users_tests::{App, PASSWORD};

use crate::provider::{Asked, Flow, account, logged_in, network, oauth_over, routes};

/// How many logins wait at the same time.
const WAITING: usize = 8;

/// A provider that answers these codes only when it is let go; whoever asks for them is counted.
fn hanging(
    slow: Vec<String>,
    asked: &Arc<Semaphore>,
    released: &Arc<Semaphore>,
) -> impl HttpClient + use<> {
    let provider = Arc::new(network(Asked::default()));
    let (asked, released) = (Arc::clone(asked), Arc::clone(released));
    move |request: http::Request<Bytes>| {
        let form: Vec<_> = form_urlencoded::parse(request.body())
            .into_owned()
            .collect();
        let hangs = form
            .iter()
            .any(|(name, value)| name == "code" && slow.contains(value));
        let (provider, asked, released) = (
            Arc::clone(&provider),
            Arc::clone(&asked),
            Arc::clone(&released),
        );
        async move {
            if hangs {
                asked.add_permits(1);
                released
                    .acquire()
                    .await
                    .expect("it is never closed")
                    .forget();
            }
            provider.send(request).await
        }
    }
}

fn slow_address(number: usize) -> String {
    format!("slow-{number}@example.com")
}

#[tokio::test]
async fn others_go_on_while_logins_wait_for_a_provider() {
    let (asked, released) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let slow = (0..WAITING).map(|number| account(&format!("slow-{number}"), &slow_address(number)));
    let slow: Vec<_> = slow.collect();
    let oauth = oauth_over("forge", hanging(slow.clone(), &asked, &released));
    // One connection: a login that kept it while it waits would stop everybody.
    let app = App::builder()
        .pool(SqlitePoolOptions::new().max_connections(1))
        .routes(move |users| routes(users, &oauth));
    let app = app.start().await;
    let jo = app.user("jo@example.com").await;
    let client = app.client_of(&jo).await;

    let mut waiting = Vec::new();
    for slow in slow {
        let flow = Flow::start(&app.client(), "/forge").await;
        waiting.push(tokio::spawn(async move { flow.back(&slow).await }));
    }
    let _ = asked
        .acquire_many(u32::try_from(WAITING).expect("a few"))
        .await
        .expect("it is never closed");

    assert_eq!(
        client.get("/users/me").await.json()["email"],
        "jo@example.com"
    );
    assert_eq!(
        app.client()
            .login("db", "jo@example.com", PASSWORD)
            .await
            .status,
        200
    );
    let quick = Flow::start(&app.client(), "/forge")
        .await
        .back(&account("quick", "quick@example.com"))
        .await;
    assert_eq!(
        logged_in(&app, &quick).get("/users/me").await.json()["email"],
        "quick@example.com"
    );
    assert!(
        waiting.iter().all(|login| !login.is_finished()),
        "a login did not wait"
    );

    released.add_permits(WAITING);
    for (number, login) in waiting.into_iter().enumerate() {
        let answer = login.await.expect("an answer");
        assert_eq!(
            logged_in(&app, &answer).get("/users/me").await.json()["email"],
            slow_address(number)
        );
    }
}
