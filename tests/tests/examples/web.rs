//! The page for people: what its routes answer to those who do not use the page.

use serde_json::{Value, json};

use crate::{Client, Example};

const PASSWORD: &str = "correct horse battery";
const ANOTHER: &str = "another good password";

/// The example `web`, and a client with the cookie of a user who has registered there.
async fn web() -> (Example, Client) {
    let example = Example::start("web");
    register(&example.client, "jo@example.com").await;
    let jo = logged_in(&example.client, "jo@example.com").await;
    (example, jo)
}

/// Registers a user and verifies the address.
async fn register(client: &Client, email: &str) {
    let body = json!({ "email": email, "password": PASSWORD, "first_name": "Jo" });
    let registered = client.post("/auth/register", &body).await;
    registered.assert(202, &Value::Null);
    let refused = client.login("web", email, PASSWORD).await;
    refused.assert_detail(400, "LOGIN_BAD_CREDENTIALS");
    let token = token_of(client, email, "verify").await;
    let verified = client
        .post("/auth/verify", &json!({ "token": token }))
        .await;
    assert_eq!(verified.status, 200, "{verified:?}");
}

/// The token in the newest letter of a kind, as soon as there is one.
async fn token_of(client: &Client, email: &str, kind: &str) -> String {
    let link = format!("/{kind}#");
    loop {
        let letters = client.get("/outbox").await.json();
        let letters = letters.as_array().expect("letters").iter();
        let mut texts = letters
            .filter(|letter| letter["to"] == json!(email))
            .filter_map(|letter| letter["text"].as_str()?.split_once(&link));
        if let Some((_, rest)) = texts.next() {
            return rest.lines().next().expect("a token").to_owned();
        }
    }
}

async fn logged_in(client: &Client, email: &str) -> Client {
    let login = client.login("web", email, PASSWORD).await;
    let cookie = login.header("set-cookie");
    assert!(
        cookie.contains("HttpOnly")
            && cookie.contains("SameSite=strict")
            && !cookie.contains("Secure"),
        "{cookie}"
    );
    client.cookie(login.cookie())
}

/// Lets the logins of all sessions be an hour ago.
async fn make_sessions_old(example: &Example) {
    let file = example.folder.path().join("web.db");
    let database = sqlx::SqlitePool::connect(&format!("sqlite://{}", file.display()))
        .await
        .expect("the example's database");
    // Instants are stored in microseconds.
    sqlx::query("UPDATE auth_session SET authenticated_at = authenticated_at - 3600000000")
        .execute(&database)
        .await
        .expect("a table of sessions");
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
    for path in ["/verify", "/reset-password"] {
        assert_eq!(example.client.get(path).await.text, page, "{path}");
    }
}

#[tokio::test]
async fn a_fresh_session_changes_the_account_and_a_wrong_present_password_never_does() {
    let (example, jo) = web().await;
    let change = async |body: Value| jo.json("PATCH", "/users/me", &body).await;
    for body in [
        json!({ "password": ANOTHER, "current_password": "wrong" }),
        json!({ "email": "al@example.com", "current_password": null }),
        json!({ "first_name": "Al", "current_password": "" }),
    ] {
        change(body)
            .await
            .assert_detail(400, "CURRENT_PASSWORD_WRONG");
    }
    let guest = json!({ "password": ANOTHER });
    let guest = example.client.json("PATCH", "/users/me", &guest).await;
    guest.assert_detail(401, "Unauthorized");
    let short = change(json!({ "password": "fourteen chars" })).await;
    assert_eq!(short.status, 400, "{short:?}");
    let changed = change(json!({ "password": ANOTHER })).await;
    assert_eq!(changed.status, 200, "{changed:?}");
    let changed = change(json!({ "email": "al@example.com", "current_password": ANOTHER })).await;
    assert_eq!(
        (
            &changed.json()["email"],
            &changed.json()["is_verified"],
            jo.get("/users/me").await.status
        ),
        (&json!("al@example.com"), &json!(false), 403),
        "{changed:?}"
    );
}

#[tokio::test]
async fn only_names_are_changed_in_an_old_session_without_the_present_password() {
    let (example, jo) = web().await;
    make_sessions_old(&example).await;
    let change = async |body: Value| jo.json("PATCH", "/users/me", &body).await;
    let named = change(json!({ "first_name": "Al", "last_name": null })).await;
    assert_eq!(named.json()["first_name"], json!("Al"), "{named:?}");
    for body in [
        json!({ "email": "al@example.com" }),
        json!({ "password": ANOTHER }),
        json!({ "first_name": "Al", "password": ANOTHER }),
    ] {
        change(body)
            .await
            .assert_detail(400, "CURRENT_PASSWORD_WRONG");
    }
    let utf16: Vec<u8> = format!(r#"{{"password": "{ANOTHER}"}}"#)
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let twice = br#"{"first_name": "Al", "first_name": "Jo", "email": "al@example.com"}"#.to_vec();
    for body in [utf16, twice] {
        jo.raw("PATCH", "/users/me", "application/json", body)
            .await
            .assert_detail(400, "CURRENT_PASSWORD_WRONG");
    }
    let changed = change(json!({ "password": ANOTHER, "current_password": PASSWORD })).await;
    assert_eq!(changed.status, 200, "{changed:?}");
}

#[tokio::test]
async fn the_page_lists_ones_own_sessions_and_ends_them() {
    let (example, jo) = web().await;
    let second = logged_in(&example.client, "jo@example.com").await;
    let sessions = second.get("/users/me/sessions").await.json();
    let (own, other) = (&sessions[0], &sessions[1]);
    assert_eq!(
        (&own["is_current"], &other["is_current"]),
        (&json!(true), &json!(false)),
        "{sessions}"
    );
    register(&example.client, "al@example.com").await;
    let al = logged_in(&example.client, "al@example.com").await;
    let path = format!(
        "/users/me/sessions/{}",
        other["id"].as_str().expect("a name")
    );
    assert_eq!(al.send("DELETE", &path).await.status, 404);
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
}

#[tokio::test]
async fn other_clients_log_in_with_refresh_tokens() {
    let (example, _) = web().await;
    let login = example
        .client
        .login("api", "jo@example.com", PASSWORD)
        .await
        .json();
    let refresh = json!({ "refresh_token": login["refresh_token"] });
    let refreshed = example.client.post("/auth/api/refresh", &refresh).await;
    assert_eq!(refreshed.status, 200, "{refreshed:?}");
    let token = refreshed.json()["access_token"].clone();
    let client = example.client.bearer(token.as_str().expect("a token"));
    assert_eq!(client.get("/users/me").await.status, 200);
}

#[tokio::test]
async fn requests_of_other_sites_are_refused() {
    let (_example, jo) = web().await;
    let other = jo.header("Sec-Fetch-Site", "cross-site");
    for (method, path) in [
        ("PATCH", "/users/me"),
        ("POST", "/account/delete"),
        ("POST", "/auth/web/logout"),
        ("DELETE", "/users/me/sessions"),
    ] {
        let answer = other
            .json(method, path, &json!({ "first_name": "Al" }))
            .await;
        answer.assert_detail(403, "CROSS_SITE_REQUEST");
    }
}

#[tokio::test]
async fn guesses_are_limited_from_this_machine_too() {
    let (example, _) = web().await;
    for _ in 0..5 {
        let guess = example.client.login("web", "jo@example.com", "wrong").await;
        guess.assert_detail(400, "LOGIN_BAD_CREDENTIALS");
    }
    let refused = example.client.login("web", "jo@example.com", "wrong").await;
    refused.assert_detail(429, "TOO_MANY_ATTEMPTS");
    let wait: u64 = refused.header("retry-after").parse().expect("seconds");
    assert!((1..=12).contains(&wait), "{wait}");
}
