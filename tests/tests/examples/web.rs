//! The page for people: what its routes answer to those who do not use the page.

use serde_json::{Value, json};

use crate::{Client, Example};

/// The example `web`, its client, and a client with the cookie of a user who has registered there.
async fn web() -> (Example, Client) {
    let example = Example::start("web");
    let body =
        json!({ "email": "jo@example.com", "password": "correct horse", "first_name": "Jo" });
    let registered = example.client.post("/auth/register", &body).await;
    assert_eq!(registered.status, 201, "{registered:?}");
    let jo = cookie_of(&example.client).await;
    (example, jo)
}

async fn cookie_of(client: &Client) -> Client {
    let login = client
        .login("cookie", "jo@example.com", "correct horse")
        .await;
    let cookie = login.header("set-cookie");
    assert!(
        cookie.contains("HttpOnly")
            && cookie.contains("SameSite=strict")
            && !cookie.contains("Secure"),
        "{cookie}"
    );
    client.cookie(cookie.split(';').next().expect("a cookie"))
}

#[tokio::test]
async fn every_answer_of_the_page_says_what_protects_it() {
    let (example, jo) = web().await;
    for (answer, cache) in [
        (example.client.get("/").await, "no-cache"),
        (example.client.get("/app.js").await, "no-cache"),
        (example.client.get("/nothing").await, "no-store"),
        (jo.get("/users/me").await, "no-store"),
    ] {
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self';")
                && !policy.contains("unsafe"),
            "{policy}"
        );
        assert_eq!(
            (
                answer.header("x-content-type-options"),
                answer.header("cache-control")
            ),
            ("nosniff", cache)
        );
    }
    let page = example.client.get("/").await.text;
    assert!(
        !page.contains(" style=") && !page.contains("<style") && !page.contains(" onclick="),
        "it would not pass its own policy"
    );
}

#[tokio::test]
async fn only_names_are_changed_on_the_page_without_the_present_password() {
    let (example, jo) = web().await;
    let change = async |body: Value| jo.json("PATCH", "/users/me", &body).await;
    assert_eq!(
        change(json!({ "first_name": "Al", "last_name": null }))
            .await
            .json()["first_name"],
        json!("Al")
    );
    for body in [
        json!({ "email": "al@example.com" }),
        json!({ "password": "another password" }),
        json!({ "password": "another password", "current_password": "wrong" }),
        json!({ "email": "al@example.com", "current_password": null }),
        json!({ "first_name": "Al", "password": "another password" }),
    ] {
        change(body)
            .await
            .assert_detail(400, "CURRENT_PASSWORD_WRONG");
    }
    let utf16: Vec<u8> =
        r#"{"password": "another password"}"#.encode_utf16().flat_map(u16::to_le_bytes).collect();
    jo.raw("PATCH", "/users/me", "application/json", utf16)
        .await
        .assert_detail(400, "CURRENT_PASSWORD_WRONG");
    let twice = r#"{"first_name": "Al", "first_name": "Jo", "email": "al@example.com"}"#;
    jo.raw("PATCH", "/users/me", "application/json", twice)
        .await
        .assert_detail(400, "CURRENT_PASSWORD_WRONG");
    let guest = example
        .client
        .json(
            "PATCH",
            "/users/me",
            &json!({ "password": "another password" }),
        )
        .await;
    guest.assert_detail(401, "Unauthorized");
    assert_eq!(
        jo.get("/users/me").await.json()["email"],
        json!("jo@example.com")
    );
    let changed =
        change(json!({ "email": "al@example.com", "current_password": "correct horse" })).await;
    assert_eq!(
        changed.json()["email"],
        json!("al@example.com"),
        "{changed:?}"
    );
}

#[tokio::test]
async fn the_page_lists_ones_own_sessions_without_their_tokens_and_ends_them() {
    let (example, jo) = web().await;
    let second = cookie_of(&example.client).await;
    let sessions = second.get("/sessions").await.json();
    let (own, other) = (&sessions[0], &sessions[1]);
    assert_eq!(
        (&own["is_current"], &other["is_current"]),
        (&json!(true), &json!(false)),
        "{sessions}"
    );
    assert_eq!(example.client.get("/sessions").await.status, 401);

    let al = json!({ "email": "al@example.com", "password": "correct horse" });
    assert_eq!(example.client.post("/auth/register", &al).await.status, 201);
    let login = example
        .client
        .login("cookie", "al@example.com", "correct horse")
        .await;
    let al = example.client.cookie(
        login
            .header("set-cookie")
            .split(';')
            .next()
            .expect("a cookie"),
    );
    let path = format!("/sessions/{}", other["id"].as_str().expect("a name"));
    al.send("DELETE", &path)
        .await
        .assert_detail(404, "SESSION_NOT_FOUND");
    assert_eq!(
        jo.get("/users/me").await.status,
        200,
        "another user has ended it"
    );
    assert_eq!(second.send("DELETE", &path).await.status, 204);
    assert_eq!(
        (
            jo.get("/users/me").await.status,
            second.get("/users/me").await.status
        ),
        (401, 200)
    );
    second
        .send("DELETE", &path)
        .await
        .assert_detail(404, "SESSION_NOT_FOUND");
}
