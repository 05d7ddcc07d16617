//! `POST /auth/NAME/login` and `/logout`

use chrono::Utc;
use serde_json::json;
use users_runtime::{
    Compat, PasswordHash,
    store::{AccessToken, AccessTokenStore as _, UserStore as _, token_hash},
    token::{Claims, JwtKeys},
    value::Value,
};
use users_tests::{App, Client, Event, PASSWORD, SECRET};

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
        let pair = cookie
            .header("set-cookie")
            .split(';')
            .next()
            .expect("a pair")
            .to_owned();
        let both = app.client().bearer(token).cookie(&pair);
        assert_eq!(both.send("POST", "/auth/db/logout").await.status, 204);
        let after = app.client().bearer(token).get("/users/me").await.status;
        assert_eq!(after, if ended { 401 } else { 200 }, "{compat:?}");
    }
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

#[tokio::test]
async fn tokens_are_hashed_at_rest_and_a_stolen_hash_opens_nothing() {
    for (compat, in_clear) in [(Compat::Off, false), (Compat::FastApiUsers15, true)] {
        let app = App::builder()
            .configure(move |builder| builder.compat(compat))
            .start()
            .await;
        app.user("jo@example.com").await;
        let answer = app
            .client()
            .login("db", "jo@example.com", PASSWORD)
            .await
            .json();
        let token = answer["access_token"].as_str().expect("a token");
        assert_eq!(token.len(), 43);
        let stored: String = sqlx::query_scalar("SELECT token FROM accesstoken")
            .fetch_one(app.store.pool())
            .await
            .expect("one token");
        assert_eq!(stored == token, in_clear, "{compat:?}");
        assert_eq!(
            app.client().bearer(&stored).get("/users/me").await.status,
            if in_clear { 200 } else { 401 }
        );
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
        let pair = cookie.header("set-cookie").split(';').next();
        let pair = pair.expect("a pair").to_owned();
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

#[tokio::test]
async fn tokens_in_clear_open_nothing_unless_they_are_accepted_and_a_logout_deletes_both_forms() {
    for (compat, accepted, are_read) in [
        (Compat::Off, None, false),
        (Compat::Off, Some(true), true),
        (Compat::FastApiUsers15, None, true),
    ] {
        let app = App::builder()
            .configure(move |builder| {
                let builder = builder.compat(compat);
                match accepted {
                    Some(accepted) => builder.accept_clear_tokens(accepted),
                    None => builder,
                }
            })
            .start()
            .await;
        let user = app.user("jo@example.com").await;
        let backend = app.users.backend("db").expect("the backend");
        let clear = backend.strategy().write(&user).await.expect("a token");
        let tokens = app.store.access_tokens().expect("tokens");
        tokens.delete_tokens_of(&user.id, None).await.expect("none");
        let store = async |token: &str| {
            let token = AccessToken {
                token: token.to_owned(),
                user_id: user.id,
                created_at: Utc::now(),
            };
            app.store.insert_token(token).await.expect("a new row");
        };
        store(&clear).await;
        let me = app.client().bearer(&clear).get("/users/me").await;
        assert_eq!(me.status, if are_read { 200 } else { 401 }, "{compat:?}");
        store(&token_hash(&clear)).await;
        let logout = app
            .client()
            .bearer(&clear)
            .send("POST", "/auth/db/logout")
            .await;
        assert_eq!(logout.status, 204, "{compat:?}");
        let left: Vec<String> = sqlx::query_scalar("SELECT token FROM accesstoken")
            .fetch_all(app.store.pool())
            .await
            .expect("an answer");
        let expected = if are_read { vec![] } else { vec![clear] };
        assert_eq!(left, expected, "{compat:?}");
    }
}

#[tokio::test]
async fn a_session_that_is_kept_may_be_stored_in_either_form() {
    for (hashes, accepts) in [(true, false), (true, true), (false, true)] {
        let app = App::builder()
            .configure(move |builder| {
                builder
                    .hash_access_tokens(hashes)
                    .accept_clear_tokens(accepts)
            })
            .start()
            .await;
        app.user("jo@example.com").await;
        let mut tokens = Vec::new();
        for _ in 0..2 {
            let answer = app.client().login("db", "jo@example.com", PASSWORD).await;
            let token = answer.json()["access_token"].as_str().map(str::to_owned);
            tokens.push(token.expect("a token"));
        }
        let change = json!({ "password": "another correct horse" });
        let changed = app
            .client()
            .bearer(&tokens[0])
            .json("PATCH", "/users/me", &change)
            .await;
        assert_eq!(changed.status, 200, "{changed:?}");
        for (token, status) in tokens.iter().zip([200, 401]) {
            let me = app.client().bearer(token).get("/users/me").await;
            assert_eq!(me.status, status, "{hashes} {accepts}");
        }
    }
}
