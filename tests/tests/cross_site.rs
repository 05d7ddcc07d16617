//! What a page of another site cannot make a visitor's browser do.

use axum::{
    Json, Router,
    routing::{get, post},
};
use serde_json::json;
use users_runtime::{
    Compat, CookieTransport, CurrentUser, Users, UsersBuilder, errors::BuildError,
};
use users_tests::{Answer, App, Client, Database, PASSWORD, SECRET, User};

const REFUSED: &str = "CROSS_SITE_REQUEST";
const HOST: &str = "app.example.com";
const OTHER: &str = "https://evil.example";
const EMAIL: &str = "jo@example.com";

async fn guarded(user: CurrentUser<User>) -> Json<serde_json::Value> {
    Json(json!(user.email))
}

async fn optional(user: Option<CurrentUser<User>>) -> Json<serde_json::Value> {
    Json(json!(user.map(|user| user.email.clone())))
}

fn routes(users: &Users<User>) -> Router<Users<User>> {
    users
        .router()
        .route("/own", post(guarded).get(guarded))
        .route("/optional", post(optional).get(optional))
        .route("/socket", get(guarded))
}

async fn start(
    configure: impl FnOnce(UsersBuilder<User>) -> UsersBuilder<User> + 'static,
) -> (App, Client) {
    let app = App::builder()
        .routes(routes)
        .configure(configure)
        .start()
        .await;
    app.user(EMAIL).await;
    let client = app.client().host(HOST);
    let browser = logged_in(&client).await;
    (app, browser)
}

/// The client with the cookie that a login hands out.
async fn logged_in(client: &Client) -> Client {
    let answer = client.login("cookie", EMAIL, PASSWORD).await;
    assert_eq!(answer.status, 204, "{answer:?}");
    client.cookie(answer.cookie())
}

/// The client with the headers of a case.
fn sending(client: &Client, site: Option<&str>, origin: Option<&str>) -> Client {
    let mut client = client.clone();
    if let Some(site) = site {
        client = client.header("sec-fetch-site", site);
    }
    if let Some(origin) = origin {
        client = client.header("origin", origin);
    }
    client
}

/// What a request may say of where it comes from, and whether it passes: by default, and with a `__Host-` cookie.
const CASES: [(Option<&str>, Option<&str>, bool, bool); 19] = [
    (None, None, true, true),
    (
        Some("same-origin"),
        Some("https://app.example.com"),
        true,
        true,
    ),
    (Some("same-origin"), None, true, true),
    (Some("same-origin"), Some("null"), true, true),
    (Some("none"), None, true, true),
    (
        Some("same-site"),
        Some("https://blog.example.com"),
        true,
        false,
    ),
    (Some("cross-site"), Some(OTHER), false, false),
    (Some("cross-site"), None, false, false),
    (Some("cross-site"), Some("null"), false, false),
    (
        Some("cross-site"),
        Some("https://app.example.com"),
        false,
        false,
    ),
    (
        Some("cross-site"),
        Some("https://front.example"),
        true,
        true,
    ),
    (Some("a new word"), None, false, false),
    (None, Some("https://app.example.com"), true, true),
    (None, Some("http://app.example.com"), true, true),
    (None, Some("https://app.example.com:8443"), false, false),
    (None, Some("https://front.example"), true, true),
    (
        None,
        Some("https://front.example.evil.example"),
        false,
        false,
    ),
    (None, Some(OTHER), false, false),
    (None, Some("null"), false, false),
];

#[tokio::test]
async fn a_table_of_origins() {
    let trusting = |builder: UsersBuilder<User>| builder.trusted_origins(["https://front.example"]);
    let (_app, plain) = start(trusting).await;
    let (_bound_app, bound) = start(move |builder| {
        trusting(builder).transport("cookie", CookieTransport::new().host_prefix())
    })
    .await;
    let (_strict_app, strict) =
        start(move |builder| trusting(builder).same_site_requests(false)).await;
    for (site, origin, by_default, of_host) in CASES {
        for (browser, passes) in [(&plain, by_default), (&bound, of_host), (&strict, of_host)] {
            let client = sending(browser, site, origin);
            let context = format!("{site:?} {origin:?}");
            let answers = [
                client.json("PATCH", "/users/me", &json!({})).await,
                client.send("POST", "/own").await,
                client.send("POST", "/optional").await,
                client
                    .header("connection", "upgrade")
                    .header("upgrade", "WebSocket")
                    .get("/socket")
                    .await,
            ];
            for answer in &answers {
                assert_passes(answer, passes, 200, &context);
            }
            let login = client.login("cookie", EMAIL, PASSWORD).await;
            assert_passes(&login, passes, 204, &context);
            let logout = client.send("POST", "/auth/cookie/logout").await;
            assert_passes(&logout, passes, 204, &context);
            for path in ["/users/me", "/own", "/optional"] {
                let answer = client.get(path).await;
                assert_passes(&answer, true, 200, &context);
            }
        }
    }
}

#[track_caller]
fn assert_passes(answer: &Answer, passes: bool, status: u16, context: &str) {
    if passes {
        assert_eq!(answer.status, status, "{context}: {answer:?}");
    } else {
        assert_eq!(answer.status, 403, "{context}: {answer:?}");
        answer.assert_detail(403, REFUSED);
    }
}

#[tokio::test]
async fn it_is_judged_before_the_body_and_the_guard() {
    let (app, browser) = start(|builder| builder).await;
    let evil = sending(&browser, Some("cross-site"), Some(OTHER));
    let broken = "application/json";
    for path in ["/users/me", "/users/not-an-id"] {
        evil.raw("PATCH", path, broken, "{")
            .await
            .assert_detail(403, REFUSED);
        evil.send("DELETE", path).await.assert_detail(403, REFUSED);
    }
    evil.raw("POST", "/auth/cookie/login", broken, "{")
        .await
        .assert_detail(403, REFUSED);
    // Whether the cookie is valid makes no difference, so it is not looked up.
    let unknown = evil.cookie("fastapiusersauth=unknown");
    unknown
        .send("POST", "/own")
        .await
        .assert_detail(403, REFUSED);
    unknown
        .send("POST", "/optional")
        .await
        .assert_detail(403, REFUSED);
    // Without a cookie there is nothing to abuse but the login and the logout.
    let nobody = sending(&app.client(), Some("cross-site"), Some(OTHER));
    nobody
        .send("POST", "/own")
        .await
        .assert_detail(401, "Unauthorized");
    assert_eq!(nobody.send("POST", "/optional").await.text, "null");
    nobody
        .send("POST", "/auth/cookie/logout")
        .await
        .assert_detail(403, REFUSED);
    let me = browser.get("/users/me").await;
    assert_eq!(me.status, 200, "{me:?}");
}

#[tokio::test]
async fn bearer_tokens_need_no_check() {
    let (app, browser) = start(|builder| builder).await;
    let client = sending(&app.client(), Some("cross-site"), Some(OTHER));
    let answer = client.login("jwt", EMAIL, PASSWORD).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let token = answer.json()["access_token"]
        .as_str()
        .expect("a token")
        .to_owned();
    let cookie = sending(&browser, Some("cross-site"), Some(OTHER));
    // A cookie beside the token does not count, and does not harm.
    for client in [client.bearer(&token), cookie.bearer(&token)] {
        for answer in [
            client.send("POST", "/own").await,
            client.json("PATCH", "/users/me", &json!({})).await,
            client.send("POST", "/optional").await,
        ] {
            assert_eq!(answer.status, 200, "{answer:?}");
        }
    }
    // A header that opens nothing does not make the cookie count.
    cookie
        .bearer("x")
        .send("POST", "/own")
        .await
        .assert_detail(403, REFUSED);
}

#[tokio::test]
async fn it_can_be_switched_off_and_is_off_in_the_preset() {
    let off = start(|builder| builder.cross_site_protection(false)).await;
    let preset = start(|builder| builder.compat(Compat::FastApiUsers15)).await;
    for (_app, browser) in [off, preset] {
        let evil = sending(&browser, Some("cross-site"), Some(OTHER));
        for answer in [
            evil.json("PATCH", "/users/me", &json!({})).await,
            evil.send("POST", "/own").await,
            evil.send("POST", "/optional").await,
        ] {
            assert_eq!(answer.status, 200, "{answer:?}");
        }
        let answer = evil.login("cookie", EMAIL, PASSWORD).await;
        assert_eq!(answer.status, 204, "{answer:?}");
    }
    let on = start(|builder| {
        builder
            .compat(Compat::FastApiUsers15)
            .cross_site_protection(true)
    });
    let (_app, browser) = on.await;
    let evil = sending(&browser, Some("cross-site"), None);
    evil.send("POST", "/own").await.assert_detail(403, REFUSED);
}

#[tokio::test]
async fn a_base_url_stands_for_the_host_behind_a_proxy() {
    let (_app, browser) = start(|builder| builder.base_url("https://public.example/app")).await;
    for (origin, passes) in [
        ("https://public.example", true),
        ("https://app.example.com", true),
        ("http://public.example", false),
        (OTHER, false),
    ] {
        let answer = sending(&browser, None, Some(origin))
            .send("POST", "/own")
            .await;
        assert_passes(&answer, passes, 200, origin);
    }
}

#[tokio::test]
async fn what_is_no_origin_is_refused_at_build() {
    let database = Database::new();
    let store = database.store().await;
    let builder = || Users::<User>::builder(store.clone(), SECRET);
    for text in [
        "null",
        "*",
        "app.example.com",
        "https://app.example.com/login",
    ] {
        let error = builder().trusted_origins([text]).build().expect_err(text);
        assert!(
            matches!(&error, BuildError::InvalidOrigin { origin, .. } if origin == text),
            "{error}"
        );
    }
    let error = builder().base_url("/app").build().expect_err("a path");
    assert!(
        matches!(error, BuildError::InvalidBaseUrl { .. }),
        "{error}"
    );
}

#[tokio::test]
async fn the_document_lists_the_answer_where_it_can_happen() {
    let (app, _) = start(|builder| builder).await;
    let document = serde_json::to_value(app.users.openapi()).expect("JSON");
    let lists = |method: &str, path: &str| {
        let answer = &document["paths"][path][method]["responses"]["403"];
        answer.to_string().contains(REFUSED)
    };
    for (method, path, expected) in [
        ("post", "/auth/cookie/login", true),
        ("post", "/auth/cookie/logout", true),
        ("post", "/auth/jwt/login", false),
        ("post", "/auth/jwt/logout", true),
        ("patch", "/users/me", true),
        ("get", "/users/me", false),
        ("delete", "/users/{id}", true),
        ("post", "/auth/register", false),
        ("post", "/auth/reset-password", false),
    ] {
        assert_eq!(lists(method, path), expected, "{method} {path}");
    }
    let (app, _) = start(|builder| builder.compat(Compat::FastApiUsers15)).await;
    let document = serde_json::to_value(app.users.openapi()).expect("JSON");
    assert!(!document.to_string().contains(REFUSED), "{document}");
}
