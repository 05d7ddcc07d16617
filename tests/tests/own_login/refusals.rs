//! What refuses a login after its proof, and before it.

use serde_json::json;
use users_runtime::{errors::LoginError, login::LoginAttempt, value::Value};
use users_tests::{PASSWORD, TestHasher, until};

use crate::app::{App, own, seen};

#[tokio::test]
async fn a_hook_refuses_with_its_status_and_its_code() {
    let app = App::start().await;
    for name in ["banned", "broken"] {
        app.user(name).await;
    }
    let client = app.client(1);
    let banned = own(&client, "/own/jwt", "banned", PASSWORD).await;
    let detail = json!({ "code": "BANNED", "reason": "not by jwt" });
    banned.assert(403, &json!({ "detail": detail }));
    let built_in = client.login("jwt", "banned@example.com", PASSWORD).await;
    assert_eq!(seen(&banned), seen(&built_in));
    let broken = own(&client, "/own/jwt", "broken", PASSWORD).await;
    assert_eq!(
        (broken.status, &*broken.text),
        (500, "Internal Server Error")
    );
    let page = own(&client, "/page/web", "banned", PASSWORD).await;
    assert_eq!((page.status, &*page.text), (403, "<p>BANNED</p>"));
    let refused = "banned refused_by_hook at jwt";
    let events = app.hooks.take();
    assert_eq!(events[..2], [refused, refused]);
}

#[tokio::test]
async fn an_unverified_user_is_refused_as_the_backend_requires() {
    let app = App::start().await;
    let jo = app.users.find_by_email("jo@example.com").await;
    let jo = jo.expect("a store").expect("jo");
    app.set(&jo, "is_verified", Value::Bool(false)).await;
    let client = app.client(1);
    let by_own = own(&client, "/own/jwt", "jo", PASSWORD).await;
    by_own.assert_detail(400, "LOGIN_USER_NOT_VERIFIED");
    let built_in = client.login("jwt", "jo@example.com", PASSWORD).await;
    assert_eq!(seen(&by_own), seen(&built_in));
    app.send_link(&jo);
    let by_link = client.send("POST", "/link/jwt").await;
    by_link.assert_detail(400, "LOGIN_USER_NOT_VERIFIED");
    let body = json!({ "name": "jo", "password": PASSWORD, "requires_verification": false });
    assert_eq!(client.post("/own/jwt", &body).await.status, 200);
    let events = app.hooks.take();
    let refused = "jo not_verified at jwt";
    assert_eq!(events, [refused, refused, refused, "jo by password at jwt"]);
}

#[tokio::test]
async fn a_password_that_was_changed_while_the_attempt_waited_is_refused() {
    let app = App::start().await;
    let jo = app.user("al").await;
    for backend in ["web", "api", "jwt"] {
        app.hasher.take_calls();
        app.hasher.hold();
        let (client, route) = (app.client(1), format!("/own/{backend}"));
        let login = tokio::spawn(async move { own(&client, &route, "al", PASSWORD).await });
        until("a comparison", || {
            (!app.hasher.take_calls().is_empty()).then_some(())
        })
        .await;
        let hash = Value::Text(TestHasher::hash_of("another password"));
        app.set(&jo, "hashed_password", hash).await;
        app.hasher.release();
        let answer = login.await.expect("an answer");
        answer.assert_detail(400, "LOGIN_BAD_CREDENTIALS");
        let sessions = app.users.sessions(&jo).await.expect("a store");
        assert!(sessions.is_empty(), "{backend}: {sessions:?}");
        let hash = Value::Text(TestHasher::hash_of(PASSWORD));
        app.set(&jo, "hashed_password", hash).await;
    }
}

#[tokio::test]
async fn pages_of_other_sites_log_no_one_in_by_cookie() {
    let app = App::start().await;
    let client = app.client(1);
    let other_site = client.header("origin", "https://evil.example");
    for route in ["/own/web", "/directory/web"] {
        let refused = own(&other_site, route, "jo", PASSWORD).await;
        refused.assert_detail(403, "CROSS_SITE_REQUEST");
    }
    let built_in = other_site.login("web", "jo@example.com", PASSWORD).await;
    let by_own = own(&other_site, "/own/web", "jo", PASSWORD).await;
    assert_eq!(seen(&by_own), seen(&built_in));
    assert_eq!(
        own(&other_site, "/own/jwt", "jo", PASSWORD).await.status,
        200
    );
    // The proof of the application decides, such as an assertion that a browser posts from an identity provider.
    let jo = app.users.find_by_email("jo@example.com").await;
    app.send_link(&jo.expect("a store").expect("jo"));
    assert_eq!(other_site.send("POST", "/link/web").await.status, 204);
}

#[tokio::test]
async fn a_backend_that_does_not_exist_is_an_error_of_the_application() {
    let app = App::start().await;
    let answer = own(&app.client(1), "/own/nowhere", "jo", PASSWORD).await;
    assert_eq!(
        (answer.status, &*answer.text),
        (500, "Internal Server Error")
    );
    let attempt = LoginAttempt::password("jo", None, "hunter2");
    assert!(!format!("{attempt:?}").contains("hunter2"));
    let (request, ()) = http::Request::new(()).into_parts();
    let refused = app.users.log_in("nowhere", attempt, &request).await;
    let error = refused.expect_err("no such backend");
    assert!(matches!(&error, LoginError::UnknownBackend(name) if name == "nowhere"));
    assert_eq!(error.code(), "SERVER_ERROR");
    let attempt = LoginAttempt::password("jo", None, "hunter2");
    let refused = app.users.log_in("jwt", attempt, &request).await;
    let error = refused.expect_err("no user");
    assert!(matches!(&error, LoginError::BadCredentials));
    assert_eq!(error.code(), "LOGIN_BAD_CREDENTIALS");
}
