//! OpenID Connect by discovery.

use std::sync::OnceLock;

use async_trait::async_trait;

use super::{
    ClientAuth, Endpoints, Expectation, HttpClient, OAuthProvider, Profile, ProviderError,
    ProviderToken, SigningAlgorithm,
    claims::{profile_about, profile_of},
    discovery::{Address, Description, is_temporary},
    fetching::Fetching,
    get_json,
    id_token::{IdTokens, Issuer, TokenRules, subject},
    provider::get_jwt,
};

/// A provider that describes itself (OpenID Connect Discovery 1.0).
///
/// Accounts are known by the claim `sub`, addresses are those of the claim `email` at the user-info endpoint.
///
/// The defaults are strict: the issuer is the URL at which the provider is contacted, every endpoint is `https` (or on this
/// machine), the id token is signed with one of the provider's published keys and has the nonce that was sent. A provider that
/// differs needs the corresponding option. In the compatibility preset no option is needed: as in FastAPI Users, issuer and
/// endpoints are not compared, and the id token is not read unless one of [`tenants`](Self::tenants),
/// [`all_tenants`](Self::all_tenants), [`signed_with`](Self::signed_with) and
/// [`profile_from_id_token`](Self::profile_from_id_token) requires it.
pub struct OpenIdConnect {
    name: String,
    address: Address,
    description: OnceLock<Known>,
    fetching: Fetching,
    id_tokens: IdTokens,
    /// What stands for the endpoints until they are known.
    unknown: Endpoints,
    scopes: Vec<&'static str>,
    options: Options,
}

/// A description that was fetched.
struct Known {
    description: Description,
    endpoints: Endpoints,
}

#[derive(Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own that a method switches"
)]
struct Options {
    issuer: Option<String>,
    tenants: Option<Tenants>,
    allows_http: bool,
    auth: Option<ClientAuth>,
    algorithms: Option<Vec<SigningAlgorithm>>,
    profile_from_id_token: bool,
    signed_user_info: bool,
    nonce_may_be_missing: bool,
}

enum Tenants {
    All,
    Listed(Vec<String>),
}

impl OpenIdConnect {
    /// The provider at `issuer`, whose endpoints are fetched at the first login. While it cannot be reached, logins return 502
    /// `OAUTH_PROVIDER_UNAVAILABLE`.
    ///
    /// `issuer` is an `https` URL, without or with `/.well-known/openid-configuration`.
    pub fn new(name: impl Into<String>, issuer: &str) -> Self {
        Self {
            name: name.into(),
            address: Address::new(issuer),
            description: OnceLock::new(),
            fetching: Fetching::default(),
            id_tokens: IdTokens::default(),
            unknown: Endpoints {
                authorize: String::new(),
                token: String::new(),
                auth: ClientAuth::default(),
            },
            scopes: vec!["openid", "email"],
            options: Options::default(),
        }
    }

    /// The same, but the discovery document is fetched now, so that its errors are reported at the start of the application:
    /// here, or at `build()`, which knows the options. If the provider does not respond, or returns a temporary error (5xx, 408,
    /// 425, 429), that is logged, and it is contacted again at the next login.
    ///
    /// # Errors
    ///
    /// When it returns another error, or a response that is not a discovery document.
    pub async fn discover(
        http: &dyn HttpClient,
        name: impl Into<String>,
        issuer: &str,
    ) -> Result<Self, ProviderError> {
        let provider = Self::new(name, issuer);
        match provider.address.fetch(http).await {
            Ok(description) => {
                provider.know(description);
            }
            Err(error) if is_temporary(&error) => tracing::warn!(
                provider = provider.name,
                error = &error as &dyn std::error::Error,
                "a provider cannot be asked for its endpoints: logins with it fail until it answers"
            ),
            Err(error) => return Err(error),
        }
        Ok(provider)
    }

    /// Stores accounts under another name.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// The issuer of the provider, if it differs from the URL at which it is contacted: a provider in the same container network,
    /// which is reached by its internal name, or one whose discovery document has another URL. The default is that URL.
    #[must_use]
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.options.issuer = Some(issuer.into());
        self
    }

    /// Accepts users of these tenants at a multi-tenant provider, whose issuer has `{tenantid}` in place of the tenant: Microsoft
    /// Entra at `https://login.microsoftonline.com/organizations/v2.0`. The issuer of an id token must be the template with the
    /// tenant of its claim `tid`. The default is that there is one issuer.
    ///
    /// A tenant's administrators choose the addresses of its users, so they count as not verified, and
    /// [`trusts_addresses`](super::OAuth::trusts_addresses) beside it is an error of `build()`.
    #[must_use]
    pub fn tenants<T: Into<String>>(mut self, ids: impl IntoIterator<Item = T>) -> Self {
        let ids = ids.into_iter().map(Into::into).collect();
        self.options.tenants = Some(Tenants::Listed(ids));
        self
    }

    /// The same for users of every tenant: anyone can create one.
    #[must_use]
    pub fn all_tenants(mut self) -> Self {
        self.options.tenants = Some(Tenants::All);
        self
    }

    /// Whether the provider may be contacted over plain `http` on a host other than this machine. The default is no: an attacker in
    /// the network can log in as any user. Enable it only in a container network that you trust.
    #[must_use]
    pub const fn allow_http(mut self, allow: bool) -> Self {
        self.options.allows_http = allow;
        self
    }

    /// How the client authenticates when it exchanges a code. The default is the first of `client_secret_basic` and
    /// `client_secret_post` that the provider lists, and `client_secret_basic` if it has no list.
    #[must_use]
    pub fn client_auth(mut self, auth: ClientAuth) -> Self {
        self.options.auth = Some(auth);
        if let Some(known) = self.description.get_mut() {
            known.endpoints.auth = auth;
        }
        self
    }

    /// How the provider signs the id tokens of this client, and user info that is [signed](Self::signed_user_info). Tokens that are
    /// signed in another way are refused. The default is every algorithm with published keys; for
    /// [`Hs256`](SigningAlgorithm::Hs256) and similar algorithms the key is the client's secret, which should have 32 random bytes.
    #[must_use]
    pub fn signed_with(mut self, algorithms: impl IntoIterator<Item = SigningAlgorithm>) -> Self {
        self.options.algorithms = Some(algorithms.into_iter().collect());
        self
    }

    /// Whether account and address are read from the id token, and user info is not requested. The default is no. For providers
    /// that have no `userinfo_endpoint`, or that send the address only in the id token.
    #[must_use]
    pub const fn profile_from_id_token(mut self, from_id_token: bool) -> Self {
        self.options.profile_from_id_token = from_id_token;
        self
    }

    /// Whether user info is a signed token (`application/jwt`, the client's `userinfo_signed_response_alg` at the provider). It
    /// is verified like an id token. The default is no: it is JSON.
    #[must_use]
    pub const fn signed_user_info(mut self, signed: bool) -> Self {
        self.options.signed_user_info = signed;
        self
    }

    /// Whether an id token without a nonce is accepted, for providers that do not repeat the one that they were sent. The default is
    /// no. An id token with another nonce is always refused.
    #[must_use]
    pub const fn allow_missing_nonce(mut self, allow: bool) -> Self {
        self.options.nonce_may_be_missing = allow;
        self
    }

    /// Keeps what the provider said about itself.
    fn know(&self, description: Description) -> &Known {
        self.description.get_or_init(|| Known {
            endpoints: Endpoints {
                authorize: description.authorize.clone(),
                token: description.token.clone(),
                auth: self.options.auth.or(description.auth).unwrap_or_default(),
            },
            description,
        })
    }

    /// What the provider said about itself, asked for now where it is not known.
    async fn known(&self, http: &dyn HttpClient, strict: bool) -> Result<&Known, ProviderError> {
        let fetch = async {
            let description = self.address.fetch(http).await?;
            self.check_description(&description, strict)?;
            Ok(self.know(description))
        };
        self.fetching.once(|| self.description.get(), fetch).await
    }

    fn check_description(
        &self,
        description: &Description,
        strict: bool,
    ) -> Result<(), ProviderError> {
        let options = &self.options;
        if strict || options.issuer.is_some() || options.tenants.is_some() {
            let (expected, has_tenants) = (options.issuer.as_deref(), options.tenants.is_some());
            description.check_issuer(expected, &self.address, has_tenants)?;
        }
        if strict && !options.allows_http {
            description.check_endpoints()?;
        }
        let wrong = if options.tenants.is_some() && !description.has_tenants() {
            "its issuer has no `{tenantid}`: leave `tenants` and `all_tenants` out"
        } else if options.auth.or(description.auth).is_none() {
            "it takes no client secret: choose how to send it with `client_auth`, if its description is wrong"
        } else if strict && description.user_info.is_none() && !options.profile_from_id_token {
            "it has no `userinfo_endpoint`: call `profile_from_id_token`"
        } else {
            return Ok(());
        };
        Err(ProviderError::Configuration(wrong))
    }

    /// Whether the id token is read. FastAPI Users never does.
    const fn reads_id_token(&self, strict: bool) -> bool {
        let options = &self.options;
        strict
            || options.tenants.is_some()
            || options.algorithms.is_some()
            || options.profile_from_id_token
    }

    fn token_rules<'a>(&'a self, description: &'a Description) -> TokenRules<'a> {
        let rules = TokenRules::new(&description.issuer, description.keys.as_deref());
        let issuer = match &self.options.tenants {
            None => rules.issuer,
            Some(Tenants::All) => Issuer::Tenants(&description.issuer, None),
            Some(Tenants::Listed(ids)) => Issuer::Tenants(&description.issuer, Some(ids)),
        };
        TokenRules {
            issuer,
            algorithms: self
                .options
                .algorithms
                .as_deref()
                .unwrap_or(rules.algorithms),
            nonce_may_be_missing: self.options.nonce_may_be_missing,
            ..rules
        }
    }
}

#[async_trait]
impl OAuthProvider for OpenIdConnect {
    fn name(&self) -> &str {
        &self.name
    }

    fn endpoints(&self) -> &Endpoints {
        self.description
            .get()
            .map_or(&self.unknown, |known| &known.endpoints)
    }

    fn base_scopes(&self) -> &[&str] {
        &self.scopes
    }

    fn supports_pkce(&self) -> bool {
        let known = self.description.get();
        known.is_some_and(|known| known.description.has_pkce)
    }

    fn supports_nonce(&self) -> bool {
        true
    }

    fn issuer_in_answers(&self) -> Option<&str> {
        let known = self.description.get();
        let names_itself = known.is_some_and(|known| known.description.names_itself);
        self.known_issuer().filter(|_| names_itself)
    }

    fn known_issuer(&self) -> Option<&str> {
        let known = self.description.get();
        // With several tenants it is not known yet which one answers.
        let known = known.filter(|known| !known.description.has_tenants());
        known.map(|known| &*known.description.issuer)
    }

    fn has_unverified_addresses(&self) -> bool {
        let known = self.description.get();
        self.options.tenants.is_some() || known.is_some_and(|known| known.description.has_tenants())
    }

    fn check(&self, strict: bool) -> Result<(), ProviderError> {
        if matches!(&self.options.tenants, Some(Tenants::Listed(ids)) if ids.is_empty()) {
            return Err(ProviderError::Configuration(
                "`tenants` is an empty list: name a tenant, or call `all_tenants`",
            ));
        }
        if self.options.algorithms.as_ref().is_some_and(Vec::is_empty) {
            return Err(ProviderError::Configuration(
                "`signed_with` is an empty list: name an algorithm",
            ));
        }
        if strict && !self.options.allows_http {
            self.address.check()?;
        }
        match self.description.get() {
            Some(known) => self.check_description(&known.description, strict),
            None => Ok(()),
        }
    }

    async fn prepare(&self, http: &dyn HttpClient, strict: bool) -> Result<(), ProviderError> {
        self.known(http, strict).await.map(drop)
    }

    async fn profile(
        &self,
        http: &dyn HttpClient,
        token: &ProviderToken,
        expected: Expectation<'_>,
    ) -> Result<Profile, ProviderError> {
        let strict = expected.id_token_required;
        let description = &self.known(http, strict).await?.description;
        let rules = self.token_rules(description);
        let claims = if self.reads_id_token(strict) {
            let expected = Expectation {
                id_token_required: true,
                ..expected
            };
            self.id_tokens.claims(http, token, rules, expected).await?
        } else {
            None
        };
        let user_info = description.user_info.as_deref();
        let mut profile = match (&claims, user_info) {
            (Some(claims), _) if self.options.profile_from_id_token => profile_of(claims)?,
            (_, None) => return Err(ProviderError::Answer("it has no `userinfo_endpoint`")),
            (_, Some(url)) => {
                let about = claims.as_ref().map(subject).transpose()?;
                let user_info = if self.options.signed_user_info {
                    let text = get_jwt(http, url, &token.access_token).await?;
                    self.id_tokens
                        .user_info(http, &text, rules, expected)
                        .await?
                } else {
                    get_json(http, url, &token.access_token).await?
                };
                profile_about(&user_info, about.as_deref())?
            }
        };
        if self.has_unverified_addresses() {
            profile.email_verified = Some(false);
        }
        Ok(profile)
    }

    async fn profile_of_id_token(
        &self,
        http: &dyn HttpClient,
        id_token: &str,
        expected: Expectation<'_>,
    ) -> Result<Profile, ProviderError> {
        let strict = expected.id_token_required;
        let description = &self.known(http, strict).await?.description;
        let rules = self.token_rules(description);
        let claims = self
            .id_tokens
            .brought(http, id_token, rules, expected)
            .await?;
        let mut profile = profile_of(&claims)?;
        if self.has_unverified_addresses() {
            profile.email_verified = Some(false);
        }
        Ok(profile)
    }
}
