//! Browsers that end up at a front end instead of at JSON.

use serde_json::json;
use users_runtime::session::Transport;
use users_tests::App;

use crate::provider::{Flow, account, code, oauth, routes, start, verified_user};

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
    let cookie = answer.cookie().to_owned();
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
}

#[tokio::test]
async fn front_ends_of_applications_and_of_routes_in_the_fragment() {
    for (front_end, expected) in [
        (
            "com.example.app:/oauth2redirect",
            "com.example.app:/oauth2redirect#",
        ),
        ("https://x.example/#/login", "https://x.example/#/login?"),
        (
            "https://x.example/#/login?a=b",
            "https://x.example/#/login?a=b&",
        ),
    ] {
        let (oauth, _) = oauth("forge");
        let app = start(oauth.front_end(front_end)).await;
        let query: String = form_urlencoded::Serializer::new("?".to_owned())
            .append_pair("next", front_end)
            .finish();
        let flow = Flow::start_with(&app.client(), "/forge", &query).await;
        let answer = flow.back(&code(&json!({ "id": "1" }))).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, &*format!("{expected}error=OAUTH_NOT_AVAILABLE_EMAIL"))
        );
        let flow = Flow::start_with(&app.client(), "/forge", &query).await;
        let answer = flow.back(&account("1", "jo@example.com")).await;
        let fields = answer.header("location").strip_prefix(expected);
        let fields = fields.expect("the front end").as_bytes();
        let token = form_urlencoded::parse(fields)
            .find_map(|(name, value)| (name == "access_token").then(|| value.into_owned()));
        let client = app.client().bearer(&token.expect("a token"));
        assert_eq!(client.get("/users/me").await.status, 200);
        // A backend with a cookie has nothing to add.
        let flow = Flow::start_with(&app.client(), "/cookie", &query).await;
        let answer = flow.back(&account("1", "jo@example.com")).await;
        assert_eq!(answer.header("location"), front_end);
    }
}

/// A transport that says when its token expires, as RFC 6749 does.
#[derive(Debug)]
struct WithLifetime;

impl Transport for WithLifetime {
    fn read(&self, _: &http::HeaderMap) -> Option<String> {
        None
    }

    fn login_response(&self, token: &str) -> axum::response::Response {
        let body = json!({ "access_token": token, "expires_in": 3600, "is_new": true, "refresh_token": null });
        axum::response::Response::new(body.to_string().into())
    }

    fn logout_response(&self) -> axum::response::Response {
        axum::response::Response::default()
    }
}

#[tokio::test]
async fn numbers_survive_in_the_fragment() {
    let (oauth, _) = oauth("forge");
    let oauth = oauth.front_end(FRONT_END);
    let app = App::builder()
        .configure(|builder| builder.transport("db", WithLifetime))
        .routes(move |users| routes(users, &oauth))
        .start()
        .await;
    let flow = Flow::start_with(&app.client(), "/forge", &format!("?next={FRONT_END}")).await;
    let answer = flow.back(&account("1", "jo@example.com")).await;
    let (_, fragment) = answer
        .header("location")
        .split_once('#')
        .expect("a fragment");
    let fields: std::collections::BTreeMap<_, _> = form_urlencoded::parse(fragment.as_bytes())
        .into_owned()
        .collect();
    let names: Vec<_> = fields.keys().map(String::as_str).collect();
    assert_eq!(names, ["access_token", "expires_in", "is_new"]);
    assert_eq!(
        (&*fields["expires_in"], &*fields["is_new"]),
        ("3600", "true")
    );
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
    let jo = app
        .client_of(&verified_user(&app, "jo@example.com").await)
        .await;
    let query = format!("?next={FRONT_END}");
    let flow = Flow::start_with(&jo, "/link", &query).await;
    let answer = flow.back(&account("1", "jo@example.com")).await;
    assert_eq!((answer.status, answer.header("location")), (303, FRONT_END));
    // So does a browser whose session has ended in the meantime.
    let flow = Flow::start_with(&jo, "/link", &query).await;
    let logged_out = Flow {
        client: app.client(),
        ..flow
    };
    let answer = logged_out.back(&account("1", "jo@example.com")).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, &*format!("{FRONT_END}#error=Unauthorized"))
    );
}
