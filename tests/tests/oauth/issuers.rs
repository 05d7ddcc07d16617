//! A provider that names itself in its answers (RFC 9207): an answer in another's name, or in nobody's, is refused.

use axum::body::Bytes;
use http::{Request, Response};
use serde_json::json;
use users_runtime::{
    Compat,
    oauth::{HttpClient, HttpError, OAuth, OAuthClient, providers::Okta},
};
use users_tests::App;

const ISSUER: &str = "https://dev-1.okta.com";

/// An organization that says where its endpoints are and whether it names itself, and knows no code.
fn organization(names_itself: bool) -> impl HttpClient {
    move |request: Request<Bytes>| async move {
        let found = json!({
            "issuer": ISSUER, "authorization_endpoint": format!("{ISSUER}/authorize"), "token_endpoint": format!("{ISSUER}/token"),
            "userinfo_endpoint": format!("{ISSUER}/userinfo"), "authorization_response_iss_parameter_supported": names_itself,
        });
        let is_discovery = request.uri().path() == "/.well-known/openid-configuration";
        let (status, body) = if is_discovery {
            (200, found)
        } else {
            (400, json!({ "error": "invalid_grant" }))
        };
        let answer = Response::builder()
            .status(status)
            .body(Bytes::from(body.to_string()));
        Ok::<_, HttpError>(answer.expect("an answer"))
    }
}

/// What a browser is told that comes back to a provider's callback with this at the end of its query.
async fn told(compat: Compat, names_itself: bool, rest: &str) -> String {
    let okta = Okta::discover(&organization(names_itself), "dev-1.okta.com")
        .await
        .expect("an organization");
    let oauth = OAuth::new(OAuthClient::new(
        okta,
        organization(names_itself),
        "client",
        "secret",
    ));
    let app = App::builder()
        .configure(move |builder| builder.compat(compat).oauth(oauth, "jwt"))
        .start()
        .await;
    let sent = app.client().get("/auth/okta/authorize").await;
    let url = sent.json()["authorization_url"]
        .as_str()
        .expect("a URL")
        .to_owned();
    let (_, query) = url.split_once('?').expect("parameters");
    let state = form_urlencoded::parse(query.as_bytes())
        .find_map(|(name, value)| (name == "state").then(|| value.into_owned()));
    let cookie = sent.cookie().to_owned();
    let path = format!(
        "/auth/okta/callback?code=c&state={}{rest}",
        state.expect("a state")
    );
    let answer = app.client().cookie(&cookie).get(&path).await;
    assert_eq!(answer.status, 400, "{answer:?}");
    answer.json()["detail"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

#[tokio::test]
async fn an_answer_must_be_in_the_name_of_the_provider() {
    let refused = [
        "",
        "&iss=",
        "&iss=https%3A%2F%2Fdev-2.okta.com",
        "&iss=https%3A%2F%2Fdev-1.okta.com%2F",
        "&iss=dev-1.okta.com",
    ];
    for rest in refused {
        assert_eq!(
            told(Compat::Off, true, rest).await,
            "OAUTH_INVALID_STATE",
            "{rest}"
        );
    }
    assert_eq!(
        told(Compat::Off, true, "&iss=https%3A%2F%2Fdev-1.okta.com").await,
        "OAUTH_CODE_EXCHANGE_FAILED"
    );
}

#[tokio::test]
async fn a_provider_that_does_not_announce_its_name_is_not_mixed_up_with_another() {
    for (rest, expected) in [
        ("", "OAUTH_CODE_EXCHANGE_FAILED"),
        (
            "&iss=https%3A%2F%2Fdev-1.okta.com",
            "OAUTH_CODE_EXCHANGE_FAILED",
        ),
        ("&iss=https%3A%2F%2Fdev-2.okta.com", "OAUTH_INVALID_STATE"),
        ("&iss=", "OAUTH_INVALID_STATE"),
    ] {
        assert_eq!(told(Compat::Off, false, rest).await, expected, "{rest}");
    }
}

#[tokio::test]
async fn the_original_does_not_ask_for_the_name() {
    for rest in ["", "&iss=https%3A%2F%2Fdev-2.okta.com"] {
        assert_eq!(
            told(Compat::FastApiUsers15, true, rest).await,
            "OAUTH_CODE_EXCHANGE_FAILED",
            "{rest}"
        );
    }
}
