//! States of another browser, another flow, another provider, or a former time.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::json;
use users_runtime::{
    Compat,
    oauth::OAuth,
    token::{Claims, JwtKeys},
};
use users_tests::{App, PASSWORD, SECRET};

use crate::provider::{Flow, account, oauth, routes, start, verified_user};

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
        asked
            .lock()
            .expect("no test panics while it holds the lock")
            .is_empty(),
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
    assert_eq!(
        answer.header("set-cookie"),
        "",
        "the cookie stays for other tabs"
    );
    flow.back(&account("1", "jo@example.com"))
        .await
        .assert_detail(400, "OAUTH_INVALID_STATE");
}

#[tokio::test]
async fn logins_of_one_browser_end_in_any_order() {
    let (oauth, asked) = oauth("forge");
    let app = start(oauth).await;
    let first = Flow::start(&app.client(), "/forge").await;
    // Tabs of one browser send the cookie that it has, and take over the one that they are sent.
    let browser = app.client().cookie(&first.cookie);
    let second = Flow::start(&browser, "/forge").await;
    let third = Flow::start(&browser.cookie(&second.cookie), "/forge").await;
    assert_eq!(
        (&second.cookie, &third.cookie),
        (&first.cookie, &first.cookie)
    );
    let flows = [&first, &second, &third];
    for name in ["state", "code_challenge"] {
        let values: std::collections::HashSet<_> =
            flows.iter().map(|flow| &flow.sent[name]).collect();
        assert_eq!(
            values.len(),
            flows.len(),
            "each login has a {name} of its own"
        );
    }
    for (flow, id) in [(&second, "2"), (&first, "1"), (&third, "3")] {
        let code = account(id, &format!("jo{id}@example.com"));
        assert_eq!(flow.back(&code).await.status, 200, "{id}");
        let form = asked
            .lock()
            .expect("no test panics while it holds the lock")
            .iter()
            .rfind(|form| form.contains_key("code"))
            .cloned()
            .expect("an exchange");
        assert_eq!(
            Flow::challenge_of(&form["code_verifier"]),
            flow.sent["code_challenge"]
        );
    }
    for flow in flows {
        flow.back(&account("1", "jo1@example.com"))
            .await
            .assert_detail(400, "OAUTH_INVALID_STATE");
    }
}

#[tokio::test]
async fn a_state_shows_nothing_that_another_browser_could_use() {
    let (oauth, _) = oauth("forge");
    let app = start(oauth).await;
    let flow = Flow::start(&app.client(), "/forge").await;
    let keys = JwtKeys::hs256(SECRET).expect("a secret");
    let claims = keys
        .decode(
            &flow.sent["state"],
            &["fastapi-users:oauth-state"],
            std::time::SystemTime::now(),
        )
        .expect("a state");
    let shown = claims.text("csrftoken").expect("a text");
    let cookie = flow.cookie.split_once('=').expect("a cookie").1;
    assert_ne!(shown, cookie);
    // Whoever saw the state, such as the provider, cannot have another one made for this browser with it.
    let forged = app
        .client()
        .cookie(&format!("fastapiusersoauthcsrf={shown}"));
    let others = Flow::start(&forged, "/forge").await;
    let in_browser = Flow {
        cookie: flow.cookie.clone(),
        ..others
    };
    in_browser
        .back(&account("eve", "eve@example.com"))
        .await
        .assert_detail(400, "OAUTH_INVALID_STATE");
}

#[tokio::test]
async fn only_a_cookie_of_ours_is_kept() {
    let (oauth, _) = oauth("forge");
    let app = start(oauth).await;
    for cookie in ["x", "", &"x".repeat(42), &"x".repeat(44), &"%".repeat(43)] {
        let client = app
            .client()
            .cookie(&format!("fastapiusersoauthcsrf={cookie}"));
        let flow = Flow::start(&client, "/forge").await;
        let fresh = flow.cookie.split_once('=').expect("a cookie").1;
        assert_eq!(fresh.len(), 43, "{cookie}");
        assert_ne!(fresh, cookie);
        assert_eq!(flow.back(&account("1", "jo@example.com")).await.status, 200);
    }
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
    let jo = app
        .client_of(&verified_user(&app, "jo@example.com").await)
        .await;
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
    let user = app.stored("jo@example.com").await;
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

/// The parameters of the authorization URL, in their order, and the value of the cookie.
async fn asked_for(app: &App, cookie: &str) -> (Vec<String>, String) {
    let answer = app.client().cookie(cookie).get("/forge/authorize").await;
    let json = answer.json();
    let url = json["authorization_url"].as_str().expect("a URL");
    let (_, query) = url.split_once('?').expect("parameters");
    let names = form_urlencoded::parse(query.as_bytes())
        .map(|(name, _)| name.into_owned())
        .collect();
    let set = answer.header("set-cookie");
    let value = set.split([';', '=']).nth(1).expect("a value");
    (names, value.to_owned())
}

#[tokio::test]
async fn the_preset_asks_for_what_the_original_asks_for() {
    const ORIGINALS: [&str; 5] = [
        "response_type",
        "client_id",
        "redirect_uri",
        "state",
        "scope",
    ];
    for (compat, pkce, is_used) in [
        (Compat::FastApiUsers15, None, false),
        (Compat::FastApiUsers15, Some(true), true),
        (Compat::FastApiUsers15, Some(false), false),
        (Compat::Off, None, true),
        (Compat::Off, Some(true), true),
        (Compat::Off, Some(false), false),
    ] {
        let (oauth, asked) = oauth("forge");
        let oauth = pkce.into_iter().fold(oauth, OAuth::pkce);
        let app = App::builder().configure(move |builder| builder.compat(compat));
        let app = app.routes(move |users| routes(users, &oauth)).start().await;
        let (names, cookie) = asked_for(&app, "").await;
        let more: &[&str] = if is_used {
            &["code_challenge", "code_challenge_method"]
        } else {
            &[]
        };
        assert_eq!(names, [&ORIGINALS, more].concat(), "{compat:?}, {pkce:?}");
        assert_eq!(cookie.len(), 43);
        let (_, again) = asked_for(&app, &format!("fastapiusersoauthcsrf={cookie}")).await;
        assert_eq!(
            again == cookie,
            compat == Compat::Off,
            "the original makes a new cookie for every login"
        );

        let flow = Flow::start(&app.client(), "/forge").await;
        assert_eq!(flow.back(&account("1", "jo@example.com")).await.status, 200);
        let form = asked
            .lock()
            .expect("no test panics while it holds the lock")[0]
            .clone();
        assert_eq!(
            form.contains_key("code_verifier"),
            is_used,
            "{compat:?}, {pkce:?}"
        );
    }
}

#[tokio::test]
async fn a_login_that_the_original_began_ends_in_the_preset() {
    let (oauth, asked) = oauth("forge");
    // Even where ours binds its own logins to the browser.
    let oauth = oauth.pkce(true);
    let app = App::builder().configure(|builder| builder.compat(Compat::FastApiUsers15));
    let app = app.routes(move |users| routes(users, &oauth)).start().await;
    let keys = JwtKeys::hs256(SECRET).expect("a secret");
    let csrf = "x".repeat(43);
    let claims = Claims::new()
        .with("csrftoken", &*csrf)
        .with("aud", "fastapi-users:oauth-state");
    let mut flow = Flow::start(&app.client(), "/forge").await;
    flow.cookie = format!("fastapiusersoauthcsrf={csrf}");
    let state = keys.encode(&claims).expect("a token");
    flow.sent.insert("state".to_owned(), state);
    assert_eq!(flow.back(&account("1", "jo@example.com")).await.status, 200);
    let form = asked
        .lock()
        .expect("no test panics while it holds the lock")[0]
        .clone();
    assert!(!form.contains_key("code_verifier"), "{form:?}");
}

#[tokio::test]
async fn a_verifier_of_the_front_end_is_passed_on_as_the_original_does() {
    for (compat, pkce, query, is_passed_on) in [
        (Compat::FastApiUsers15, false, "&code_verifier=v", true),
        (Compat::FastApiUsers15, true, "&code_verifier=v", true),
        (Compat::FastApiUsers15, false, "&code_verifier=", false),
        (Compat::Off, true, "&code_verifier=v", false),
    ] {
        let (oauth, asked) = oauth("forge");
        let oauth = oauth.pkce(pkce);
        let app = App::builder().configure(move |builder| builder.compat(compat));
        let app = app.routes(move |users| routes(users, &oauth)).start().await;
        let flow = Flow::start(&app.client(), "/forge").await;
        let code = account("1", "jo@example.com") + query;
        assert_eq!(flow.back(&code).await.status, 200);
        let form = asked
            .lock()
            .expect("no test panics while it holds the lock")[0]
            .clone();
        assert_eq!(
            form.get("code_verifier").map(String::as_str) == Some("v"),
            is_passed_on,
            "{compat:?}, {query}: {form:?}"
        );
    }
}

#[tokio::test]
async fn the_state_of_the_preset_is_the_originals() {
    let (oauth, _) = oauth("forge");
    let app = App::builder().configure(|builder| builder.compat(Compat::FastApiUsers15));
    let app = app.routes(move |users| routes(users, &oauth)).start().await;
    let flow = Flow::start(&app.client(), "/forge").await;
    let payload = flow.sent["state"].split('.').nth(1).expect("claims");
    let claims = BASE64_URL_SAFE_NO_PAD.decode(payload).expect("base64");
    let claims: serde_json::Value = serde_json::from_slice(&claims).expect("JSON");
    let mut names: Vec<_> = claims.as_object().expect("claims").keys().collect();
    names.sort();
    assert_eq!(names, ["aud", "csrftoken", "exp"], "{claims}");
    let cookie = flow.cookie.split_once('=').expect("a cookie").1;
    assert_eq!(claims["csrftoken"], *cookie);
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
