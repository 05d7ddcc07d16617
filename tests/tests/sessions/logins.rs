//! What a login does with the browser's former session, and what `remember_me` says.

use std::time::Duration;

use users_runtime::{Compat, session::SessionOptions};
use users_tests::{Answer, Client, PASSWORD};

use crate::app::{App, cookies, me, refresh, sessions, text};

async fn login_with(client: &Client, backend: &str, form: &str) -> Answer {
    let body = format!("username=jo%40example.com&password={PASSWORD}{form}");
    client
        .raw(
            "POST",
            &format!("/auth/{backend}/login"),
            "application/x-www-form-urlencoded",
            body.into_bytes(),
        )
        .await
}

#[tokio::test]
async fn a_login_ends_the_session_that_the_browser_presented_to_that_backend() {
    let app = App::start().await;
    app.user("jo@example.com").await;
    for (backend, other) in [("web", "app"), ("app", "web")] {
        let former = app.logged_in(backend, "jo@example.com").await;
        assert_eq!(me(&former).await, 200);
        // A login of another backend ends nothing, although both cookies have one name here: the token is not its own.
        assert_eq!(login_with(&former, other, "").await.status, 204);
        assert_eq!(me(&former).await, 200, "{backend}");
        assert_eq!(login_with(&former, backend, "").await.status, 204);
        assert_eq!(me(&former).await, 401, "{backend}");
    }
}

#[tokio::test]
async fn a_failed_login_and_an_authorization_header_end_nothing() {
    let app = App::start().await;
    app.user("jo@example.com").await;
    let former = app.logged_in("web", "jo@example.com").await;
    assert_eq!(login_with(&former, "web", "x").await.status, 400);
    assert_eq!(me(&former).await, 200);
    for backend in ["api", "plain"] {
        let former = app.logged_in(backend, "jo@example.com").await;
        assert_eq!(login_with(&former, backend, "").await.status, 200);
        assert_eq!(me(&former).await, 200, "{backend}");
    }
}

#[tokio::test]
async fn an_expired_access_cookie_does_not_keep_the_former_session() {
    let app = App::start().await;
    app.user("jo@example.com").await;
    let login = app.login("app", "jo@example.com").await;
    app.clock.forward(Duration::from_mins(11));
    let refresh_cookie = app.client().cookie(&cookies(&login)[1]);
    assert_eq!(login_with(&refresh_cookie, "app", "").await.status, 204);
    let refreshed = refresh_cookie.send("POST", "/auth/app/refresh").await;
    refreshed.assert_detail(400, "REFRESH_BAD_TOKEN");
}

#[tokio::test]
async fn remember_me_false_has_no_max_age_and_lasts_a_day() {
    let app = App::start().await;
    app.user("jo@example.com").await;
    for backend in ["web", "app"] {
        for form in ["&remember_me=false", "&remember_me=0"] {
            let login = login_with(&app.client(), backend, form).await;
            for cookie in login.headers.get_all("set-cookie") {
                assert!(
                    !cookie.to_str().expect("text").contains("Max-Age"),
                    "{backend}: {cookie:?}"
                );
            }
        }
        let login = login_with(&app.client(), backend, "&remember_me=true").await;
        for cookie in login.headers.get_all("set-cookie") {
            assert!(
                cookie.to_str().expect("text").contains("Max-Age"),
                "{backend}: {cookie:?}"
            );
        }
    }
    let client = app.presenting(&login_with(&app.client(), "web", "&remember_me=false").await);
    app.clock.forward(Duration::from_hours(23));
    assert_eq!(me(&client).await, 200);
    app.clock.forward(Duration::from_mins(61));
    assert_eq!(me(&client).await, 401, "however much it is used");
}

#[tokio::test]
async fn a_refresh_of_an_unremembered_session_stays_unremembered() {
    let app = App::start().await;
    app.user("jo@example.com").await;
    let login = login_with(&app.client(), "app", "&remember_me=false").await;
    let refresh_cookie = app.client().cookie(&cookies(&login)[1]);
    let refreshed = refresh_cookie.send("POST", "/auth/app/refresh").await;
    for cookie in refreshed.headers.get_all("set-cookie") {
        assert!(
            !cookie.to_str().expect("text").contains("Max-Age"),
            "{cookie:?}"
        );
    }
    let login = login_with(&app.client(), "api", "&remember_me=false").await;
    app.clock.forward(Duration::from_hours(25));
    refresh(&app.client(), "api", &text(&login, "refresh_token"))
        .await
        .assert_detail(400, "REFRESH_BAD_TOKEN");
}

/// The lifetime does not say whether the login wanted to be remembered.
#[tokio::test]
async fn a_refresh_keeps_the_max_age_whatever_the_lifetimes() {
    let options = SessionOptions::new().absolute(Duration::from_hours(12));
    let app = App::configured(|builder| builder.sessions(options)).await;
    app.user("jo@example.com").await;
    for (form, is_remembered) in [("", true), ("&remember_me=false", false)] {
        let mut answer = login_with(&app.client(), "app", form).await;
        for _ in 0..3 {
            for cookie in answer.headers.get_all("set-cookie") {
                let has_age = cookie.to_str().expect("text").contains("Max-Age");
                assert_eq!(has_age, is_remembered, "{form}: {cookie:?}");
            }
            let refresh_cookie = app.client().cookie(&cookies(&answer)[1]);
            answer = refresh_cookie.send("POST", "/auth/app/refresh").await;
            assert_eq!(answer.status, 204, "{answer:?}");
        }
    }
}

#[tokio::test]
async fn remember_me_takes_the_words_of_a_boolean_and_no_others() {
    let app = App::start().await;
    app.user("jo@example.com").await;
    let yes = ["", "true", "1", "on", "yes", "True", "YES"];
    let no = ["false", "0", "off", "no", "False"];
    for (words, is_remembered) in [(&yes[..], true), (&no, false)] {
        for word in words {
            let form = format!("&remember_me={word}");
            let login = login_with(&app.client(), "web", &form).await;
            assert_eq!(login.status, 204, "{word}: {login:?}");
            let has_age = login.header("set-cookie").contains("Max-Age");
            assert_eq!(has_age, is_remembered, "{word}");
        }
    }
    for word in ["nope", "2", "%20", "null", "falsch", "-"] {
        let form = format!("&remember_me={word}");
        let login = login_with(&app.client(), "web", &form).await;
        assert_eq!(login.status, 422, "{word}: {login:?}");
        let error = &login.json()["detail"][0];
        assert_eq!(error["type"], "bool_parsing");
        assert_eq!(error["loc"], serde_json::json!(["body", "remember_me"]));
    }
}

/// The original has no such field, and ignores it.
#[tokio::test]
async fn the_preset_takes_every_text_for_remember_me() {
    let app = App::configured(|builder| builder.compat(Compat::FastApiUsers15)).await;
    app.user("jo@example.com").await;
    for word in ["", "nope", "true"] {
        let form = format!("&remember_me={word}");
        let login = login_with(&app.client(), "jwt", &form).await;
        assert_eq!(login.status, 200, "{word}: {login:?}");
    }
}

#[tokio::test]
async fn a_session_tells_the_client_and_no_token() {
    let app = App::start().await;
    app.user("jo@example.com").await;
    let client = app.client().agent("Browser/1.0");
    let login = client.login("plain", "jo@example.com", PASSWORD).await;
    let listed = sessions(&app.presenting(&login)).await;
    assert_eq!(listed[0]["user_agent"], "Browser/1.0");
    let token = text(&login, "access_token");
    let shown = serde_json::to_string(&listed).expect("JSON");
    assert!(!shown.contains(&token) && !shown.contains(&token[2..]));
}
