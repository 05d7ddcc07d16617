//! Clients and their addresses.

use serde_json::json;
use users_runtime::web::ClientAddresses;
use users_tests::{Client, Database};

use super::application::Server;

#[tokio::test]
async fn spoofed_headers_change_nothing() {
    let database = Database::new();
    let server = Server::start(&database).await;
    for number in 0..10 {
        let account = format!("user{number}@example.com");
        let spoofed = server
            .at(&format!("198.51.100.{number}, 203.0.113.9"))
            .header("forwarded", &format!("for=198.51.100.{number}"))
            .header("x-real-ip", &format!("198.51.100.{number}"));
        assert_eq!(spoofed.login("jwt", &account, "x").await.status, 400);
    }
    let spoofed = server.at("198.51.100.77, 203.0.113.9");
    let answer = spoofed.login("jwt", "another@example.com", "x").await;
    answer.assert_detail(429, "TOO_MANY_ATTEMPTS");
    assert_eq!(answer.header("retry-after"), "6");
    let client = server.at("203.0.113.10");
    let answer = client.login("jwt", "another@example.com", "x").await;
    assert_eq!(answer.status, 400);
}

#[tokio::test]
async fn an_ipv6_client_is_one_whatever_it_calls_itself() {
    let database = Database::new();
    let server = Server::start(&database).await;
    for number in 0..10 {
        let client = server.at(&format!("2001:db8:1:2:{number}::1"));
        let account = format!("user{number}@example.com");
        assert_eq!(client.login("jwt", &account, "x").await.status, 400);
    }
    let status = async |address| {
        let client = server.at(address);
        client.login("jwt", "another@example.com", "x").await.status
    };
    assert_eq!(status("2001:db8:1:2:ffff::1").await, 429);
    assert_eq!(status("2001:db8:1:3:ffff::1").await, 400);
}

#[tokio::test]
async fn a_proxy_that_is_not_named_is_not_one_client() {
    let database = Database::new();
    let server = Server::with(&database, |builder| {
        builder.client_addresses(ClientAddresses::default())
    })
    .await;
    for number in 0..30 {
        let account = format!("user{number}@example.com");
        let answer = server.at("203.0.113.9").login("jwt", &account, "x").await;
        assert_eq!(answer.status, 400, "{answer:?}");
    }
    let database = Database::new();
    let direct = Server::with(&database, |builder| {
        builder.client_addresses(ClientAddresses::peer())
    })
    .await;
    for number in 0..11 {
        let account = format!("user{number}@example.com");
        let answer = Client::new(&direct.url).login("jwt", &account, "x").await;
        assert_eq!(answer.status, if number < 10 { 400 } else { 429 });
    }
}

#[tokio::test]
async fn registrations_are_limited_by_client() {
    let database = Database::new();
    let server = Server::start(&database).await;
    let register = async |address, name: &str| {
        let body = json!({ "email": format!("{name}@example.com"), "password": "correct horse" });
        server.at(address).post("/auth/register", &body).await
    };
    assert_eq!(register("203.0.113.9", "a").await.status, 201);
    let client = server.at("203.0.113.9");
    let invalid = client.post("/auth/register", &json!({})).await;
    assert_eq!(invalid.status, 422, "not counted");
    assert_eq!(register("203.0.113.9", "a").await.status, 400, "taken");
    let refused = register("203.0.113.9", "b").await;
    refused.assert_detail(429, "TOO_MANY_ATTEMPTS");
    assert_eq!(refused.header("retry-after"), "1800");
    assert_eq!(register("203.0.113.8", "b").await.status, 201);
}
