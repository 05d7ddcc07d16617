//! `POST /auth/NAME/login`

use serde_json::json;
use users_runtime::{PasswordHash, value::Value};
use users_tests::{App, Event, PASSWORD};

#[tokio::test]
async fn bearer_backends_answer_the_token_as_json() {
    let app = App::start().await;
    let user = app.user("jo@example.com").await;
    for backend in ["jwt", "db"] {
        let answer = app
            .client()
            .login(backend, "JO@example.com", PASSWORD)
            .await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("x-from-hook"), "login");
        let body = answer.json();
        assert_eq!(body["token_type"], "bearer");
        let token = body["access_token"].as_str().expect("a token");
        let me = app.client().bearer(token).get("/users/me").await;
        assert_eq!(
            (me.status, &me.json()["id"]),
            (200, &json!(user.id)),
            "{me:?}"
        );
    }
    assert!(app.hooks.events().contains(&Event::LoggedIn(user.id)));
}

#[tokio::test]
async fn the_cookie_backend_answers_204_and_a_cookie() {
    let app = App::start().await;
    app.user("jo@example.com").await;
    let answer = app
        .client()
        .login("cookie", "jo@example.com", PASSWORD)
        .await;
    assert_eq!(
        (
            answer.status,
            answer.text.as_str(),
            answer.header("content-type")
        ),
        (204, "", "")
    );
    let cookie = answer.header("set-cookie");
    let (pair, attributes) = cookie.split_once("; ").expect("attributes");
    assert_eq!(
        attributes,
        "HttpOnly; Max-Age=3600; Path=/; SameSite=lax; Secure"
    );
    assert!(pair.starts_with("fastapiusersauth="), "{pair}");
    assert_eq!(app.client().cookie(pair).get("/users/me").await.status, 200);
    let quoted = pair.replacen('=', "=\"", 1) + "\"";
    assert_eq!(
        app.client()
            .cookie(&format!("{pair}x; {quoted}"))
            .get("/users/me")
            .await
            .status,
        200,
        "the last one counts"
    );

    let answer = app
        .client()
        .cookie(pair)
        .send("POST", "/auth/cookie/logout")
        .await;
    assert_eq!(answer.status, 204);
    assert_eq!(
        answer.header("set-cookie"),
        "fastapiusersauth=\"\"; HttpOnly; Max-Age=0; Path=/; SameSite=lax; Secure"
    );
}

#[tokio::test]
async fn wrong_unknown_and_inactive_are_one_answer_and_one_hash() {
    let app = App::start().await;
    app.user("jo@example.com").await;
    let inactive = app.user("gone@example.com").await;
    app.set(&inactive, "is_active", Value::Bool(false)).await;
    for (email, password) in [
        ("jo@example.com", "wrong"),
        ("nobody@example.com", PASSWORD),
        ("gone@example.com", PASSWORD),
        ("jo", PASSWORD),
    ] {
        let before = app.users.passwords().hashes_done();
        app.client()
            .login("jwt", email, password)
            .await
            .assert_detail(400, "LOGIN_BAD_CREDENTIALS");
        assert_eq!(app.users.passwords().hashes_done() - before, 1, "{email}");
    }
}

#[tokio::test]
async fn the_form_is_judged_as_fastapi_judges_it() {
    let app = App::start().await;
    app.user("jo@example.com").await;
    let form = |body: &'static str| {
        let client = app.client();
        async move {
            client
                .raw(
                    "POST",
                    "/auth/jwt/login",
                    "application/x-www-form-urlencoded",
                    body,
                )
                .await
        }
    };
    let good = "username=jo%40example.com&password=correct+horse";
    assert_eq!(form(good).await.status, 200);
    assert_eq!(
        form("grant_type=password&scope=x&client_id=y&username=jo%40example.com&password=correct+horse").await.status,
        200
    );
    assert_eq!(
        form("grant_type=&username=no&username=jo%40example.com&password=correct+horse")
            .await
            .status,
        200
    );
    let answer = form("grant_type=token&username=jo%40example.com&password=wrong").await;
    assert_eq!(
        (answer.status, &answer.json()["detail"][0]["loc"]),
        (422, &json!(["body", "grant_type"]))
    );
    let answer = form("username=jo%40example.com&password=").await;
    // The `input` of a password is left out, whatever it is.
    let password =
        json!({ "type": "missing", "loc": ["body", "password"], "msg": "Field required" });
    let username = json!({ "type": "missing", "loc": ["body", "username"], "msg": "Field required", "input": null });
    answer.assert(422, &json!({ "detail": [password] }));
    let both = json!({ "detail": [username, password] });
    app.client()
        .post(
            "/auth/jwt/login",
            &json!({ "username": "jo@example.com", "password": PASSWORD }),
        )
        .await
        .assert(422, &both);
    app.client()
        .send("POST", "/auth/jwt/login")
        .await
        .assert(422, &both);
    let multipart = "--x\r\nContent-Disposition: form-data; name=\"username\"\r\n\r\njo@example.com\r\n\
                     --x\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\ncorrect horse\r\n--x--\r\n";
    let answer = app
        .client()
        .raw(
            "POST",
            "/auth/jwt/login",
            "multipart/form-data; boundary=x",
            multipart,
        )
        .await;
    assert_eq!(answer.status, 200, "{answer:?}");
}

#[tokio::test]
async fn requires_verification_is_told_only_after_the_right_password() {
    let app = App::builder()
        .routes(|users| {
            axum::Router::new().nest(
                "/auth/jwt",
                users.auth_router("jwt", true).expect("the backend"),
            )
        })
        .start()
        .await;
    let user = app.user("jo@example.com").await;
    app.client()
        .login("jwt", "jo@example.com", "wrong")
        .await
        .assert_detail(400, "LOGIN_BAD_CREDENTIALS");
    app.client()
        .login("jwt", "jo@example.com", PASSWORD)
        .await
        .assert_detail(400, "LOGIN_USER_NOT_VERIFIED");
    app.client_of(&user)
        .await
        .send("POST", "/auth/jwt/logout")
        .await
        .assert_detail(403, "Forbidden");
    app.set(&user, "is_verified", Value::Bool(true)).await;
    assert_eq!(
        app.client()
            .login("jwt", "jo@example.com", PASSWORD)
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn old_hashes_are_upgraded_and_unknown_ones_are_no_password() {
    let app = App::start().await;
    let user = app.user("jo@example.com").await;
    // The bcrypt hash of "correct horse" with cost 4.
    let bcrypt = PasswordHash::new(bcrypt::hash(PASSWORD, 4).expect("a hash"));
    app.set(
        &user,
        "hashed_password",
        Value::Text(bcrypt.expose().to_owned()),
    )
    .await;
    app.client()
        .login("jwt", "jo@example.com", "wrong")
        .await
        .assert_detail(400, "LOGIN_BAD_CREDENTIALS");
    let stored = |app: &App| {
        let users = app.users.clone();
        async move {
            users
                .find_by_email("jo@example.com")
                .await
                .expect("the store")
                .expect("the user")
                .hashed_password
        }
    };
    assert_eq!(
        stored(&app).await,
        bcrypt,
        "a wrong password changes nothing"
    );
    assert_eq!(
        app.client()
            .login("jwt", "jo@example.com", PASSWORD)
            .await
            .status,
        200
    );
    assert!(
        stored(&app)
            .await
            .expose()
            .starts_with("$argon2id$v=19$m=65536,t=3,p=4$")
    );
    assert_eq!(
        app.client()
            .login("jwt", "jo@example.com", PASSWORD)
            .await
            .status,
        200
    );

    app.set(
        &user,
        "hashed_password",
        Value::Text("$unknown$".to_owned()),
    )
    .await;
    app.client()
        .login("jwt", "jo@example.com", PASSWORD)
        .await
        .assert_detail(400, "LOGIN_BAD_CREDENTIALS");
}
