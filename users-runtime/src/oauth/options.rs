//! How the routes of a provider behave.

use super::url::is_absolute;
use crate::{
    oauth::OAuthClient,
    wire::cookie_header::{CookieAttributes, InvalidCookie, SameSite},
};

/// Why the routes of a provider cannot be built.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum OAuthSetupError {
    /// There is no backend with this name.
    #[error("there is no backend named `{0}` to log users in with")]
    UnknownBackend(String),
    /// The store does not support OAuth accounts.
    #[error("the store holds no OAuth accounts")]
    NoAccounts,
    /// A user who registers through a provider would have no value for a field.
    #[error(
        "the field `{0}` has no value for users who come from a provider: give it a `default`, or make it an `Option`"
    )]
    FieldWithoutDefault(&'static str),
    /// The CSRF cookie cannot be written.
    #[error("the CSRF cookie cannot be written: {0}")]
    InvalidCookie(#[from] InvalidCookie),
    /// The provider cannot be used as it is configured, or its discovery document is invalid.
    #[error("the provider `{name}` cannot be used: {error}")]
    Provider {
        /// The provider's name.
        name: String,
        /// What is wrong with it.
        #[source]
        error: crate::oauth::ProviderError,
    },
    /// `trusts_addresses` with a provider whose addresses are never verified.
    #[error(
        "`trusts_addresses` cannot be used with the provider `{0}`: anybody can have any address there, so leave it out"
    )]
    UntrustworthyAddresses(String),
    /// A parameter that was added to the authorization page belongs to the protocol.
    #[error(
        "`{0}` is a parameter of the protocol: remove it from `authorize_param` (scopes are given to `OAuth::scopes`)"
    )]
    ReservedParameter(String),
    /// A callback's URL is not absolute, or has a fragment (RFC 6749, section 3.1.2).
    #[error(
        "`{0}` is not a valid redirect URL: write the callback's absolute URL without a fragment, such as \
         `https://app.example.com/auth/github/callback`"
    )]
    InvalidRedirectUrl(String),
    /// A front end's address is not an absolute URL.
    #[error(
        "`{0}` is not a valid URL of a front end: write an absolute URL, such as `https://app.example.com/welcome` or \
         `com.example.app:/welcome`"
    )]
    InvalidFrontEnd(String),
}

/// A request asks a provider for scopes that are not allowed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ScopeNotAllowed;

/// A client and how its routes behave. The defaults are FastAPI Users' where they are safe; the compatibility preset has all of
/// them.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a choice of its own that the application makes"
)]
pub struct OAuth {
    pub(crate) client: OAuthClient,
    pub(crate) redirect_url: Option<String>,
    pub(crate) associate_redirect_url: Option<String>,
    pub(crate) scopes: Option<Vec<String>>,
    allowed_scopes: Vec<String>,
    pkce: Option<bool>,
    pub(crate) associate_by_email: bool,
    pub(crate) is_verified_by_default: bool,
    pub(crate) trusts_addresses: bool,
    pub(crate) existing_users_only: bool,
    pub(crate) requires_verification: Option<bool>,
    pub(crate) csrf: CookieAttributes,
    pub(crate) front_ends: Vec<String>,
    pub(crate) other_clients: Vec<String>,
}

impl OAuth {
    /// The routes of this client with every default.
    pub fn new(client: OAuthClient) -> Self {
        let csrf = CookieAttributes {
            name: "fastapiusersoauthcsrf".to_owned(),
            max_age: Some(super::state::LIFETIME.as_secs()),
            ..CookieAttributes::default()
        };
        Self {
            client,
            redirect_url: None,
            associate_redirect_url: None,
            scopes: None,
            allowed_scopes: Vec::new(),
            pkce: None,
            associate_by_email: false,
            is_verified_by_default: false,
            trusts_addresses: false,
            existing_users_only: false,
            requires_verification: None,
            csrf,
            front_ends: Vec::new(),
            other_clients: Vec::new(),
        }
    }

    /// Another client of the application at the provider, such as its mobile application: id tokens that were issued to it
    /// [log in, too](crate::Users::login_with). The default is that only those of the client itself do.
    #[must_use]
    pub fn other_client(mut self, client_id: impl Into<String>) -> Self {
        self.other_clients.push(client_id.into());
        self
    }

    /// Where the provider sends the browser back to: the absolute URL of the callback.
    ///
    /// The default is for development: the callback's own path at the `Host` of the request, over `http`. Outside of the
    /// compatibility preset that host must be this machine (`localhost`, `127.0.0.1`, `[::1]`); a request that names another one is
    /// refused with 400 `OAUTH_REDIRECT_URL_NOT_CONFIGURED`, since a client can send any `Host` header.
    #[must_use]
    pub fn redirect_url(mut self, url: impl Into<String>) -> Self {
        self.redirect_url = Some(url.into());
        self
    }

    /// The same for linking an account, which has a different callback. The default is [`redirect_url`](Self::redirect_url), if
    /// it is set.
    #[must_use]
    pub fn associate_redirect_url(mut self, url: impl Into<String>) -> Self {
        self.associate_redirect_url = Some(url.into());
        self
    }

    /// The scopes to request by default. The default are the provider's own.
    ///
    /// Outside of the compatibility preset a request (`…/authorize?scopes=…`) can only ask for some of these, and for those of
    /// [`allow_scopes`](Self::allow_scopes).
    #[must_use]
    pub fn scopes<T: Into<String>>(mut self, scopes: impl IntoIterator<Item = T>) -> Self {
        self.scopes = Some(scopes.into_iter().map(Into::into).collect());
        self
    }

    /// Additional scopes that a request may ask for (`…/authorize?scopes=…`). Any other scope is 400 `OAUTH_INVALID_SCOPE`.
    ///
    /// By default there are none besides the [`scopes`](Self::scopes). In the compatibility preset a request may
    /// ask for any scope, as in the original, until this is called.
    #[must_use]
    pub fn allow_scopes<T: Into<String>>(mut self, scopes: impl IntoIterator<Item = T>) -> Self {
        self.allowed_scopes
            .extend(scopes.into_iter().map(Into::into));
        self
    }

    /// Whether the code is bound to the login by PKCE (RFC 7636, method S256), where the provider supports it. The default is yes,
    /// and no in the compatibility preset: FastAPI Users does not use PKCE, and it must be possible to start a login at one
    /// server and complete it at the other.
    ///
    /// In the preset, `pkce(true)` also sends OpenID providers a nonce, which is always the case outside of the preset. Such a
    /// login must be completed by the server that started it.
    #[must_use]
    pub const fn pkce(mut self, uses: bool) -> Self {
        self.pkce = Some(uses);
        self
    }

    /// Whether an account is linked to the user who has its e-mail address. The default is no, and such a login is refused.
    ///
    /// Enable it only for providers that verify addresses: the owner of an account there with an address becomes the user here.
    /// Outside of the compatibility preset the provider must say that it has verified the address (or
    /// [`trusts_addresses`](Self::trusts_addresses) says so for it), and a user whose own address was never verified loses password,
    /// sessions and linked accounts first, since an attacker may have registered it in advance.
    #[must_use]
    pub const fn associate_by_email(mut self, associate: bool) -> Self {
        self.associate_by_email = associate;
        self
    }

    /// Whether new users from this provider are marked as verified. The default is no.
    #[must_use]
    pub const fn is_verified_by_default(mut self, verified: bool) -> Self {
        self.is_verified_by_default = verified;
        self
    }

    /// Whether the provider verifies every address, although its API does not report it. The default is no.
    #[must_use]
    pub const fn trusts_addresses(mut self, trusts: bool) -> Self {
        self.trusts_addresses = trusts;
        self
    }

    /// Whether only existing users log in with this provider: those who have linked an account, or who have its address with
    /// [`associate_by_email`](Self::associate_by_email). For all others the response is 403 `EXISTING_USERS_ONLY`, and
    /// [`before_register`](crate::Hooks::before_register) is not called. Required fields then need no default. The default is no.
    #[must_use]
    pub const fn existing_users_only(mut self, only: bool) -> Self {
        self.existing_users_only = only;
        self
    }

    /// Whether only verified users may link accounts; others are refused with 403. The default is yes, and no in the compatibility
    /// preset.
    ///
    /// A client can register an address that belongs to another person and link an account of its own. Without this, the account
    /// would still give access to the user after the owner of the address has taken it over.
    #[must_use]
    pub const fn requires_verification(mut self, required: bool) -> Self {
        self.requires_verification = Some(required);
        self
    }

    /// The name of the CSRF cookie. The default is `fastapiusersoauthcsrf`.
    #[must_use]
    pub fn csrf_cookie_name(mut self, name: impl Into<String>) -> Self {
        self.csrf.name = name.into();
        self
    }

    /// The path for which browsers send the CSRF cookie. The default is `/`.
    #[must_use]
    pub fn csrf_cookie_path(mut self, path: impl Into<String>) -> Self {
        self.csrf.path = path.into();
        self
    }

    /// The domain to which browsers send the CSRF cookie. The default is this host only.
    #[must_use]
    pub fn csrf_cookie_domain(mut self, domain: impl Into<String>) -> Self {
        self.csrf.domain = Some(domain.into());
        self
    }

    /// Whether the CSRF cookie is sent over HTTPS only. The default is yes.
    #[must_use]
    pub const fn csrf_cookie_secure(mut self, secure: bool) -> Self {
        self.csrf.secure = secure;
        self
    }

    /// Whether the CSRF cookie is hidden from scripts (`HttpOnly`). The default is yes.
    #[must_use]
    pub const fn csrf_cookie_http_only(mut self, http_only: bool) -> Self {
        self.csrf.http_only = http_only;
        self
    }

    /// With which requests browsers send the CSRF cookie. The default is [`SameSite::Lax`].
    #[must_use]
    pub const fn csrf_cookie_same_site(mut self, same_site: SameSite) -> Self {
        self.csrf.same_site = same_site;
        self
    }

    /// A URL of a front end to return to: `…/authorize?next=URL` with exactly this URL makes the callback redirect there instead
    /// of returning JSON.
    ///
    /// A cookie backend sets its cookie in this response; the token of a bearer backend, or the code of an error, is appended as
    /// the fragment (`#access_token=…`, `#error=…`), which is not sent to any server. The value of `&extra=…` (512 bytes at most)
    /// is returned there, too. Call it once for every URL. The default is none.
    ///
    /// Mobile applications have their own scheme (`com.example.app:/oauth2redirect`). The parameters of a URL with a
    /// fragment are the query of that: `https://app.example.com/#/login?error=…`.
    #[must_use]
    pub fn front_end(mut self, url: impl Into<String>) -> Self {
        self.front_ends.push(url.into());
        self
    }

    /// Whether codes are bound to logins, in this mode.
    pub(crate) fn uses_pkce(&self, as_original: bool) -> bool {
        self.pkce.unwrap_or(!as_original)
    }

    /// Whether a request may ask for some scopes only, in this mode.
    pub(crate) const fn restricts_scopes(&self, as_original: bool) -> bool {
        !as_original || !self.allowed_scopes.is_empty()
    }

    /// The scopes for a request that asks for these; `None` for the provider's own.
    pub(crate) fn scopes_for(
        &self,
        asked: Option<Vec<String>>,
        as_original: bool,
    ) -> Result<Option<Vec<String>>, ScopeNotAllowed> {
        let Some(asked) = asked else {
            return Ok(self.scopes.clone());
        };
        // Several may be in one text.
        let is_among = |scope: &str, text: &str| text.split_whitespace().any(|one| one == scope);
        let provider = &self.client.provider;
        let is_allowed = |scope: &str| {
            let is_default = match &self.scopes {
                Some(scopes) => scopes.iter().any(|text| is_among(scope, text)),
                None => provider
                    .base_scopes()
                    .iter()
                    .any(|text| is_among(scope, text)),
            };
            is_default || self.allowed_scopes.iter().any(|text| is_among(scope, text))
        };
        let are_allowed = !self.restricts_scopes(as_original)
            || asked
                .iter()
                .flat_map(|text| text.split_whitespace())
                .all(is_allowed);
        if are_allowed {
            Ok(Some(asked))
        } else {
            Err(ScopeNotAllowed)
        }
    }

    /// Whether the options make sense.
    pub(crate) fn check(&self) -> Result<(), OAuthSetupError> {
        self.csrf.validate()?;
        if self.csrf.same_site == SameSite::None && !self.csrf.secure {
            return Err(InvalidCookie::InsecureSameSiteNone.into());
        }
        let callbacks = [&self.redirect_url, &self.associate_redirect_url];
        let is_callback = |url: &str| is_absolute(url) && !url.contains('#');
        if let Some(url) = callbacks
            .into_iter()
            .flatten()
            .find(|url| !is_callback(url))
        {
            return Err(OAuthSetupError::InvalidRedirectUrl(url.clone()));
        }
        match self.front_ends.iter().find(|url| !is_absolute(url)) {
            Some(url) => Err(OAuthSetupError::InvalidFrontEnd(url.clone())),
            None => Ok(()),
        }
    }
}

crate::error_debug::debug_as_sentence!(OAuthSetupError);
