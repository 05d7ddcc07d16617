//! Browsers that end up at a front end instead of at JSON.

use serde_json::json;

use crate::provider::{Flow, account, code, oauth, start};

const FRONT_END: &str = "https://app.example.com/welcome";

#[tokio::test]
async fn a_bearer_token_arrives_in_the_fragment() {
    let (oauth, _) = oauth("forge");
    let app = start(oauth.front_end(FRONT_END)).await;
    let flow = Flow::start_with(&app.client(), "/forge", &format!("?next={FRONT_END}")).await;
    let answer = flow.back(&account("1", "jo@example.com")).await;
    assert_eq!(
        (answer.status, answer.header("cache-control")),
        (303, "no-store")
    );
    let (page, fragment) = answer
        .header("location")
        .split_once('#')
        .expect("a fragment");
    assert_eq!(page, FRONT_END);
    let fields: std::collections::HashMap<_, _> = form_urlencoded::parse(fragment.as_bytes())
        .into_owned()
        .collect();
    assert_eq!(fields["token_type"], "bearer");
    assert_eq!(
        app.client()
            .bearer(&fields["access_token"])
            .get("/users/me")
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn a_cookie_is_set_on_the_way() {
    let (oauth, _) = oauth("forge");
    let app = start(oauth.front_end(FRONT_END)).await;
    let flow = Flow::start_with(&app.client(), "/cookie", &format!("?next={FRONT_END}")).await;
    let answer = flow.back(&account("1", "jo@example.com")).await;
    assert_eq!((answer.status, answer.header("location")), (303, FRONT_END));
    let cookie = answer
        .header("set-cookie")
        .split(';')
        .next()
        .expect("a cookie")
        .to_owned();
    assert!(cookie.starts_with("fastapiusersauth="), "{cookie}");
    assert_eq!(
        app.client().cookie(&cookie).get("/users/me").await.status,
        200
    );
}

#[tokio::test]
async fn a_refusal_arrives_as_a_code() {
    let (oauth, _) = oauth("forge");
    let app = start(oauth.front_end(FRONT_END)).await;
    let flow = Flow::start_with(&app.client(), "/forge", &format!("?next={FRONT_END}")).await;
    let answer = flow.back(&code(&json!({ "id": "1" }))).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (
            303,
            &*format!("{FRONT_END}#error=OAUTH_NOT_AVAILABLE_EMAIL")
        )
    );
}

#[tokio::test]
async fn a_cancelled_login_arrives_as_the_providers_code() {
    let (oauth, _) = oauth("forge");
    let app = start(oauth.front_end(FRONT_END)).await;
    let flow = Flow::start_with(&app.client(), "/forge", &format!("?next={FRONT_END}")).await;
    let path = format!(
        "/forge/callback?error=access_denied&state={}",
        flow.sent["state"]
    );
    let answer = app.client().cookie(&flow.cookie).get(&path).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, &*format!("{FRONT_END}#error=access_denied"))
    );
    // Whoever has the state alone is told nothing by way of the front end.
    app.client()
        .get(&path)
        .await
        .assert_detail(400, "access_denied");
}

#[tokio::test]
async fn what_the_front_end_gives_along_comes_back() {
    let (oauth, _) = oauth("forge");
    let app = start(oauth.front_end(FRONT_END)).await;
    let flow = Flow::start_with(
        &app.client(),
        "/cookie",
        &format!("?next={FRONT_END}&extra=%2Fcart%3Fid%3D7%26x"),
    )
    .await;
    let answer = flow.back(&account("1", "jo@example.com")).await;
    assert_eq!(
        answer.header("location"),
        format!("{FRONT_END}#extra=%2Fcart%3Fid%3D7%26x")
    );
    let flow = Flow::start_with(
        &app.client(),
        "/cookie",
        &format!("?next={FRONT_END}&extra=x"),
    )
    .await;
    let answer = flow.back(&code(&json!({ "id": "2" }))).await;
    assert_eq!(
        answer.header("location"),
        format!("{FRONT_END}#error=OAUTH_NOT_AVAILABLE_EMAIL&extra=x")
    );
    let long = format!(
        "/cookie/authorize?next={FRONT_END}&extra={}",
        "x".repeat(513)
    );
    app.client()
        .get(&long)
        .await
        .assert_detail(400, "OAUTH_INVALID_NEXT");
}

#[tokio::test]
async fn only_configured_front_ends_are_returned_to() {
    let (with, _) = oauth("forge");
    let app = start(with.front_end(FRONT_END)).await;
    for next in [
        "https://evil.example",
        "https://app.example.com/welcome/../x",
        "//evil.example",
        "javascript:x",
        "",
    ] {
        let answer = app
            .client()
            .get(&format!("/forge/authorize?next={next}"))
            .await;
        answer.assert_detail(400, "OAUTH_INVALID_NEXT");
    }
    assert_eq!(
        Flow::start(&app.client(), "/forge")
            .await
            .back(&account("1", "jo@example.com"))
            .await
            .status,
        200
    );
    let (without, _) = oauth("forge");
    let app = start(without).await;
    let flow = Flow::start_with(&app.client(), "/forge", "?next=https://evil.example").await;
    assert_eq!(
        flow.back(&account("1", "jo@example.com")).await.status,
        200,
        "an unknown parameter is ignored"
    );
}

#[tokio::test]
async fn linking_returns_there_too() {
    let (oauth, _) = oauth("forge");
    let app = start(oauth.front_end(FRONT_END)).await;
    let jo = app.client_of(&app.user("jo@example.com").await).await;
    let flow = Flow::start_with(&jo, "/link", &format!("?next={FRONT_END}")).await;
    let answer = flow.back(&account("1", "jo@example.com")).await;
    assert_eq!((answer.status, answer.header("location")), (303, FRONT_END));
}
