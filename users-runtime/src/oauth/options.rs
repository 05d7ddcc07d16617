//! How the routes of a provider behave.

use crate::{
    oauth::OAuthClient,
    transport::cookie_header::{CookieAttributes, InvalidCookie, SameSite},
};

/// Why the routes of a provider cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OAuthSetupError {
    /// There is no backend of this name.
    #[error("there is no backend named `{0}` to log users in with")]
    UnknownBackend(String),
    /// The store holds no OAuth accounts.
    #[error("the store holds no OAuth accounts")]
    NoAccounts,
    /// A user who comes from a provider would have no value for a field.
    #[error(
        "the field `{0}` has no value for users who come from a provider: give it a `default`, or make it an `Option`"
    )]
    FieldWithoutDefault(&'static str),
    /// The CSRF cookie cannot be written.
    #[error("the CSRF cookie cannot be written: {0}")]
    InvalidCookie(#[from] InvalidCookie),
    /// The provider cannot be used as it is configured, or as it describes itself.
    #[error("the provider `{name}` cannot be used: {error}")]
    Provider {
        /// The provider's name.
        name: String,
        /// What is wrong with it.
        #[source]
        error: crate::oauth::ProviderError,
    },
    /// `trusts_addresses` with a provider whose addresses prove nothing.
    #[error(
        "`trusts_addresses` cannot be used with the provider `{0}`: anybody can have any address there, so leave it out"
    )]
    UntrustworthyAddresses(String),
    /// A parameter that was added to the authorization page belongs to the protocol.
    #[error(
        "`{0}` is a parameter of the protocol: remove it from `authorize_param` (scopes are given to `OAuth::scopes`)"
    )]
    ReservedParameter(String),
    /// A front-end address is no absolute URL.
    #[error("`{0}` is no absolute URL of a front end: write `https://app.example.com/…`")]
    InvalidFrontEnd(String),
}

/// A client and how its routes behave. The defaults are FastAPI Users'.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own that a method switches"
)]
pub struct OAuth {
    pub(crate) client: OAuthClient,
    pub(crate) redirect_url: Option<String>,
    pub(crate) associate_redirect_url: Option<String>,
    pub(crate) scopes: Option<Vec<String>>,
    pub(crate) associate_by_email: bool,
    pub(crate) is_verified_by_default: bool,
    pub(crate) trusts_addresses: bool,
    pub(crate) requires_verification: bool,
    pub(crate) csrf: CookieAttributes,
    pub(crate) front_ends: Vec<String>,
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
            associate_by_email: false,
            is_verified_by_default: false,
            trusts_addresses: false,
            requires_verification: false,
            csrf,
            front_ends: Vec::new(),
        }
    }

    /// Where the provider sends the browser back to: the absolute URL of the callback. The default is the callback's own path at
    /// the host that the request names, over `http`; behind a proxy that ends TLS, give it here.
    #[must_use]
    pub fn redirect_url(mut self, url: impl Into<String>) -> Self {
        self.redirect_url = Some(url.into());
        self
    }

    /// The same for linking an account, whose callback is another one. The default is [`redirect_url`](Self::redirect_url),
    /// where that is given.
    #[must_use]
    pub fn associate_redirect_url(mut self, url: impl Into<String>) -> Self {
        self.associate_redirect_url = Some(url.into());
        self
    }

    /// What is asked for unless the request says otherwise. The default is the provider's own.
    #[must_use]
    pub fn scopes<T: Into<String>>(mut self, scopes: impl IntoIterator<Item = T>) -> Self {
        self.scopes = Some(scopes.into_iter().map(Into::into).collect());
        self
    }

    /// Whether an account is linked to the user who has its e-mail address. The default is no, and such a login is refused.
    ///
    /// Switch it on only for providers that verify addresses: whoever controls an address there becomes the user here. Outside of
    /// the compatibility preset the provider must say that it has verified the address (or
    /// [`trusts_addresses`](Self::trusts_addresses) says so for it), and a user whose own address was never verified loses password,
    /// sessions and linked accounts first, since somebody else may have registered it in advance.
    #[must_use]
    pub const fn associate_by_email(mut self, associate: bool) -> Self {
        self.associate_by_email = associate;
        self
    }

    /// Whether new users who come from this provider count as verified. The default is no.
    #[must_use]
    pub const fn is_verified_by_default(mut self, verified: bool) -> Self {
        self.is_verified_by_default = verified;
        self
    }

    /// Whether the provider verifies every address, although its API does not say so. The default is no.
    #[must_use]
    pub const fn trusts_addresses(mut self, trusts: bool) -> Self {
        self.trusts_addresses = trusts;
        self
    }

    /// Whether only verified users may link accounts. The default is no.
    #[must_use]
    pub const fn requires_verification(mut self, required: bool) -> Self {
        self.requires_verification = required;
        self
    }

    /// The name of the CSRF cookie. The default is `fastapiusersoauthcsrf`.
    #[must_use]
    pub fn csrf_cookie_name(mut self, name: impl Into<String>) -> Self {
        self.csrf.name = name.into();
        self
    }

    /// Under which path browsers send the CSRF cookie. The default is `/`.
    #[must_use]
    pub fn csrf_cookie_path(mut self, path: impl Into<String>) -> Self {
        self.csrf.path = path.into();
        self
    }

    /// To which domain browsers send the CSRF cookie. The default is this host only.
    #[must_use]
    pub fn csrf_cookie_domain(mut self, domain: impl Into<String>) -> Self {
        self.csrf.domain = Some(domain.into());
        self
    }

    /// Whether the CSRF cookie travels over HTTPS only. The default is yes.
    #[must_use]
    pub const fn csrf_cookie_secure(mut self, secure: bool) -> Self {
        self.csrf.secure = secure;
        self
    }

    /// Whether the CSRF cookie is out of reach of scripts. The default is yes.
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

    /// Lets browser applications be returned to: `…/authorize?next=URL` with exactly this URL makes the callback answer with a
    /// redirect there instead of with JSON.
    ///
    /// A cookie backend sets its cookie on the way; what a bearer backend answers, and the code of a refusal, is appended as the
    /// fragment (`#access_token=…`, `#error=…`), which is sent to no server. What the front end gives along as `&extra=…` (512 bytes
    /// at most) comes back there as well. Call it once for every URL. The default is none.
    #[must_use]
    pub fn front_end(mut self, url: impl Into<String>) -> Self {
        self.front_ends.push(url.into());
        self
    }

    /// Whether the options make sense.
    pub(crate) fn check(&self) -> Result<(), OAuthSetupError> {
        self.csrf.validate()?;
        let is_absolute = |url: &str| {
            url.parse::<http::Uri>()
                .is_ok_and(|url| url.scheme().is_some() && url.host().is_some())
                && !url.contains('#')
        };
        match self.front_ends.iter().find(|url| !is_absolute(url)) {
            Some(url) => Err(OAuthSetupError::InvalidFrontEnd(url.clone())),
            None => Ok(()),
        }
    }
}
