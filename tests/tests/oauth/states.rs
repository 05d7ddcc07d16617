//! States of another browser, another flow, another provider, or a former time.

use serde_json::json;
use users_runtime::{
    Compat,
    token::{Claims, JwtKeys},
};
use users_tests::{App, PASSWORD, SECRET};

use crate::provider::{Flow, account, oauth, routes, start};

#[tokio::test]
async fn a_state_is_good_for_its_browser_only() {
    let (oauth, asked) = oauth("forge");
    let app = start(oauth).await;
    let flow = Flow::start(&app.client(), "/forge").await;
    let other = Flow::start(&app.client(), "/forge").await;
    let code = account("1", "jo@example.com");
    for cookie in [
        "",
        "fastapiusersoauthcsrf=",
        "fastapiusersoauthcsrf=x",
        &*other.cookie,
    ] {
        let stolen = Flow {
            cookie: cookie.to_owned(),
            ..flow.clone()
        };
        stolen
            .back(&code)
            .await
            .assert_detail(400, "OAUTH_INVALID_STATE");
    }
    assert!(
        asked.lock().expect("nobody panics with it").is_empty(),
        "the code was exchanged before the state was judged"
    );
    assert_eq!(flow.back(&code).await.status, 200, "the browser itself");
}

#[tokio::test]
async fn a_state_is_used_once() {
    let (oauth, _) = oauth("forge");
    let app = start(oauth).await;
    let flow = Flow::start(&app.client(), "/forge").await;
    let answer = flow.back(&account("1", "jo@example.com")).await;
    assert_eq!(answer.status, 200);
    let cleared = "fastapiusersoauthcsrf=\"\"; HttpOnly; Max-Age=0; Path=/; SameSite=lax; Secure";
    assert_eq!(answer.header("set-cookie"), cleared);
    flow.back(&account("1", "jo@example.com"))
        .await
        .assert_detail(400, "OAUTH_INVALID_STATE");
}

#[tokio::test]
async fn a_state_is_good_for_its_flow_and_its_provider_only() {
    let (forge, _) = oauth("forge");
    let (other, _) = oauth("other");
    let app = App::builder().routes(move |users| {
        let others = users
            .oauth_router(other, "jwt")
            .expect("a sound configuration");
        routes(users, &forge).nest("/other", others)
    });
    let app = app.start().await;
    let jo = app.client_of(&app.user("jo@example.com").await).await;
    let code = account("1", "x@example.com");
    let ways = ["/forge", "/other", "/cookie", "/link"];
    for made_for in ways {
        for used_at in ways.into_iter().filter(|way| *way != made_for) {
            let flow = Flow::start(&jo, made_for).await;
            let answer = Flow {
                prefix: used_at,
                ..flow
            }
            .back(&code)
            .await;
            answer.assert_detail(400, "OAUTH_INVALID_STATE");
        }
    }
}

#[tokio::test]
async fn forged_and_old_states_are_refused() {
    let (oauth, _) = oauth("forge");
    let app = start(oauth).await;
    let flow = Flow::start(&app.client(), "/forge").await;
    let csrf = flow.cookie.split_once('=').expect("a cookie").1.to_owned();
    let keys = JwtKeys::hs256(SECRET).expect("a secret");
    let others = JwtKeys::hs256([9; 32]).expect("a secret");
    let claims = Claims::new()
        .with("csrftoken", &*csrf)
        .with("aud", "fastapi-users:oauth-state");
    let good_but = |name: &str, value: serde_json::Value| claims.clone().with(name, value);
    let cases = [
        (String::new(), "ACCESS_TOKEN_DECODE_ERROR"),
        ("a.b.c".to_owned(), "ACCESS_TOKEN_DECODE_ERROR"),
        (
            others.encode(&claims).expect("a token"),
            "ACCESS_TOKEN_DECODE_ERROR",
        ),
        (
            keys.encode(&good_but("exp", json!(1))).expect("a token"),
            "ACCESS_TOKEN_ALREADY_EXPIRED",
        ),
        (
            keys.encode(&good_but("aud", json!("fastapi-users:auth")))
                .expect("a token"),
            "ACCESS_TOKEN_DECODE_ERROR",
        ),
        // Signed by us, as the original does: outside of the preset it does not say which flow it is for.
        (
            keys.encode(&claims).expect("a token"),
            "OAUTH_INVALID_STATE",
        ),
    ];
    for (state, detail) in cases {
        let mut forged = flow.clone();
        forged.sent.insert("state".to_owned(), state);
        forged
            .back(&account("1", "jo@example.com"))
            .await
            .assert_detail(400, detail);
    }
    // An access token is no state, and a state no access token.
    let state = flow.sent["state"].clone();
    assert_eq!(
        app.client().bearer(&state).get("/users/me").await.status,
        401
    );
}

#[tokio::test]
async fn the_preset_is_as_lax_as_the_original() {
    let (oauth, _) = oauth("forge");
    let app = App::builder().configure(|builder| builder.compat(Compat::FastApiUsers15));
    let app = app.routes(move |users| routes(users, &oauth)).start().await;
    let flow = Flow::start(&app.client(), "/forge").await;
    for _ in 0..2 {
        assert_eq!(flow.back(&account("1", "jo@example.com")).await.status, 200);
    }
    let elsewhere = Flow {
        prefix: "/cookie",
        ..flow
    };
    assert_eq!(
        elsewhere.back(&account("1", "jo@example.com")).await.status,
        204
    );
    let user = app
        .users
        .find_by_email("jo@example.com")
        .await
        .expect("a store")
        .expect("the user");
    assert!(
        user.hashed_password.expose().starts_with("$argon2id$"),
        "the original can read the row"
    );
    assert_eq!(
        app.client()
            .login("jwt", "jo@example.com", PASSWORD)
            .await
            .status,
        400
    );
}

#[tokio::test]
async fn keys_and_the_cookies_domain_are_the_applications_choice() {
    let (oauth, _) = oauth("forge");
    let oauth = oauth.csrf_cookie_domain("example.com");
    let own = "a secret of the states, long enough for HS256";
    let keys = JwtKeys::hs256(own).expect("a secret");
    let app = App::builder().configure(move |builder| builder.oauth_state_keys(keys));
    let app = app.routes(move |users| routes(users, &oauth)).start().await;
    let set_cookie = app
        .client()
        .get("/forge/authorize")
        .await
        .header("set-cookie")
        .to_owned();
    assert!(set_cookie.contains("; Domain=example.com;"), "{set_cookie}");
    let flow = Flow::start(&app.client(), "/forge").await;
    let read = |keys: &JwtKeys| {
        keys.decode(
            &flow.sent["state"],
            &["fastapi-users:oauth-state"],
            std::time::SystemTime::now(),
        )
    };
    assert!(read(&JwtKeys::hs256(own).expect("a secret")).is_ok());
    assert!(read(&JwtKeys::hs256(SECRET).expect("a secret")).is_err());
    assert_eq!(flow.back(&account("1", "jo@example.com")).await.status, 200);
}
