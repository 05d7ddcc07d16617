//! What a client receives, and what is stored of it.

use serde_json::{Value as Json, json};
use users_tests::{Answer, PASSWORD};

use crate::app::{App, own};

/// What an answer sets, with the values of the cookies left out.
fn cookies(answer: &Answer) -> Vec<String> {
    let cookies = answer.headers.get_all("set-cookie").iter();
    let shape = |cookie: &http::HeaderValue| {
        let cookie = cookie.to_str().expect("text");
        let (name, rest) = cookie.split_once('=').expect("a name");
        let (_, attributes) = rest.split_once(';').expect("attributes");
        format!("{name};{attributes}")
    };
    cookies.map(shape).collect()
}

/// The headers of an answer by name, without the date.
fn headers(answer: &Answer) -> Vec<&str> {
    let names = answer.headers.keys().map(http::HeaderName::as_str);
    let mut names: Vec<_> = names.filter(|name| *name != "date").collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn the_answer_is_that_of_the_built_in_route() {
    let app = App::start().await;
    let client = app.client(1);
    for backend in ["web", "api", "jwt"] {
        let by_own = own(&client, &format!("/own/{backend}"), "jo", PASSWORD).await;
        let built_in = client.login(backend, "jo@example.com", PASSWORD).await;
        assert_eq!(by_own.status, built_in.status);
        assert_eq!(headers(&by_own), headers(&built_in));
        assert_eq!(cookies(&by_own), cookies(&built_in));
        for header in [
            "cache-control",
            "content-type",
            "x-content-type-options",
            "x-from-hook",
        ] {
            assert_eq!(by_own.header(header), built_in.header(header));
        }
        if backend != "web" {
            let names = |answer: &Answer| {
                let body = answer.json();
                body.as_object()
                    .expect("tokens")
                    .keys()
                    .cloned()
                    .collect::<Vec<_>>()
            };
            assert_eq!(names(&by_own), names(&built_in));
        }
    }
}

#[tokio::test]
async fn a_session_knows_its_device_and_is_refreshed() {
    let app = App::start().await;
    let client = app.client(7).agent("Firefox on Fedora");
    let tokens = own(&client, "/own/api", "jo", PASSWORD).await.json();
    let token = |tokens: &Json, name: &str| tokens[name].as_str().expect("a token").to_owned();
    let body = json!({ "refresh_token": token(&tokens, "refresh_token") });
    let refreshed = client.post("/auth/api/refresh", &body).await;
    assert_eq!(refreshed.status, 200, "{refreshed:?}");
    let present = client.bearer(&token(&refreshed.json(), "access_token"));
    let sessions = present.get("/users/me/sessions").await.json();
    let session = &sessions[0];
    assert_eq!(session["user_agent"], "Firefox on Fedora");
    assert_eq!(session["ip"], "203.0.113.7");
    assert_eq!(session["methods"], json!(["password"]));
    assert_eq!(session["is_current"], true);
    assert_eq!(app.hooks.take(), ["jo by password at api"]);
}

#[tokio::test]
async fn a_page_of_the_application_keeps_the_cookies() {
    let app = App::start().await;
    let client = app.client(1);
    let page = own(&client, "/page/web", "jo", PASSWORD).await;
    assert_eq!((page.status, page.header("location")), (303, "/jo"));
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("x-from-hook"), "1");
    let built_in = client.login("web", "jo@example.com", PASSWORD).await;
    assert_eq!(cookies(&page), cookies(&built_in));
    let names: Vec<_> = cookies(&page)
        .iter()
        .filter_map(|cookie| Some(cookie.split_once(';')?.0.to_owned()))
        .collect();
    let expected = [
        "fastapiusersauth",
        "fastapiusersauth_refresh",
        "fastapiusers_browser",
    ];
    assert_eq!(names, expected);
    let refresh = &cookies(&page)[1];
    assert!(refresh.contains("Path=/api/auth/web;"), "{refresh}");
    let sent = page.headers.get_all("set-cookie").iter();
    let sent: Vec<_> = sent
        .filter_map(|cookie| cookie.to_str().ok()?.split(';').next())
        .collect();
    let browser = client.cookie(&sent.join("; "));
    assert_eq!(browser.get("/users/me").await.status, 200);
    assert_eq!(browser.send("POST", "/auth/web/refresh").await.status, 204);
    let wrong = own(&client, "/page/web", "jo", "wrong").await;
    assert_eq!(
        (wrong.status, &*wrong.text),
        (400, "<p>LOGIN_BAD_CREDENTIALS</p>")
    );
}

#[tokio::test]
async fn a_client_that_does_not_want_to_be_remembered_gets_cookies_of_the_session() {
    let app = App::start().await;
    let client = app.client(1);
    for (remember, is_kept) in [(true, true), (false, false)] {
        let body = json!({ "name": "jo", "password": PASSWORD, "remember_me": remember });
        let answer = client.post("/own/web", &body).await;
        assert_eq!(answer.status, 204);
        let of_backend = cookies(&answer)
            .into_iter()
            .filter(|cookie| !cookie.starts_with("fastapiusers_browser"));
        let kept: Vec<_> = of_backend
            .map(|cookie| cookie.contains("Max-Age"))
            .collect();
        assert_eq!(kept, [is_kept, is_kept]);
    }
}
