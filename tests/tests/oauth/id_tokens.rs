//! Id tokens that a client brings, such as a mobile application.

use axum::{Json, Router, body::Bytes, extract::State, http::request::Parts, routing::post};
use http::{Request, Response};
use serde_json::{Value, json};
use users_runtime::{
    Users,
    oauth::{HttpClient, OAuth, OAuthClient, OpenIdConnect, SigningAlgorithm, providers::GitHub},
    token::{Claims, JwtKeys},
};
use users_tests::{Answer, App, Event, User};

const ISSUER: &str = "https://id.example";
const CLIENT_SECRET: &str = "the secret of the client at the provider";
/// The application on the web, and on telephones.
const CLIENTS: [&str; 2] = ["web", "mobile"];

/// The provider's description; nothing else is asked for.
fn network() -> impl HttpClient + Clone {
    |request: Request<Bytes>| {
        assert_eq!(request.uri().path(), "/.well-known/openid-configuration");
        let description = json!({
            "issuer": ISSUER,
            "authorization_endpoint": format!("{ISSUER}/authorize"),
            "token_endpoint": format!("{ISSUER}/token"),
            "userinfo_endpoint": format!("{ISSUER}/userinfo"),
        });
        std::future::ready(Ok(Response::new(Bytes::from(description.to_string()))))
    }
}

fn provider() -> OAuth {
    let provider = OpenIdConnect::new("id", ISSUER).signed_with([SigningAlgorithm::Hs256]);
    OAuth::new(OAuthClient::new(
        provider,
        network(),
        CLIENTS[0],
        CLIENT_SECRET,
    ))
    .other_client(CLIENTS[1])
    .associate_by_email(true)
}

/// `POST /mobile/PROVIDER` with an id token and a nonce.
async fn log_in(
    State(users): State<Users<User>>,
    parts: Parts,
    Json(sent): Json<Value>,
) -> axum::response::Response {
    let text = |name: &str| sent[name].as_str();
    let (provider, token) = (text("provider").unwrap_or("id"), text("token"));
    let token = token.expect("a token");
    users
        .login_with(provider, token, text("nonce"), &parts)
        .await
}

async fn app() -> App {
    let builder = App::builder().configure(|builder| {
        let github = OAuthClient::new(GitHub::new(), network(), "web", CLIENT_SECRET);
        builder
            .oauth(provider(), "jwt")
            .oauth(OAuth::new(github), "jwt")
    });
    let routes = |users: &Users<User>| -> Router<Users<User>> {
        users.router().route("/mobile", post(log_in))
    };
    builder.routes(routes).start().await
}

/// What the provider says of Zoe, with these claims instead.
fn claims(others: &[(&str, Value)]) -> Claims {
    let claims = Claims::new()
        .with("iss", ISSUER)
        .with("aud", CLIENTS[1])
        .with("sub", "zoe")
        .with("email", "zoe@example.com")
        .with("email_verified", true)
        .with("nonce", "n")
        .with("exp", 4_102_444_800_u64);
    let others = others.iter();
    others.fold(claims, |claims, (name, value)| {
        claims.with(*name, value.clone())
    })
}

fn signed(claims: &Claims, secret: &str) -> String {
    let keys = JwtKeys::hs256(secret).expect("a secret");
    keys.encode(claims).expect("a token")
}

async fn brought(app: &App, body: Value) -> Answer {
    app.client().post("/mobile", &body).await
}

#[tokio::test]
async fn who_brings_a_token_is_registered_and_logged_in_again() {
    let app = app().await;
    let token = signed(&claims(&[]), CLIENT_SECRET);
    let sent = json!({ "token": token, "nonce": "n" });
    let first = brought(&app, sent.clone()).await;
    assert_eq!(first.status, 200, "{first:?}");
    let access = first.json()["access_token"].as_str().map(str::to_owned);
    let client = app.client().bearer(&access.expect("a token"));
    let me = client.get("/users/me").await.json();
    assert_eq!(me["email"], "zoe@example.com");
    // The web's own tokens, also those that a telephone got for the web.
    for others in [
        &[("aud", json!("web"))][..],
        &[("aud", json!("web")), ("azp", json!("mobile"))],
        &[("aud", json!(["web", "mobile"])), ("azp", json!("web"))],
    ] {
        let token = signed(&claims(others), CLIENT_SECRET);
        let again = brought(&app, json!({ "token": token, "nonce": "n" })).await;
        assert_eq!(again.status, 200, "{again:?}");
    }
    let id = me["id"].as_str().expect("an id").parse().expect("a UUID");
    let events = app.hooks.events();
    assert_eq!(events[..2], [Event::Registered(id), Event::LoggedIn(id)]);
    assert_eq!(events.len(), 5, "one registration, four logins");
}

/// The nonce is the application's to take back: a token without more is valid for its lifetime, and registers one user.
#[tokio::test]
async fn a_token_that_comes_many_times_at_once_registers_one_user() {
    let app = app().await;
    let token = signed(&claims(&[]), CLIENT_SECRET);
    let sent = json!({ "token": token, "nonce": "n" });
    let mut requests = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (client, sent) = (app.client(), sent.clone());
        requests.spawn(async move { client.post("/mobile", &sent).await });
    }
    for answer in requests.join_all().await {
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    let events = app.hooks.events();
    let registered = events
        .iter()
        .filter(|event| matches!(event, Event::Registered(_)));
    assert_eq!(registered.count(), 1, "{events:?}");
    let user = app.users.find_by_email("zoe@example.com").await;
    let user = user.expect("an answer").expect("the user");
    let accounts = app.users.oauth_accounts(&user).await.expect("accounts");
    assert_eq!(accounts.len(), 1, "{accounts:?}");
}

#[tokio::test]
async fn a_token_that_proves_nothing_is_refused() {
    let app = app().await;
    let good = claims(&[]);
    let refused = [
        (
            signed(
                &claims(&[("iss", json!("https://other.example"))]),
                CLIENT_SECRET,
            ),
            "n",
        ),
        (
            signed(
                &claims(&[("aud", json!("another application"))]),
                CLIENT_SECRET,
            ),
            "n",
        ),
        (
            signed(
                &claims(&[("azp", json!("another application"))]),
                CLIENT_SECRET,
            ),
            "n",
        ),
        (
            signed(&claims(&[("exp", json!(1_000_000_000))]), CLIENT_SECRET),
            "n",
        ),
        (
            signed(&claims(&[("nonce", Value::Null)]), CLIENT_SECRET),
            "n",
        ),
        (signed(&good, CLIENT_SECRET), "another"),
        (
            signed(&good, "another secret, long enough to sign with"),
            "n",
        ),
        ("no token".to_owned(), "n"),
    ];
    for (token, nonce) in refused {
        let answer = brought(&app, json!({ "token": token, "nonce": nonce })).await;
        answer.assert_detail(400, "OAUTH_PROFILE_FAILED");
    }
    let token = signed(&good, CLIENT_SECRET);
    for provider in ["github", "unknown"] {
        let sent = json!({ "provider": provider, "token": token, "nonce": "n" });
        brought(&app, sent)
            .await
            .assert_detail(400, "OAUTH_PROFILE_FAILED");
    }
    let nobody = app.users.find_by_email("zoe@example.com").await;
    assert!(nobody.expect("an answer").is_none());
}

#[tokio::test]
async fn an_inactive_user_is_not_logged_in() {
    let app = app().await;
    let token = signed(&claims(&[]), CLIENT_SECRET);
    let sent = json!({ "token": token });
    assert_eq!(
        brought(&app, sent.clone()).await.status,
        200,
        "without a nonce"
    );
    let zoe = app.users.find_by_email("zoe@example.com").await;
    let zoe = zoe.expect("an answer").expect("a user");
    app.set(&zoe, "is_active", users_runtime::value::Value::Bool(false))
        .await;
    let refused = brought(&app, sent).await;
    refused.assert_detail(400, "LOGIN_BAD_CREDENTIALS");
}
