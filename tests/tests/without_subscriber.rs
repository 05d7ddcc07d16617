//! A process without a subscriber of `tracing`: the first failed request says why on standard error.

use std::{env, process::Command};

use axum::body::Body;
use http::{Request, StatusCode, header};
use tower::ServiceExt as _;
use users_runtime::{SqliteStore, Users};
use users_tests::{SECRET, User};

/// Tells the process that is started whether it installs a subscriber.
const SUBSCRIBER: &str = "USERS_TEST_SUBSCRIBER";

/// Not a test of its own: an application that has forgotten `migrate`, asked twice.
#[tokio::test]
#[ignore = "started by another test"]
async fn answers_500_twice() {
    match env::var(SUBSCRIBER).as_deref() {
        Ok("some") => tracing_subscriber::fmt().with_writer(std::io::sink).init(),
        Ok(_) => {}
        Err(_) => return,
    }
    let store = SqliteStore::<User>::connect("sqlite::memory:").await;
    let users = Users::<User>::builder(store.expect("a database"), SECRET).build();
    let app = users.expect("a sound configuration").router::<()>();
    for _ in 0..2 {
        let login = Request::post("/auth/jwt/login")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(
                "username=jo@example.com&password=battery+staple",
            ))
            .expect("a request");
        let answer = app.clone().oneshot(login).await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    }
}

/// What the process writes to standard error.
fn standard_error(subscriber: &str) -> String {
    let output = Command::new(env::current_exe().expect("this test"))
        .args(["--exact", "answers_500_twice", "--ignored", "--nocapture"])
        .env(SUBSCRIBER, subscriber)
        .output()
        .expect("a process");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stderr).expect("text")
}

#[test]
fn a_forgotten_migration_is_reported_once_where_nothing_is_logged() {
    let written = standard_error("none");
    assert_eq!(written.matches("request failed").count(), 1, "{written}");
    assert!(
        written.contains("call `migrate().await`") && written.contains("tracing_subscriber"),
        "{written}"
    );
    assert!(!standard_error("some").contains("request failed"));
}
