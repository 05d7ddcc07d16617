//! `POST /auth/NAME/logout`

use users_runtime::{
    Compat,
    token::{Claims, JwtKeys},
    value::Value,
};
use users_tests::{App, Client, PASSWORD, SECRET};

#[tokio::test]
async fn a_jwt_logout_ends_nothing_and_a_database_logout_ends_its_session() {
    let app = App::start().await;
    let user = app.user("jo@example.com").await;
    let jwt = app.client_of(&user).await;
    assert_eq!(jwt.send("POST", "/auth/jwt/logout").await.status, 204);
    assert_eq!(jwt.send("POST", "/auth/jwt/logout").await.status, 204);

    let token = app
        .client()
        .login("db", "jo@example.com", PASSWORD)
        .await
        .json();
    let db = app
        .client()
        .bearer(token["access_token"].as_str().expect("a token"));
    assert_eq!(
        db.send("POST", "/auth/jwt/logout").await.status,
        204,
        "every logout takes every backend's credentials"
    );
    assert_eq!(
        db.get("/users/me").await.status,
        200,
        "but ends only its own"
    );
    assert_eq!(db.send("POST", "/auth/db/logout").await.status, 204);
    db.send("POST", "/auth/db/logout")
        .await
        .assert_detail(401, "Unauthorized");
    db.get("/users/me").await.assert_detail(401, "Unauthorized");
    app.client()
        .send("POST", "/auth/db/logout")
        .await
        .assert_detail(401, "Unauthorized");
}

#[tokio::test]
async fn a_logout_ends_the_session_that_was_presented_to_it() {
    for (compat, ended) in [(Compat::Off, true), (Compat::FastApiUsers15, false)] {
        let app = App::builder()
            .configure(move |builder| builder.compat(compat))
            .start()
            .await;
        app.user("jo@example.com").await;
        let token = app
            .client()
            .login("db", "jo@example.com", PASSWORD)
            .await
            .json();
        let token = token["access_token"].as_str().expect("a token");
        let cookie = app
            .client()
            .login("cookie", "jo@example.com", PASSWORD)
            .await;
        let pair = cookie.cookie().to_owned();
        let both = app.client().bearer(token).cookie(&pair);
        assert_eq!(both.send("POST", "/auth/db/logout").await.status, 204);
        let after = app.client().bearer(token).get("/users/me").await.status;
        assert_eq!(after, if ended { 401 } else { 200 }, "{compat:?}");
    }
}

#[tokio::test]
async fn a_logout_with_a_cookie_that_opens_nothing_clears_it() {
    let cleared = "fastapiusersauth=\"\"; HttpOnly; Max-Age=0; Path=/; SameSite=lax; Secure";
    for (compat, set_cookie) in [(Compat::Off, cleared), (Compat::FastApiUsers15, "")] {
        let app = App::builder()
            .configure(move |builder| builder.compat(compat))
            .start()
            .await;
        let user = app.user("jo@example.com").await;
        let keys = JwtKeys::hs256(SECRET).expect("a secret");
        let of_the_past = Claims::new()
            .with("sub", user.id.to_string())
            .with("aud", vec!["fastapi-users:auth"])
            .with("exp", 1_700_000_000);
        let expired = keys.encode(&of_the_past).expect("a token");
        let logout = async |client: Client| {
            let answer = client.send("POST", "/auth/cookie/logout").await;
            answer.assert_detail(401, "Unauthorized");
            answer.header("set-cookie").to_owned()
        };
        for cookie in [&expired, "broken", "\"quoted\"", "e30.e30.e30"] {
            let client = app.client().cookie(&format!("fastapiusersauth={cookie}"));
            assert_eq!(logout(client).await, set_cookie, "{compat:?} {cookie}");
        }
        let inactive = app.user("gone@example.com").await;
        let cookie = app
            .client()
            .login("cookie", "gone@example.com", PASSWORD)
            .await;
        let pair = cookie.cookie().to_owned();
        app.set(&inactive, "is_active", Value::Bool(false)).await;
        assert_eq!(logout(app.client().cookie(&pair)).await, set_cookie);
        // Nothing was presented to this backend, so nothing is taken from it.
        for client in [
            app.client(),
            app.client().cookie("other=x"),
            app.client().bearer("broken"),
        ] {
            assert_eq!(logout(client).await, "");
        }
        let answer = app.client().cookie(&format!("fastapiusersauth={expired}"));
        let answer = answer.send("POST", "/auth/jwt/logout").await;
        answer.assert_detail(401, "Unauthorized");
        assert_eq!(answer.header("set-cookie"), "", "it is another backend's");
    }
}
