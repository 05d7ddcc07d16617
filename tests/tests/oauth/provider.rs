//! A provider whose codes say what it answers, and the browser that goes there and back.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use axum::Router;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use users_runtime::{
    Users, async_trait,
    oauth::{
        Endpoints, Expectation, HttpClient, HttpError, OAuth, OAuthClient, OAuthProvider, Profile,
        ProviderError, ProviderToken, get_json,
    },
    value::Value as Stored,
};
use users_tests::{Answer, App, Client, User};

/// What the token endpoint was asked.
pub(crate) type Asked = Arc<Mutex<Vec<HashMap<String, String>>>>;

/// The provider.
pub(crate) struct Scripted {
    name: &'static str,
    endpoints: Endpoints,
}

impl Scripted {
    fn new(name: &'static str) -> Self {
        let endpoints = Endpoints {
            authorize: "https://provider.example/authorize".to_owned(),
            token: "https://provider.example/token".to_owned(),
            auth: users_runtime::oauth::ClientAuth::Body,
        };
        Self { name, endpoints }
    }
}

#[async_trait]
impl OAuthProvider for Scripted {
    fn name(&self) -> &str {
        self.name
    }

    fn endpoints(&self) -> &Endpoints {
        &self.endpoints
    }

    fn base_scopes(&self) -> &[&str] {
        &["profile"]
    }

    fn supports_pkce(&self) -> bool {
        true
    }

    async fn profile(
        &self,
        http: &dyn HttpClient,
        token: &ProviderToken,
        _: Expectation<'_>,
    ) -> Result<Profile, ProviderError> {
        let profile = get_json(http, "https://provider.example/me", &token.access_token).await?;
        let verified = profile.get("verified").and_then(Value::as_bool);
        Ok(Profile::of(profile.get("id"), profile.get("email"))?.verified(verified))
    }
}

/// A code: the profile to give, or the way to fail under `fail`.
pub(crate) fn code(script: &Value) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(script.to_string())
}

/// The code of an account.
pub(crate) fn account(id: &str, email: &str) -> String {
    code(&json!({ "id": id, "email": email }))
}

fn script(text: &str) -> Value {
    let bytes = BASE64_URL_SAFE_NO_PAD
        .decode(text)
        .expect("a code of the tests");
    serde_json::from_slice(&bytes).expect("a script")
}

/// The provider's side of the wire.
pub(crate) fn network(asked: Asked) -> impl HttpClient {
    move |request: http::Request<axum::body::Bytes>| {
        let asked = Arc::clone(&asked);
        async move {
            let bearer = request
                .headers()
                .get("authorization")
                .and_then(|value| value.to_str().ok());
            let form: HashMap<_, _> = form_urlencoded::parse(request.body())
                .into_owned()
                .collect();
            let script = script(form.get("code").map_or_else(
                || {
                    bearer
                        .and_then(|bearer| bearer.strip_prefix("Bearer "))
                        .expect("a token")
                },
                String::as_str,
            ));
            let fail = script
                .get("fail")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let answer = |status: u16, body: String| {
                http::Response::builder().status(status).body(body.into())
            };
            let response = match (request.uri().path(), fail) {
                (_, "down") => return Err(HttpError::Unreachable("no connection".into())),
                ("/token", "exchange") => {
                    answer(400, json!({ "error": "invalid_grant" }).to_string())
                }
                ("/token", "token") => answer(200, json!({ "token_type": "bearer" }).to_string()),
                ("/me", "profile") => answer(500, "{}".to_owned()),
                ("/me", "garbage") => answer(200, "<html>".to_owned()),
                ("/token", _) => {
                    let refresh = script.get("refresh").cloned().unwrap_or_else(|| json!("r"));
                    let token = json!({ "access_token": form["code"], "expires_in": 60, "refresh_token": refresh });
                    answer(200, token.to_string())
                }
                _ => answer(200, script.to_string()),
            };
            asked
                .lock()
                .expect("no test panics while it holds the lock")
                .push(form);
            Ok::<_, HttpError>(response.expect("an answer"))
        }
    }
}

/// The routes of a provider of this name, and what it is asked.
pub(crate) fn oauth(name: &'static str) -> (OAuth, Asked) {
    let asked = Asked::default();
    (oauth_over(name, network(Arc::clone(&asked))), asked)
}

/// The routes of a provider of this name, which is reached in this way.
pub(crate) fn oauth_over(name: &'static str, http: impl HttpClient) -> OAuth {
    OAuth::new(OAuthClient::new(
        Scripted::new(name),
        http,
        "client",
        "secret",
    ))
}

/// Every route, and those of the provider `forge` under `/forge` (backend `db`), `/cookie` and `/link`.
pub(crate) fn routes(users: &Users<User>, oauth: &OAuth) -> Router<Users<User>> {
    users
        .router()
        .nest(
            "/forge",
            users
                .oauth_router(oauth.clone(), "db")
                .expect("a sound configuration"),
        )
        .nest(
            "/cookie",
            users
                .oauth_router(oauth.clone(), "cookie")
                .expect("a sound configuration"),
        )
        .nest(
            "/link",
            users
                .oauth_associate_router(oauth.clone())
                .expect("a sound configuration"),
        )
        .nest(
            "/accounts",
            users
                .oauth_accounts_router()
                .expect("a store with accounts"),
        )
}

/// An application with the routes of a provider.
pub(crate) async fn start(oauth: OAuth) -> App {
    App::builder()
        .routes(move |users| routes(users, &oauth))
        .start()
        .await
}

/// A user whose address is proven, as linking accounts wants it.
pub(crate) async fn verified_user(app: &App, email: &str) -> User {
    let user = app.user(email).await;
    app.set(&user, "is_verified", Stored::Bool(true)).await
}

/// Proves the address of a user who came from a provider.
pub(crate) async fn verify(app: &App, email: &str) {
    let user = app.users.find_by_email(email).await.expect("a store");
    app.set(&user.expect("the user"), "is_verified", Stored::Bool(true))
        .await;
}

/// A browser on its way: what it was sent to the provider with, and its cookie.
#[derive(Clone)]
pub(crate) struct Flow {
    pub(crate) client: Client,
    pub(crate) prefix: &'static str,
    pub(crate) sent: HashMap<String, String>,
    pub(crate) cookie: String,
}

impl Flow {
    /// Goes to the provider.
    pub(crate) async fn start(client: &Client, prefix: &'static str) -> Self {
        Self::start_with(client, prefix, "").await
    }

    /// Goes to the provider with parameters.
    pub(crate) async fn start_with(client: &Client, prefix: &'static str, query: &str) -> Self {
        let answer = client.get(&format!("{prefix}/authorize{query}")).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.header("cache-control"), "no-store");
        let url = answer.json()["authorization_url"]
            .as_str()
            .expect("a URL")
            .to_owned();
        let (page, query) = url.split_once('?').expect("parameters");
        assert_eq!(page, "https://provider.example/authorize");
        let sent = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let cookie = answer.cookie().to_owned();
        Self {
            client: client.clone(),
            prefix,
            sent,
            cookie,
        }
    }

    /// Comes back with a code.
    pub(crate) async fn back(&self, code: &str) -> Answer {
        let state = self.sent["state"].clone();
        self.client
            .cookie(&self.cookie)
            .get(&format!(
                "{}/callback?code={code}&state={state}",
                self.prefix
            ))
            .await
    }

    /// The challenge that the verifier of the exchange must fit.
    pub(crate) fn challenge_of(verifier: &str) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
    }
}

/// A client with the token of a login's answer.
pub(crate) fn logged_in(app: &App, answer: &Answer) -> Client {
    assert_eq!(answer.status, 200, "{answer:?}");
    app.client()
        .bearer(answer.json()["access_token"].as_str().expect("a token"))
}
