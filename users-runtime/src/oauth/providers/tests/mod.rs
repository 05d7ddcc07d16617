//! What the providers answer, in the shapes that their documentation shows.

mod apple;
mod brought;
mod exchange;
mod github;
mod okta;
mod people;

use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use http::{Request, Response, StatusCode};
use serde_json::{Value, json};

use crate::oauth::{
    HttpClient, HttpError, OAuthClient, OAuthProvider, Profile, ProviderError, ProviderToken,
};

/// What was asked.
type Asked = Arc<Mutex<Vec<Request<Bytes>>>>;

/// Answers these addresses, 404 for all others, and keeps what was asked.
fn answering(answers: &[(&str, u16, &str)]) -> (impl HttpClient + use<>, Asked) {
    let answers: Vec<_> = answers
        .iter()
        .map(|(url, status, body)| (url.to_string(), *status, body.to_string()))
        .collect();
    let asked = Asked::default();
    let kept = Arc::clone(&asked);
    let http = move |request: Request<Bytes>| {
        let answer = answers.iter().find(|(url, ..)| request.uri() == &**url);
        let (status, body) = answer.map_or((404, "{}"), |(_, status, body)| (*status, &**body));
        let mut response = Response::new(Bytes::from(body.to_owned()));
        *response.status_mut() = StatusCode::from_u16(status).expect("a status");
        kept.lock().expect("the requests").push(request);
        std::future::ready(Ok::<_, HttpError>(response))
    };
    (http, asked)
}

fn provider_token(answer: Value) -> ProviderToken {
    ProviderToken {
        access_token: "tok/en".to_owned(),
        expires_at: None,
        refresh_token: None,
        answer,
    }
}

/// Whom a provider takes a token's owner for.
async fn profile(
    provider: impl OAuthProvider,
    answers: &[(&str, u16, &str)],
) -> Result<Profile, ProviderError> {
    let client = OAuthClient::new(provider, answering(answers).0, "id", "secret");
    client
        .profile(&provider_token(json!({})), None, false)
        .await
}

/// The profile of a provider that is asked at one address.
async fn told(
    provider: impl OAuthProvider,
    url: &str,
    answer: &str,
) -> Result<Profile, ProviderError> {
    profile(provider, &[(url, 200, answer)]).await
}

fn known(id: &str, email: Option<&str>, email_verified: Option<bool>) -> Profile {
    Profile {
        account_id: id.to_owned(),
        email: email.map(str::to_owned),
        email_verified,
        name: None,
        picture: None,
    }
}
