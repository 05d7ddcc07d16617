//! Refresh tokens in cookies.

use std::time::Duration;

use users_runtime::CookieTransport;
use users_tests::Answer;

use crate::app::{App, cookies, me};

/// The `Set-Cookie` header of this name.
fn set(answer: &Answer, name: &str) -> String {
    let all = answer.headers.get_all("set-cookie").into_iter();
    let mut found = all
        .filter_map(|cookie| cookie.to_str().ok())
        .filter(|cookie| cookie.starts_with(&format!("{name}=")));
    found
        .next()
        .unwrap_or_else(|| panic!("a cookie {name}"))
        .to_owned()
}

#[tokio::test]
async fn login_and_refresh_set_both_cookies() {
    let app = App::start().await;
    app.user("jo@example.com").await;
    let login = app.login("app", "jo@example.com").await;
    assert_eq!((login.status, &*login.text), (204, ""));
    let refresh_cookie = set(&login, "fastapiusersauth_refresh");
    for attribute in [
        "; HttpOnly",
        "; Path=/auth/app",
        "; SameSite=strict",
        "; Secure",
        "; Max-Age=2592000",
    ] {
        assert!(
            refresh_cookie.contains(attribute),
            "{attribute} in {refresh_cookie}"
        );
    }
    assert!(set(&login, "fastapiusersauth").contains("; Max-Age=600"));
    app.clock.forward(Duration::from_mins(11));
    let [access, refresh]: [String; 2] = cookies(&login).try_into().expect("two cookies");
    assert_eq!(me(&app.client().cookie(&access)).await, 401);
    let refreshed = app
        .client()
        .cookie(&refresh)
        .send("POST", "/auth/app/refresh")
        .await;
    assert_eq!((refreshed.status, &*refreshed.text), (204, ""));
    assert_eq!(me(&app.presenting(&refreshed)).await, 200);
    assert_ne!(cookies(&refreshed)[1], refresh);
}

#[tokio::test]
async fn a_bad_or_missing_token_clears_both_cookies() {
    let app = App::start().await;
    for client in [
        app.client(),
        app.client().cookie("fastapiusersauth_refresh=nonsense"),
    ] {
        let answer = client.send("POST", "/auth/app/refresh").await;
        answer.assert_detail(400, "REFRESH_BAD_TOKEN");
        for name in ["fastapiusersauth", "fastapiusersauth_refresh"] {
            assert!(set(&answer, name).contains("Max-Age=0"), "{name}");
        }
        assert!(set(&answer, "fastapiusersauth_refresh").contains("Path=/auth/app"));
    }
}

#[tokio::test]
async fn a_host_prefix_moves_the_refresh_cookie_to_the_root() {
    let app = App::configured(|builder| {
        builder.transport("app", CookieTransport::new().name("__Host-session"))
    })
    .await;
    app.user("jo@example.com").await;
    let login = app.login("app", "jo@example.com").await;
    let cookie = set(&login, "__Host-session_refresh");
    assert!(
        cookie.contains("; Path=/;") && cookie.contains("; Secure"),
        "{cookie}"
    );
}

#[tokio::test]
async fn a_logout_by_the_refresh_cookie_ends_the_session_and_clears_both() {
    let app = App::start().await;
    app.user("jo@example.com").await;
    let login = app.login("app", "jo@example.com").await;
    app.clock.forward(Duration::from_mins(11));
    let client = app.client().cookie(&cookies(&login)[1]);
    let logout = client.send("POST", "/auth/app/logout").await;
    assert_eq!(logout.status, 204);
    for name in ["fastapiusersauth", "fastapiusersauth_refresh"] {
        assert!(set(&logout, name).contains("Max-Age=0"), "{name}");
    }
    client
        .send("POST", "/auth/app/refresh")
        .await
        .assert_detail(400, "REFRESH_BAD_TOKEN");
}

#[tokio::test]
async fn a_backend_under_a_prefix_of_the_application_has_its_cookie_there() {
    let app = App::start().await;
    app.user("jo@example.com").await;
    let router = axum::Router::new().nest("/api", app.users.router());
    let router = router.with_state(app.users.clone());
    let url = users_tests::serve(|listener| axum::serve(listener, router)).await;
    let client = users_tests::Client::new(&format!("{url}/api"));
    let login = client
        .login("app", "jo@example.com", users_tests::PASSWORD)
        .await;
    assert!(set(&login, "fastapiusersauth_refresh").contains("; Path=/api/auth/app;"));
}

#[tokio::test]
async fn another_site_cannot_have_the_cookies_refreshed() {
    let app = App::start().await;
    app.user("jo@example.com").await;
    let login = app.login("app", "jo@example.com").await;
    let client = app.client().cookie(&cookies(&login)[1]);
    let path = "/auth/app/refresh";
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("origin", "https://elsewhere.example"),
        ("origin", "null"),
    ] {
        let refused = client.header(name, value).send("POST", path).await;
        refused.assert_detail(403, "CROSS_SITE_REQUEST");
        assert!(cookies(&refused).is_empty(), "they stay as they are");
    }
    // The token was not used: its successor is the first one.
    let own = client.header("sec-fetch-site", "same-origin");
    let refreshed = own.send("POST", path).await;
    assert_eq!(refreshed.status, 204, "{refreshed:?}");
    let again = client.send("POST", path).await;
    assert_eq!(cookies(&again)[1], cookies(&refreshed)[1]);
}
