//! What a cookie has besides its value.

/// When a browser sends a cookie along with requests that other sites cause.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SameSite {
    /// With links from other sites, not with forms or scripts of theirs.
    #[default]
    Lax,
    /// Never.
    Strict,
    /// Always. Browsers demand [`secure`](CookieAttributes::secure) then.
    None,
}

impl SameSite {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Lax => "lax",
            Self::Strict => "strict",
            Self::None => "none",
        }
    }
}

/// A cookie without its value (RFC 6265, section 4.1). The defaults are those of FastAPI Users' `CookieTransport`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CookieAttributes {
    /// The name, by default `fastapiusersauth`.
    pub name: String,
    /// For how many seconds a browser keeps the cookie; `None`, the default, until it is closed.
    pub max_age: Option<u64>,
    /// Under which path the browser sends it, by default `/`; an empty path is left out.
    pub path: String,
    /// To which domain and its subdomains; `None`, the default, to this host only. An empty domain is left out.
    pub domain: Option<String>,
    /// Over HTTPS only, which is the default.
    pub secure: bool,
    /// Out of reach of scripts, which is the default.
    pub http_only: bool,
    /// With which requests, by default [`SameSite::Lax`].
    pub same_site: SameSite,
}

impl Default for CookieAttributes {
    fn default() -> Self {
        Self {
            name: "fastapiusersauth".to_owned(),
            max_age: None,
            path: "/".to_owned(),
            domain: None,
            secure: true,
            http_only: true,
            same_site: SameSite::Lax,
        }
    }
}

impl CookieAttributes {
    /// The domain, unless it is left out.
    pub(super) fn domain(&self) -> Option<&str> {
        self.domain.as_deref().filter(|domain| !domain.is_empty())
    }
}
