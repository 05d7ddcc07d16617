//! Logins through a provider whose tokens are longer than the columns that were taken over from the original.

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    http::{HeaderMap, Request, Response, StatusCode},
};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use users_runtime::{
    PasswordHash, PostgresStore, UserModel, Users, async_trait,
    oauth::{
        ClientAuth, Endpoints, Expectation, HttpClient, HttpError, OAuth, OAuthClient,
        OAuthProvider, Profile, ProviderError, ProviderToken,
    },
    store::{OAuthAccount, OAuthAccountStore as _},
};
use uuid::Uuid;

use crate::support::{Database, empty, run};

#[derive(Clone, Debug, UserModel)]
#[fastapi_users(table = "user", backend(name = "jwt", transport = bearer, strategy = jwt))]
struct Member {
    id: Uuid,
    email: String,
    hashed_password: PasswordHash,
    is_active: bool,
    is_superuser: bool,
    is_verified: bool,
}

/// A provider with one account, whose access tokens are as long as the code says, and its refresh tokens one longer.
struct Verbose(Endpoints);

#[async_trait]
impl OAuthProvider for Verbose {
    fn name(&self) -> &'static str {
        "verbose"
    }

    fn endpoints(&self) -> &Endpoints {
        &self.0
    }

    fn base_scopes(&self) -> &[&str] {
        &[]
    }

    async fn profile(
        &self,
        _: &dyn HttpClient,
        _: &ProviderToken,
        _: Expectation<'_>,
    ) -> Result<Profile, ProviderError> {
        Profile::of(Some(&json!("1")), Some(&json!("ada@example.com")))
    }
}

async fn network(request: http::Request<Bytes>) -> Result<http::Response<Bytes>, HttpError> {
    let form = String::from_utf8(request.into_body().to_vec()).expect("a form");
    let length = form
        .split('&')
        .find_map(|pair| pair.strip_prefix("code="))
        .expect("a code")
        .parse()
        .expect("a number");
    let (access, refresh) = ("é".repeat(length), "é".repeat(length + 1));
    let token = json!({ "access_token": access, "refresh_token": refresh, "expires_in": 60 });
    Ok(http::Response::new(token.to_string().into()))
}

fn app(store: PostgresStore<Member>) -> Router {
    let users = Users::<Member>::builder(store, users_runtime::random_secret())
        .build()
        .expect("a sound configuration");
    let endpoints = Endpoints {
        authorize: "https://provider.example/authorize".into(),
        token: "https://provider.example/token".into(),
        auth: ClientAuth::Body,
    };
    let oauth = OAuth::new(OAuthClient::new(
        Verbose(endpoints),
        network,
        "client",
        "secret",
    ))
    .requires_verification(false);
    let login = users
        .oauth_router(oauth.clone(), "jwt")
        .expect("a sound configuration");
    let link = users
        .oauth_associate_router(oauth)
        .expect("a sound configuration");
    users
        .router()
        .nest("/login", login)
        .nest("/link", link)
        .with_state(users)
}

async fn get(app: &Router, uri: &str, headers: &HeaderMap) -> Response<Body> {
    let mut request = Request::get(uri)
        .header("host", "localhost")
        .body(Body::empty())
        .expect("a request");
    request.headers_mut().extend(headers.clone());
    app.clone().oneshot(request).await.expect("an answer")
}

async fn json_of(answer: Response<Body>) -> Value {
    serde_json::from_slice(
        &to_bytes(answer.into_body(), usize::MAX)
            .await
            .expect("a body"),
    )
    .expect("JSON")
}

/// Goes to the provider and comes back with tokens of about this length.
async fn there_and_back(
    app: &Router,
    prefix: &str,
    mut headers: HeaderMap,
    length: usize,
) -> Response<Body> {
    let answer = get(app, &format!("{prefix}/authorize"), &headers).await;
    let cookie = answer.headers()["set-cookie"]
        .to_str()
        .expect("a text")
        .split(';')
        .next()
        .expect("a cookie")
        .to_owned();
    let url = json_of(answer).await["authorization_url"]
        .as_str()
        .expect("a URL")
        .to_owned();
    let state = url
        .split(['?', '&'])
        .find_map(|pair| pair.strip_prefix("state="))
        .expect("a state");
    headers.insert("cookie", cookie.parse().expect("a header"));
    get(
        app,
        &format!("{prefix}/callback?code={length}&state={state}"),
        &headers,
    )
    .await
}

async fn taken_over() -> Database<Member> {
    let store = empty::<Member>().await;
    store.migrate().await.expect("tables");
    let narrow = "ALTER TABLE oauth_account ALTER access_token TYPE VARCHAR(1024), ALTER refresh_token TYPE VARCHAR(1024)";
    run(&store, narrow).await;
    store
        .check()
        .await
        .expect("tables of the original are served");
    store
}

async fn stored(store: &PostgresStore<Member>) -> OAuthAccount<Uuid> {
    store
        .find_account("verbose", "1")
        .await
        .expect("an answer")
        .expect("an account")
}

#[tokio::test]
async fn a_login_goes_on_without_the_tokens_that_do_not_fit() {
    let database = taken_over().await;
    let app = app((*database).clone());
    // The first registers, the others find the account again.
    for (length, has_access, has_refresh) in [
        (1025, false, false),
        (1023, true, true),
        (1024, true, false),
        (4000, false, false),
    ] {
        let answer = there_and_back(&app, "/login", HeaderMap::new(), length).await;
        assert_eq!(answer.status(), StatusCode::OK, "{length}");
        let account = stored(&database).await;
        assert_eq!(
            account.access_token,
            if has_access {
                "é".repeat(length)
            } else {
                String::new()
            },
            "{length}"
        );
        assert_eq!(
            account.refresh_token,
            has_refresh.then(|| "é".repeat(length + 1)),
            "{length}"
        );
        assert!(account.expires_at.is_some());
    }
    // The advice is good.
    run(&database, "ALTER TABLE oauth_account ALTER access_token TYPE VARCHAR, ALTER refresh_token TYPE VARCHAR").await;
    assert_eq!(
        there_and_back(&app, "/login", HeaderMap::new(), 4000)
            .await
            .status(),
        StatusCode::OK
    );
    assert_eq!(stored(&database).await.access_token.chars().count(), 4000);
}

#[tokio::test]
async fn an_account_is_linked_without_the_tokens_that_do_not_fit() {
    let database = taken_over().await;
    let app = app((*database).clone());
    let answer = json_of(there_and_back(&app, "/login", HeaderMap::new(), 1).await).await;
    let bearer = format!(
        "Bearer {}",
        answer["access_token"].as_str().expect("a token")
    );
    let headers = HeaderMap::from_iter([(
        http::header::AUTHORIZATION,
        bearer.parse().expect("a header"),
    )]);
    for is_new in [false, true] {
        if is_new {
            run(&database, "DELETE FROM oauth_account").await;
        }
        assert_eq!(
            there_and_back(&app, "/link", headers.clone(), 1025)
                .await
                .status(),
            StatusCode::OK,
            "{is_new}"
        );
        let account = stored(&database).await;
        assert_eq!(
            (account.access_token.as_str(), account.refresh_token),
            ("", None),
            "{is_new}"
        );
    }
}
