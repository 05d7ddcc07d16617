//! OpenID providers that are away when the application starts, or are not as the standard wants them.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::body::Bytes;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{Request, Response};
use serde_json::{Value, json};
use users_runtime::{
    Compat, SqliteStore, Users, UsersBuilder,
    errors::BuildError,
    oauth::{
        HttpClient, HttpError, OAuth, OAuthClient, OAuthSetupError, OpenIdConnect,
        SigningAlgorithm,
        providers::{GitHub, Google, Microsoft},
    },
};
use users_tests::{Answer, App, Client, SECRET, User};

const MICROSOFT: &str = "https://login.microsoftonline.com/common/v2.0";
const TENANT: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";
const CLIENT_SECRET: &str = "the secret of the client";

/// A provider of many tenants, as Microsoft Entra is, that can be away. Its codes are the nonces to put into id tokens.
#[derive(Clone, Default)]
struct Entra {
    is_away: Arc<AtomicBool>,
    asked: Arc<AtomicUsize>,
}

impl Entra {
    fn away() -> Self {
        let entra = Self::default();
        entra.is_away.store(true, Ordering::Relaxed);
        entra
    }

    fn network(&self) -> impl HttpClient + Clone + use<> {
        let entra = self.clone();
        move |request: Request<Bytes>| std::future::ready(entra.answer(&request))
    }

    fn answer(&self, request: &Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        if self.is_away.load(Ordering::Relaxed) {
            return Err(HttpError::Unreachable("no connection".into()));
        }
        let answer = match request.uri().path() {
            "/common/v2.0/.well-known/openid-configuration" => json!({
                "issuer": MICROSOFT.replace("common", "{tenantid}"),
                "authorization_endpoint": format!("{MICROSOFT}/authorize"),
                "token_endpoint": format!("{MICROSOFT}/token"),
                "userinfo_endpoint": "https://graph.microsoft.com/oidc/userinfo",
            }),
            "/common/v2.0/token" => {
                let code = form_urlencoded::parse(request.body())
                    .find_map(|(name, value)| (name == "code").then(|| value.into_owned()));
                let claims = json!({
                    "iss": MICROSOFT.replace("common", TENANT), "tid": TENANT, "aud": "client", "sub": "zoe",
                    "exp": 4_102_444_800_u64, "nonce": code,
                });
                json!({ "access_token": "a", "id_token": signed(&claims) })
            }
            "/oidc/userinfo" => json!({ "sub": "zoe", "email": "zoe@example.com" }),
            other => panic!("{other}"),
        };
        Ok(Response::new(answer.to_string().into()))
    }

    /// The provider as an application knows it that starts now.
    async fn discovered(&self) -> OpenIdConnect {
        OpenIdConnect::discover(&self.network(), "entra", MICROSOFT)
            .await
            .expect("the application starts")
    }

    fn oauth(&self, provider: OpenIdConnect) -> OAuth {
        OAuth::new(OAuthClient::new(
            provider,
            self.network(),
            "client",
            CLIENT_SECRET,
        ))
    }
}

fn signed(claims: &Value) -> String {
    let [header, claims] = [&json!({ "alg": "HS256" }), claims]
        .map(|part| BASE64_URL_SAFE_NO_PAD.encode(part.to_string()));
    let message = format!("{header}.{claims}");
    let mac = Hmac::<sha2::Sha256>::new_from_slice(CLIENT_SECRET.as_bytes()).expect("any key");
    let mac = mac.chain_update(&message).finalize().into_bytes();
    format!("{message}.{}", BASE64_URL_SAFE_NO_PAD.encode(mac))
}

async fn start(oauth: OAuth, compat: Compat) -> App {
    let configure = move |builder: UsersBuilder<User>| builder.compat(compat).oauth(oauth, "db");
    App::builder().configure(configure).start().await
}

/// A browser that goes to the provider.
struct Leaving {
    sent: Vec<(String, String)>,
    cookie: String,
}

impl Leaving {
    fn new(answer: &Answer) -> Self {
        assert_eq!(answer.status, 200, "{answer:?}");
        let url = answer.json()["authorization_url"].clone();
        let (_, query) = url
            .as_str()
            .expect("a URL")
            .split_once('?')
            .expect("a query");
        Self {
            sent: form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
            cookie: answer.cookie().to_owned(),
        }
    }

    fn sent(&self, name: &str) -> Option<&str> {
        let mut sent = self.sent.iter().filter(|(sent, _)| sent == name);
        let value = sent.next().map(|(_, value)| &**value);
        assert!(sent.next().is_none(), "{name} is sent twice");
        value
    }

    /// The provider sends it back, with the nonce as the code where it was sent one.
    async fn back(&self, client: &Client, name: &str) -> Answer {
        let code = self.sent("nonce").unwrap_or("none");
        let state = self.sent("state").expect("a state");
        let path = format!("/auth/{name}/callback?code={code}&state={state}");
        client.cookie(&self.cookie).get(&path).await
    }
}

/// Asks until the provider is believed to be back. A failure is remembered for a short time.
async fn once_it_is_back(ask: impl AsyncFn() -> Answer) -> Answer {
    loop {
        let answer = ask().await;
        if answer.status != 502 {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn an_application_starts_while_its_provider_is_away() {
    for is_discovered in [true, false] {
        let entra = Entra::away();
        let provider = if is_discovered {
            entra.discovered().await
        } else {
            OpenIdConnect::new("entra", MICROSOFT)
        };
        let provider = provider
            .all_tenants()
            .signed_with([SigningAlgorithm::Hs256]);
        let app = start(entra.oauth(provider), Compat::Off).await;
        let client = app.client();
        let authorize = async || client.get("/auth/entra/authorize").await;
        let before = entra.asked.load(Ordering::Relaxed);
        authorize()
            .await
            .assert_detail(502, "OAUTH_PROVIDER_UNAVAILABLE");
        assert_eq!(entra.asked.load(Ordering::Relaxed), before + 1);
        app.user("jo@example.com").await;
        let login = client.login("db", "jo@example.com", users_tests::PASSWORD);
        assert_eq!(login.await.status, 200, "others are not concerned");

        entra.is_away.store(false, Ordering::Relaxed);
        let leaving = Leaving::new(&once_it_is_back(authorize).await);
        let answer = leaving.back(&client, "entra").await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
}

#[tokio::test]
async fn a_browser_may_come_back_to_an_application_that_does_not_know_its_provider_yet() {
    let entra = Entra::default();
    let provider = |provider: OpenIdConnect| {
        let provider = provider.all_tenants();
        provider.signed_with([SigningAlgorithm::Hs256])
    };
    let before = start(entra.oauth(provider(entra.discovered().await)), Compat::Off).await;
    let leaving = Leaving::new(&before.client().get("/auth/entra/authorize").await);
    let away = Entra::away();
    let late = provider(OpenIdConnect::new("entra", MICROSOFT));
    // To the provider both are one application, which has one callback.
    let callback = leaving.sent("redirect_uri").expect("a callback").to_owned();
    let after = start(away.oauth(late).redirect_url(callback), Compat::Off).await;
    let client = after.client();
    let back = async || leaving.back(&client, "entra").await;
    back()
        .await
        .assert_detail(502, "OAUTH_PROVIDER_UNAVAILABLE");
    away.is_away.store(false, Ordering::Relaxed);
    // The state was not used up.
    assert_eq!(once_it_is_back(back).await.status, 200);
}

#[tokio::test]
async fn a_state_of_nobody_lets_nobody_ask_the_provider() {
    let entra = Entra::default();
    let provider = OpenIdConnect::new("entra", MICROSOFT).all_tenants();
    let app = start(entra.oauth(provider), Compat::Off).await;
    let answer = app
        .client()
        .get("/auth/entra/callback?code=c&state=s")
        .await;
    answer.assert_detail(400, "ACCESS_TOKEN_DECODE_ERROR");
    assert_eq!(entra.asked.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn many_logins_ask_once_where_the_provider_is() {
    let entra = Entra::default();
    let provider = OpenIdConnect::new("entra", MICROSOFT).all_tenants();
    let app = start(entra.oauth(provider), Compat::Off).await;
    let logins: Vec<_> = (0..50)
        .map(|_| {
            let client = app.client();
            tokio::spawn(async move { client.get("/auth/entra/authorize").await.status })
        })
        .collect();
    for login in logins {
        assert_eq!(login.await.expect("an answer"), 200);
    }
    assert_eq!(entra.asked.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn many_tenants_start_in_the_preset_as_in_the_original() {
    let entra = Entra::default();
    let provider = entra.discovered().await;
    let app = start(entra.oauth(provider), Compat::FastApiUsers15).await;
    let leaving = Leaving::new(&app.client().get("/auth/entra/authorize").await);
    let answer = leaving.back(&app.client(), "entra").await;
    assert_eq!(answer.status, 200, "{answer:?}");
}

/// What `build()` says of a provider.
async fn built(oauth: OAuth, compat: Compat) -> Result<(), OAuthSetupError> {
    let store = SqliteStore::<User>::connect("sqlite::memory:")
        .await
        .expect("a database");
    let builder = Users::<User>::builder(store, SECRET).compat(compat);
    match builder.oauth(oauth, "db").build() {
        Ok(_) => Ok(()),
        Err(BuildError::OAuth { reason, .. }) => Err(reason),
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test]
async fn what_cannot_be_trusted_does_not_start() {
    let entra = Entra::default();
    let plain = entra.oauth(entra.discovered().await);
    let refused = built(plain, Compat::Off).await;
    assert!(matches!(refused, Err(OAuthSetupError::Provider { .. })));
    let all = entra.discovered().await.all_tenants();
    let trusting = entra.oauth(all).trusts_addresses(true);
    let late = OpenIdConnect::new("entra", MICROSOFT).tenants([TENANT]);
    let late = entra.oauth(late).trusts_addresses(true);
    let microsoft = OAuthClient::new(Microsoft::new(), entra.network(), "client", "secret");
    let microsoft = OAuth::new(microsoft).trusts_addresses(true);
    for oauth in [trusting, late, microsoft] {
        let refused = built(oauth.clone(), Compat::Off).await;
        assert!(
            matches!(refused, Err(OAuthSetupError::UntrustworthyAddresses(_))),
            "{refused:?}"
        );
        // There the option changes nothing: every address counts as proven.
        built(oauth.clone(), Compat::FastApiUsers15)
            .await
            .expect("as the original");
        built(oauth.trusts_addresses(false), Compat::Off)
            .await
            .expect("nothing is trusted");
    }
}

#[tokio::test]
async fn parameters_are_added_to_the_authorization_page() {
    let google = || {
        OAuthClient::new(
            Google::new(),
            Entra::default().network(),
            "client",
            "secret",
        )
    };
    let client = google()
        .authorize_param("prompt", "consent")
        .authorize_param("access_type", "offline")
        .authorize_param("hd", "example.com")
        .authorize_param("prompt", "select_account");
    let app = start(OAuth::new(client), Compat::Off).await;
    let leaving = Leaving::new(&app.client().get("/auth/google/authorize").await);
    for (name, value) in [
        ("prompt", "select_account"),
        ("access_type", "offline"),
        ("hd", "example.com"),
        ("response_type", "code"),
    ] {
        assert_eq!(leaving.sent(name), Some(value));
    }
    for reserved in ["state", "scope", "nonce", "redirect_uri", "code_challenge"] {
        let client = google().authorize_param(reserved, "mine");
        for compat in [Compat::Off, Compat::FastApiUsers15] {
            let refused = built(OAuth::new(client.clone()), compat).await;
            assert!(
                matches!(&refused, Err(OAuthSetupError::ReservedParameter(name)) if name == reserved),
                "{refused:?}"
            );
        }
    }
}

/// GitHub with a user whose public address is verified, or not.
fn github(is_verified: bool) -> impl HttpClient {
    move |request: Request<Bytes>| {
        let answer = match request.uri().path() {
            "/login/oauth/access_token" => json!({ "access_token": "a" }),
            "/user" => json!({ "id": 583_231, "email": "zoe@example.com" }),
            "/user/emails" => json!([
                { "email": "other@example.com", "primary": true, "verified": true },
                { "email": "Zoe@example.com", "primary": false, "verified": is_verified },
            ]),
            other => panic!("{other}"),
        };
        std::future::ready(Ok::<_, HttpError>(Response::new(answer.to_string().into())))
    }
}

#[tokio::test]
async fn github_is_asked_whether_a_public_address_is_verified() {
    for is_verified in [true, false] {
        let client = OAuthClient::new(GitHub::new(), github(is_verified), "client", "secret");
        let app = start(OAuth::new(client).associate_by_email(true), Compat::Off).await;
        app.user("zoe@example.com").await;
        let leaving = Leaving::new(&app.client().get("/auth/github/authorize").await);
        let answer = leaving.back(&app.client(), "github").await;
        if is_verified {
            assert_eq!(answer.status, 200, "{answer:?}");
        } else {
            answer.assert_detail(400, "OAUTH_USER_ALREADY_EXISTS");
        }
    }
}
