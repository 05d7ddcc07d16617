//! What an OpenID provider says about itself (OpenID Connect Discovery 1.0), and whether it may be believed.

use std::net::{Ipv4Addr, Ipv6Addr};

use axum::body::Bytes;
use http::{Method, Request, Uri};
use serde_json::Value;

use super::{ClientAuth, HttpClient, HttpError, ProviderError, id_token::TENANT, provider::call};

/// Where a provider describes itself.
const WELL_KNOWN: &str = "/.well-known/";

/// Where a provider is asked, and the issuer that is expected there.
pub(super) struct Address {
    url: String,
    issuer: String,
}

impl Address {
    /// The address of an issuer, or of the description itself.
    pub(super) fn new(issuer: &str) -> Self {
        if let Some((issuer_alone, _)) = issuer.split_once(WELL_KNOWN) {
            return Self {
                url: issuer.to_owned(),
                issuer: issuer_alone.to_owned(),
            };
        }
        let issuer = issuer.trim_end_matches('/').to_owned();
        Self {
            url: format!("{issuer}{WELL_KNOWN}openid-configuration"),
            issuer,
        }
    }

    pub(super) async fn fetch(&self, http: &dyn HttpClient) -> Result<Description, ProviderError> {
        let request = Request::builder().method(Method::GET).uri(&self.url);
        Description::new(&call(http, request, Bytes::new()).await?, &self.issuer)
    }

    /// Whether it is safe to ask there.
    pub(super) fn check(&self) -> Result<(), ProviderError> {
        if is_secure(&self.url) {
            Ok(())
        } else {
            Err(ProviderError::Configuration(
                "its address is not `https`: correct it, or call `allow_http` for a network that you trust",
            ))
        }
    }
}

/// What a provider says about itself.
pub(super) struct Description {
    pub(super) issuer: String,
    pub(super) authorize: String,
    pub(super) token: String,
    pub(super) user_info: Option<String>,
    pub(super) keys: Option<String>,
    /// How the client may authenticate; `None` where the provider takes no secret.
    pub(super) auth: Option<ClientAuth>,
    pub(super) has_pkce: bool,
    /// Whether it names itself in what browsers bring back.
    pub(super) names_itself: bool,
}

impl Description {
    fn new(found: &Value, issuer: &str) -> Result<Self, ProviderError> {
        let text = |name: &str| found.get(name).and_then(Value::as_str).map(str::to_owned);
        let endpoint = |name: &str| text(name).ok_or(ProviderError::Answer("it lacks an endpoint"));
        let methods = found
            .get("code_challenge_methods_supported")
            .and_then(Value::as_array);
        Ok(Self {
            // Every provider names its issuer; where one does not, its address is what its id tokens must name.
            issuer: text("issuer").unwrap_or_else(|| issuer.to_owned()),
            authorize: endpoint("authorization_endpoint")?,
            token: endpoint("token_endpoint")?,
            user_info: text("userinfo_endpoint"),
            keys: text("jwks_uri"),
            auth: auth(found),
            has_pkce: methods.is_some_and(|methods| methods.iter().any(|method| method == "S256")),
            names_itself: found.get("authorization_response_iss_parameter_supported")
                == Some(&Value::Bool(true)),
        })
    }

    /// Whether its issuer is a template with the id of a tenant.
    pub(super) fn has_tenants(&self) -> bool {
        self.issuer.contains(TENANT)
    }

    /// Whether it names the issuer that is expected: this one, or that of the address where it was asked. The latter may be one of
    /// the template's.
    pub(super) fn check_issuer(
        &self,
        expected: Option<&str>,
        asked: &Address,
        tenants_accepted: bool,
    ) -> Result<(), ProviderError> {
        let named = self.issuer.trim_end_matches('/');
        let is_expected = if let Some(expected) = expected {
            named == expected.trim_end_matches('/')
        } else {
            let asked = asked.issuer.trim_end_matches('/');
            named == asked || (tenants_accepted && is_of_template(named, asked))
        };
        let wrong = if self.has_tenants() && !tenants_accepted {
            "its issuer is a template for many tenants: list those that you accept with `tenants`, or call `all_tenants`"
        } else if !is_expected {
            "it names another issuer than its address: correct the address, or name the issuer with `issuer`"
        } else {
            return Ok(());
        };
        Err(ProviderError::Configuration(wrong))
    }

    /// Whether each of its endpoints is safe to ask.
    pub(super) fn check_endpoints(&self) -> Result<(), ProviderError> {
        let optional = [&self.user_info, &self.keys];
        let mut endpoints = [&self.authorize, &self.token]
            .into_iter()
            .chain(optional.into_iter().flatten());
        if endpoints.all(|url| is_secure(url)) {
            Ok(())
        } else {
            Err(ProviderError::Configuration(
                "it names an endpoint that is not `https`: correct it there, or call `allow_http` for a network that you trust",
            ))
        }
    }
}

/// Whether an issuer is what a template is with the id of some tenant.
fn is_of_template(template: &str, issuer: &str) -> bool {
    let tenant = template
        .split_once(TENANT)
        .and_then(|(before, after)| issuer.strip_prefix(before)?.strip_suffix(after));
    tenant.is_some_and(|tenant| !tenant.is_empty() && !tenant.contains('/'))
}

/// The first way to authenticate that both sides know, as the provider lists them; without a list it is the header.
fn auth(found: &Value) -> Option<ClientAuth> {
    let Some(methods) = found
        .get("token_endpoint_auth_methods_supported")
        .and_then(Value::as_array)
    else {
        return Some(ClientAuth::Basic);
    };
    methods.iter().find_map(|method| match method.as_str() {
        Some("client_secret_basic") => Some(ClientAuth::Basic),
        Some("client_secret_post") => Some(ClientAuth::Body),
        _ => None,
    })
}

/// Whether requests to this address cannot be read or changed in transit: TLS, or this machine.
fn is_secure(url: &str) -> bool {
    let Ok(url) = url.parse::<Uri>() else {
        return false;
    };
    let host = url.host().unwrap_or_default();
    let is_loopback = host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<Ipv4Addr>()
            .is_ok_and(|address| address.is_loopback())
        || host
            .trim_matches(['[', ']'])
            .parse::<Ipv6Addr>()
            .is_ok_and(|address| address.is_loopback());
    match url.scheme_str() {
        Some("https") => !host.is_empty(),
        Some("http") => is_loopback,
        _ => false,
    }
}

/// Whether an error may be over when the provider is asked again.
pub(super) fn is_temporary(error: &ProviderError) -> bool {
    match error {
        ProviderError::Http(HttpError::Unreachable(_)) => true,
        ProviderError::Status { status } => {
            status.is_server_error() || matches!(status.as_u16(), 408 | 425 | 429)
        }
        _ => false,
    }
}
