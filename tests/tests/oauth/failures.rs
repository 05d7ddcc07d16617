//! Front ends that wait for a login that fails.

use users_runtime::token::{Claims, JwtKeys};
use users_tests::{Answer, SECRET};

use crate::provider::{Flow, account, oauth, start};

const FRONT_END: &str = "https://app.example.com/welcome";

/// A browser that comes back with this query, `STATE` in it replaced.
async fn back_with(flow: &Flow, query: &str, cookie: Option<&str>) -> Answer {
    let client = cookie.map_or_else(|| flow.client.clone(), |cookie| flow.client.cookie(cookie));
    let query = query.replace("STATE", &flow.sent["state"]);
    client
        .get(&format!("{}/callback?{query}", flow.prefix))
        .await
}

#[tokio::test]
async fn a_front_end_that_waits_is_told_of_every_failure() {
    let (oauth, _) = oauth("forge");
    let app = start(oauth.front_end(FRONT_END)).await;
    let query = format!("?next={FRONT_END}&extra=x");
    let good = account("1", "jo@example.com");
    let other = Flow::start(&app.client(), "/forge").await.cookie;
    for (query_back, own_cookie, expected) in [
        // The browser lost its cookie, or has that of another one.
        (
            format!("code={good}&state=STATE"),
            None,
            "error=OAUTH_INVALID_STATE",
        ),
        (
            format!("code={good}&state=STATE"),
            Some(&other),
            "error=OAUTH_INVALID_STATE",
        ),
        (
            "error=access_denied&state=STATE".to_owned(),
            None,
            "error=access_denied",
        ),
        ("state=STATE".to_owned(), None, "error=Bad+Request"),
        // Texts of others do not reach the front end of a browser that did not begin.
        (
            "error=call+us+at+1234&state=STATE".to_owned(),
            None,
            "error=OAUTH_INVALID_STATE",
        ),
        // The name that some providers have for it.
        (
            "error_code=200&error_message=no&state=STATE".to_owned(),
            None,
            "error=200",
        ),
    ] {
        let flow = Flow::start_with(&app.client(), "/forge", &query).await;
        let cookie = own_cookie.map(String::as_str);
        let answer = back_with(&flow, &query_back, cookie).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, &*format!("{FRONT_END}#{expected}")),
            "{query_back}, {own_cookie:?}"
        );
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    for (query_back, expected) in [
        ("error=call+us&state=STATE", "error=call+us&extra=x"),
        (
            "error_code=200&error_message=no&state=STATE",
            "error=200&extra=x",
        ),
        ("state=STATE", "error=Bad+Request&extra=x"),
    ] {
        let flow = Flow::start_with(&app.client(), "/forge", &query).await;
        let answer = back_with(&flow, query_back, Some(&flow.cookie)).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, &*format!("{FRONT_END}#{expected}")),
            "{query_back}"
        );
    }
    // A state that was used up.
    let flow = Flow::start_with(&app.client(), "/forge", &query).await;
    assert_eq!(flow.back(&good).await.status, 303);
    assert_eq!(
        flow.back(&good).await.header("location"),
        format!("{FRONT_END}#error=OAUTH_INVALID_STATE&extra=x")
    );
}

#[tokio::test]
async fn without_a_front_end_that_waits_failures_are_answered() {
    let (oauth, _) = oauth("forge");
    let app = start(oauth.front_end(FRONT_END)).await;
    let flow = Flow::start(&app.client(), "/forge").await;
    let code = account("1", "jo@example.com");
    for (query, detail) in [
        (&*format!("code={code}&state=STATE"), "OAUTH_INVALID_STATE"),
        ("error_code=200&state=STATE", "200"),
        ("error=access_denied&state=STATE", "access_denied"),
    ] {
        back_with(&flow, query, None)
            .await
            .assert_detail(400, detail);
    }
    // The state of another flow, and one that is not ours.
    let query = format!("?next={FRONT_END}");
    let mut flow = Flow::start_with(&app.client(), "/cookie", &query).await;
    flow.prefix = "/forge";
    back_with(&flow, "error=access_denied&state=STATE", Some(&flow.cookie))
        .await
        .assert_detail(400, "access_denied");
    back_with(
        &flow,
        "error=access_denied&state=STATEx",
        Some(&flow.cookie),
    )
    .await
    .assert_detail(400, "access_denied");
}

/// A state that names a front end, as a server with other options has signed it.
fn signed(claims: &[(&str, &str)], expires: u64) -> String {
    let keys = JwtKeys::hs256(SECRET).expect("a secret");
    let claims = claims
        .iter()
        .fold(Claims::new(), |claims, (name, value)| {
            claims.with(*name, *value)
        })
        .with("aud", "fastapi-users:oauth-state")
        .with("exp", expires);
    keys.encode(&claims).expect("a state")
}

#[tokio::test]
async fn expired_states_lead_to_front_ends_that_are_still_configured() {
    let (oauth, _) = oauth("forge");
    let app = start(oauth.front_end(FRONT_END)).await;
    let claims = |next| {
        [
            ("csrftoken", "c"),
            ("jti", "1"),
            ("flow", "login:forge:db"),
            ("next", next),
        ]
    };
    let expired = signed(&claims(FRONT_END), 1);
    let answer = app
        .client()
        .get(&format!("/forge/callback?code=c&state={expired}"))
        .await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (
            303,
            &*format!("{FRONT_END}#error=ACCESS_TOKEN_ALREADY_EXPIRED")
        )
    );
    let gone = signed(&claims("https://old.example.com/"), 1);
    app.client()
        .get(&format!("/forge/callback?code=c&state={gone}"))
        .await
        .assert_detail(400, "ACCESS_TOKEN_ALREADY_EXPIRED");
}
