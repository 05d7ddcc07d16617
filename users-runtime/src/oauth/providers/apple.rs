//! Apple.

use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use axum::{body::Bytes, response::Response, routing::MethodRouter};
use http::{HeaderValue, StatusCode, header};

use super::shared::{Fixed, fixed, provider};
use crate::{
    oauth::{
        Expectation, HttpClient, OAuthProvider, Profile, ProviderError, ProviderToken,
        claims::profile_of,
        id_token::{IdTokens, TokenRules},
    },
    token::{Claims, JwtKeys, SigningError, SigningKey, unix_seconds},
    wire::respond::no_store,
};

/// Who issues Apple's id tokens, and whom the client's secret is for.
const ISSUER: &str = "https://appleid.apple.com";
/// Where Apple publishes the keys of its id tokens.
const KEYS: &str = "https://appleid.apple.com/auth/keys";

/// Accounts at Apple, which FastAPI Users knows nothing of.
///
/// - **To register**: at <https://developer.apple.com/account/resources>, an app ID with "Sign in with Apple"; a services ID,
///   which is the client's id, with the URL of the [relay](Self::relay) as its return URL; and a key, of which the
///   [client's secret](Self::client_secret) is made.
/// - **Scope**: `email`.
/// - **Account id**: the claim `sub` of the
///   [id token](https://developer.apple.com/documentation/signinwithapple/authenticating-users-with-sign-in-with-apple), which is
///   another one for every developer team. The id token is verified with Apple's keys, in the compatibility preset, too.
/// - **E-mail**: the claim `email` of the id token, with `email_verified`. It may be a relay's, `…@privaterelay.appleid.com`.
///
/// Apple sends addresses only to services that accept the code by `POST`, which has none of a browser's cookies that
/// are `SameSite=Lax`. A [relay](Self::relay) turns the request into a `GET` of the callback, which carries them again:
///
/// ```
/// use axum::Router;
/// use users_runtime::{
///     oauth::{HttpClient, OAuth, OAuthClient, providers::Apple},
///     token::SigningKey,
/// };
///
/// # fn example(
/// #     http: impl HttpClient,
/// #     users: users_runtime::Users<User>,
/// #     pem: &str,
/// # ) -> Result<Router, Box<dyn std::error::Error>> {
/// let secret = Apple::client_secret(SigningKey::es256_pem(pem)?, "KEYID12345", "TEAMID1234", "com.example.login")?;
/// let apple = OAuth::new(OAuthClient::new(Apple::new(), http, "com.example.login", secret))
///     .redirect_url("https://app.example.com/auth/apple/relay");
/// let app: Router = Router::new()
///     .nest("/auth/apple", users.oauth_router(apple, "jwt")?)
///     .route("/auth/apple/relay", Apple::relay("/auth/apple/callback")?);
/// # Ok(app) }
/// # #[derive(Clone, users_runtime::UserModel)]
/// # #[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
/// # struct User { id: i64, email: String, hashed_password: users_runtime::PasswordHash, is_active: bool, is_superuser: bool, is_verified: bool }
/// ```
pub struct Apple {
    fixed: Fixed,
    id_tokens: IdTokens,
}

provider!(Apple: Default);

impl Apple {
    /// How long a client's secret lasts: Apple allows six months.
    const SECRET_LIFETIME: Duration = Duration::from_hours(180 * 24);

    /// Apple, named `apple`.
    pub fn new() -> Self {
        let fixed = Fixed::new(
            "apple",
            format!("{ISSUER}/auth/authorize"),
            format!("{ISSUER}/auth/token"),
            &["email"],
        );
        Self {
            fixed,
            id_tokens: IdTokens::default(),
        }
    }

    /// The client's secret, out of the private key that Apple handed out, the key's id, the developer team's id, and the
    /// client's id. It lasts for 180 days, so an application must be started anew before that.
    ///
    /// # Errors
    ///
    /// When the key cannot sign.
    pub fn client_secret(
        key: SigningKey,
        key_id: &str,
        team_id: &str,
        client_id: &str,
    ) -> Result<String, SigningError> {
        let claims = Claims::new()
            .with("iss", team_id)
            .with("iat", unix_seconds(SystemTime::now()));
        let claims = claims
            .expiring(Some(Self::SECRET_LIFETIME))
            .with("aud", ISSUER)
            .with("sub", client_id);
        JwtKeys::new(key).encode_with_key_id(key_id, &claims)
    }

    /// Takes what Apple posts and sends the browser on with it to the callback at this path. It validates nothing: the callback
    /// does.
    ///
    /// # Errors
    ///
    /// When the path cannot stand in a header.
    pub fn relay<S: Clone + Send + Sync + 'static>(
        callback: &str,
    ) -> Result<MethodRouter<S>, http::header::InvalidHeaderValue> {
        HeaderValue::from_str(callback)?;
        let callback = callback.to_owned();
        let answer = move |body: Bytes| std::future::ready(relayed(&callback, &body));
        Ok(axum::routing::post(answer))
    }
}

/// A redirect to the callback with what it reads, and without the user's name and the id token, which belong into no log.
fn relayed(callback: &str, form: &[u8]) -> Response {
    let posted = form_urlencoded::parse(form)
        .filter(|(name, _)| ["state", "code", "error"].contains(&&**name));
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(posted)
        .finish();
    let mut response = Response::default();
    *response.status_mut() = StatusCode::SEE_OTHER;
    if let Ok(location) = HeaderValue::from_str(&format!("{callback}?{query}")) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    no_store(response)
}

#[async_trait]
impl OAuthProvider for Apple {
    fixed!();

    fn authorize_params(&self) -> &[(&str, &str)] {
        &[("response_mode", "form_post")]
    }

    fn supports_nonce(&self) -> bool {
        true
    }

    async fn profile(
        &self,
        http: &dyn HttpClient,
        token: &ProviderToken,
        expected: Expectation<'_>,
    ) -> Result<Profile, ProviderError> {
        let expected = Expectation {
            id_token_required: true,
            ..expected
        };
        let rules = TokenRules::new(ISSUER, Some(KEYS));
        let claims = self.id_tokens.claims(http, token, rules, expected).await?;
        profile_of(&claims.ok_or(ProviderError::Answer("it has no id token"))?)
    }

    async fn profile_of_id_token(
        &self,
        http: &dyn HttpClient,
        id_token: &str,
        expected: Expectation<'_>,
    ) -> Result<Profile, ProviderError> {
        let rules = TokenRules::new(ISSUER, Some(KEYS));
        let claims = self
            .id_tokens
            .brought(http, id_token, rules, expected)
            .await?;
        profile_of(&claims)
    }
}
