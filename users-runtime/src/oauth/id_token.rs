//! Id tokens and signed user info, verified with the provider's published keys or the client's secret (OpenID Connect Core 1.0,
//! 3.1.3.7 and 5.3.4).

use std::{
    borrow::Cow,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use axum::body::Bytes;
use http::{Method, Request};
use serde_json::Value;
use subtle::ConstantTimeEq as _;

use super::{
    Expectation, HttpClient, ProviderError, ProviderToken,
    fetching::Fetching,
    jws::{Signed, SigningAlgorithm},
    provider::call,
};
use crate::token::unix_seconds;

/// How far the clocks may be apart, in seconds.
const LEEWAY: i64 = 60;
/// How long published keys are used before they are asked for again.
const FRESH: Duration = Duration::from_hours(1);
/// How often an unknown key makes us ask again.
const PATIENCE: Duration = Duration::from_secs(30);
/// What stands for the tenant in an issuer of many tenants, as Microsoft writes it.
pub(super) const TENANT: &str = "{tenantid}";

/// What the tokens of a provider must be like.
#[derive(Clone, Copy)]
pub(super) struct TokenRules<'a> {
    pub(super) issuer: Issuer<'a>,
    /// Where its keys are published, if it publishes any.
    pub(super) keys: Option<&'a str>,
    /// How it may sign.
    pub(super) algorithms: &'a [SigningAlgorithm],
    /// Whether an id token may lack the nonce that was sent. Another nonce is refused anyway.
    pub(super) nonce_may_be_missing: bool,
}

impl<'a> TokenRules<'a> {
    /// The default: this issuer, one of its published keys, the nonce that was sent.
    pub(super) const fn new(issuer: &'a str, keys: Option<&'a str>) -> Self {
        Self {
            issuer: Issuer::One(issuer),
            keys,
            algorithms: SigningAlgorithm::PUBLISHED,
            nonce_may_be_missing: false,
        }
    }
}

/// Who issues a provider's tokens.
#[derive(Clone, Copy)]
pub(super) enum Issuer<'a> {
    One(&'a str),
    /// This template with the id of one of these tenants; `None` accepts every tenant.
    Tenants(&'a str, Option<&'a [String]>),
}

impl Issuer<'_> {
    /// What these claims must name as their issuer.
    fn of(&self, claims: &Value) -> Result<Cow<'_, str>, ProviderError> {
        let (template, listed) = match self {
            Self::One(issuer) => return Ok(Cow::Borrowed(issuer)),
            Self::Tenants(template, listed) => (template, listed),
        };
        let is_id = |id: &&str| {
            !id.is_empty()
                && id
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        let tenant = claims
            .get("tid")
            .and_then(Value::as_str)
            .filter(is_id)
            .ok_or(ProviderError::Answer("its token names no tenant"))?;
        let is_listed = |listed: &[String]| listed.iter().any(|id| id.eq_ignore_ascii_case(tenant));
        if listed.is_none_or(is_listed) {
            Ok(Cow::Owned(template.replace(TENANT, tenant)))
        } else {
            Err(ProviderError::Answer(
                "its token is of a tenant that is not accepted: add it to `tenants`",
            ))
        }
    }

    /// Whether a key may sign tokens of these claims. Microsoft says of each key whose tokens it signs, and a key of one tenant
    /// must not vouch for another.
    fn has_key(&self, key: &Value, claims: &Value) -> bool {
        match (self, key.get("issuer").and_then(Value::as_str)) {
            (Self::One(_), _) | (_, None) => true,
            (Self::Tenants(..), Some(of_key)) => {
                let tenant = claims
                    .get("tid")
                    .and_then(Value::as_str)
                    .unwrap_or_default();
                claims.get("iss").and_then(Value::as_str) == Some(&of_key.replace(TENANT, tenant))
            }
        }
    }
}

/// The tokens of one provider, with its keys as they were published last.
#[derive(Default)]
pub(super) struct IdTokens {
    cached: Mutex<Option<(Instant, Arc<Value>)>>,
    fetching: Fetching,
}

impl IdTokens {
    /// What the id token that came with an access token says, verified, or `None` where none came and none must.
    pub(super) async fn claims(
        &self,
        http: &dyn HttpClient,
        token: &ProviderToken,
        rules: TokenRules<'_>,
        expected: Expectation<'_>,
    ) -> Result<Option<Value>, ProviderError> {
        let text = token.answer.get("id_token").and_then(Value::as_str);
        let is_verifiable = rules.keys.is_some()
            || rules
                .algorithms
                .iter()
                .any(|algorithm| algorithm.is_by_secret());
        let Some(text) = text.filter(|_| is_verifiable) else {
            return if expected.id_token_required {
                Err(ProviderError::Answer(
                    "it has no id token that can be verified",
                ))
            } else {
                Ok(None)
            };
        };
        let signed =
            Signed::parse(text).ok_or(ProviderError::Answer("its id token is malformed"))?;
        self.check_signature(http, &signed, rules, expected).await?;
        let issuer = rules.issuer.of(&signed.claims)?;
        let expected_nonce = expected
            .nonce
            .filter(|_| !rules.nonce_may_be_missing || signed.claims.get("nonce").is_some());
        let expected = Expectation {
            nonce: expected_nonce,
            ..expected
        };
        judge(&signed.claims, Some(&issuer), expected)?;
        Ok(Some(signed.claims))
    }

    /// What an id token says that a client has brought, verified. The nonce that is expected must be there.
    pub(super) async fn brought(
        &self,
        http: &dyn HttpClient,
        text: &str,
        rules: TokenRules<'_>,
        expected: Expectation<'_>,
    ) -> Result<Value, ProviderError> {
        let token = ProviderToken {
            access_token: String::new(),
            expires_at: None,
            refresh_token: None,
            answer: serde_json::json!({ "id_token": text }),
        };
        let rules = TokenRules {
            nonce_may_be_missing: false,
            ..rules
        };
        let expected = Expectation {
            id_token_required: true,
            ..expected
        };
        let claims = self.claims(http, &token, rules, expected).await?;
        claims.ok_or(ProviderError::Answer("it has no id token"))
    }

    /// What user info that is a token says, verified. It need not name issuer and audience, but those that it names must fit.
    pub(super) async fn user_info(
        &self,
        http: &dyn HttpClient,
        text: &str,
        rules: TokenRules<'_>,
        expected: Expectation<'_>,
    ) -> Result<Value, ProviderError> {
        let signed = Signed::parse(text)
            .ok_or(ProviderError::Answer("its user info is not a signed token"))?;
        self.check_signature(http, &signed, rules, expected).await?;
        let claims = signed.claims;
        let issuer = claims.get("iss").and_then(Value::as_str);
        let is_its = match (rules.issuer, issuer) {
            (_, None) => true,
            (Issuer::One(expected), Some(issuer)) => issuer == expected,
            (Issuer::Tenants(..), Some(issuer)) => issuer == rules.issuer.of(&claims)?,
        };
        let is_for_client =
            claims.get("aud").is_none() || audience(&claims).contains(&expected.client_id);
        let is_alive = claims.get("exp").is_none() || is_alive(&claims);
        if is_its && is_for_client && is_alive {
            Ok(claims)
        } else {
            Err(ProviderError::Answer(
                "its user info is of another issuer, for another client, or has expired",
            ))
        }
    }

    async fn check_signature(
        &self,
        http: &dyn HttpClient,
        signed: &Signed<'_>,
        rules: TokenRules<'_>,
        expected: Expectation<'_>,
    ) -> Result<(), ProviderError> {
        let algorithm = signed
            .algorithm(rules.algorithms)
            .ok_or(ProviderError::Answer(
                "its token is signed by an algorithm that is not accepted: name it with `signed_with`",
            ))?;
        if algorithm.is_by_secret() {
            return if signed.is_by_secret(expected.client_secret) {
                Ok(())
            } else {
                Err(ProviderError::Answer(
                    "its token is not signed with the client's secret",
                ))
            };
        }
        let url = rules
            .keys
            .ok_or(ProviderError::Answer("it publishes no keys"))?;
        let accepts = |key: &Value| rules.issuer.has_key(key, &signed.claims);
        for oldest in [FRESH, PATIENCE] {
            let keys = self.keys(http, url, oldest).await?;
            if signed.is_by_published(&keys, accepts) {
                return Ok(());
            }
        }
        Err(ProviderError::Answer(
            "its token is not signed by one of its keys",
        ))
    }

    /// The published keys, asked for again when those at hand are older than this; by one login at a time.
    async fn keys(
        &self,
        http: &dyn HttpClient,
        url: &str,
        oldest: Duration,
    ) -> Result<Arc<Value>, ProviderError> {
        let cached = || self.cached.lock().unwrap_or_else(PoisonError::into_inner);
        let known = || {
            let cached = cached().clone();
            cached
                .filter(|(since, _)| since.elapsed() < oldest)
                .map(|(_, keys)| keys)
        };
        let fetch = async {
            let request = Request::builder().method(Method::GET).uri(url);
            let keys = Arc::new(call(http, request, Bytes::new()).await?);
            if !keys.get("keys").is_some_and(Value::is_array) {
                return Err(ProviderError::Answer("it is not a set of keys"));
            }
            *cached() = Some((Instant::now(), Arc::clone(&keys)));
            Ok(keys)
        };
        self.fetching.once(known, fetch).await
    }
}

/// Validates an id token that only the client's secret could verify: TLS brought it from the provider itself, which may stand in
/// for the signature (OpenID Connect Core 1.0, 3.1.3.7, 6). Whom it is about, or `None` where none came and none must.
pub(super) fn brought_by_tls(
    token: &ProviderToken,
    expected: Expectation<'_>,
) -> Result<Option<String>, ProviderError> {
    match token.answer.get("id_token").and_then(Value::as_str) {
        Some(text) => {
            let signed =
                Signed::parse(text).ok_or(ProviderError::Answer("its id token is malformed"))?;
            judge(&signed.claims, None, expected)?;
            subject(&signed.claims).map(Some)
        }
        None if expected.id_token_required => Err(ProviderError::Answer("it has no id token")),
        None => Ok(None),
    }
}

/// Whom an id token is about.
pub(super) fn subject(claims: &Value) -> Result<String, ProviderError> {
    let subject = claims.get("sub").and_then(Value::as_str).map(str::to_owned);
    subject.ok_or(ProviderError::Answer("its id token names no user"))
}

/// Whether a token of this issuer is for this client, now, and in this flow.
fn judge(
    claims: &Value,
    issuer: Option<&str>,
    expected: Expectation<'_>,
) -> Result<(), ProviderError> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let audience = audience(claims);
    let is_client = |id: &str| {
        id == expected.client_id || expected.other_clients.iter().any(|other| other == id)
    };
    let is_authorized = text("azp").map_or(audience.len() == 1, is_client);
    let has_nonce = expected.nonce.is_none_or(|nonce| {
        bool::from(
            text("nonce")
                .unwrap_or_default()
                .as_bytes()
                .ct_eq(nonce.as_bytes()),
        )
    });
    let wrong = if issuer.is_some_and(|issuer| text("iss") != Some(issuer)) {
        "its id token is another issuer's"
    } else if !audience.iter().any(|id| is_client(id)) || !is_authorized {
        "its id token is for another client"
    } else if !is_alive(claims) {
        "its id token has expired"
    } else if !has_nonce {
        "its id token is of another flow"
    } else {
        return Ok(());
    };
    Err(ProviderError::Answer(wrong))
}

fn audience(claims: &Value) -> Vec<&str> {
    match claims.get("aud") {
        Some(Value::Array(audience)) => audience.iter().filter_map(Value::as_str).collect(),
        other => other.and_then(Value::as_str).into_iter().collect(),
    }
}

fn is_alive(claims: &Value) -> bool {
    let now = i64::try_from(unix_seconds(SystemTime::now())).unwrap_or(i64::MAX);
    let expires = claims
        .get("exp")
        .and_then(Value::as_f64)
        .unwrap_or_default();
    #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 fit")]
    let oldest = (now - LEEWAY) as f64;
    expires > oldest
}

#[cfg(test)]
#[path = "id_token_tests.rs"]
pub(super) mod tests;
