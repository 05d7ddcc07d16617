//! Letters that clients ask for.

use std::time::Duration;

use serde_json::json;
use users_tests::Database;

use super::application::{Server, seen};

#[tokio::test]
async fn an_account_gets_no_more_letters_than_its_limit_and_no_client_is_told() {
    let database = Database::new();
    let server = Server::start(&database).await;
    server.member("jo@example.com").await;
    for path in ["/auth/forgot-password", "/auth/request-verify-token"] {
        let before = server.letters.all().len();
        for number in 0..5 {
            let client = server.number(number);
            let body = json!({ "email": "jo@example.com" });
            let known = seen(&client.post(path, &body).await);
            assert_eq!(known, (202, "null".to_owned(), String::new()));
            let body = json!({ "email": "no@example.com" });
            assert_eq!(seen(&client.post(path, &body).await), known);
        }
        assert_eq!(server.letters.all().len() - before, 2, "{path}");
        server.clock.forward(Duration::from_mins(30));
        let client = server.number(9);
        client
            .post(path, &json!({ "email": "jo@example.com" }))
            .await;
        assert_eq!(server.letters.all().len() - before, 3, "{path}");
    }
}

#[tokio::test]
async fn a_client_is_told_that_it_asks_too_often() {
    let database = Database::new();
    let server = Server::start(&database).await;
    server.member("jo@example.com").await;
    for email in ["jo@example.com", "no@example.com"] {
        let client = server.at(if email.starts_with("jo") {
            "203.0.113.1"
        } else {
            "203.0.113.2"
        });
        for _ in 0..6 {
            assert_eq!(server.forgot(&client, email).await.status, 202);
        }
        let refused = server.forgot(&client, email).await;
        refused.assert_detail(429, "TOO_MANY_ATTEMPTS");
        assert_eq!(refused.header("retry-after"), "10");
        let body = json!({ "email": email });
        let verify = client.post("/auth/request-verify-token", &body).await;
        assert_eq!(verify.status, 202, "counted for itself");
    }
}
