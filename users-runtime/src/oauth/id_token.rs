//! Id tokens, verified with the provider's published keys (OpenID Connect Core 1.0, 3.1.3.7; RFC 7517).

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use axum::body::Bytes;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use http::{Method, Request};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256,
    RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm,
};
use serde_json::Value;
use subtle::ConstantTimeEq as _;

use super::{Expectation, HttpClient, ProviderError, ProviderToken, provider::call};
use crate::token::unix_seconds;

/// How far the clocks may be apart, in seconds.
const LEEWAY: i64 = 60;
/// How long published keys are used before they are asked for again.
const FRESH: Duration = Duration::from_hours(1);
/// How often an unknown key makes us ask again.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where the keys are.
#[derive(Clone, Debug)]
pub(super) enum Keys {
    /// Published here.
    At(String),
    /// Nowhere, so that no id token can be verified.
    None,
}

/// The id tokens of one issuer.
pub(super) struct IdTokens {
    issuer: String,
    keys: Keys,
    cached: Mutex<Option<(Instant, Arc<Value>)>>,
}

impl IdTokens {
    pub(super) fn new(issuer: String, keys: Keys) -> Self {
        Self {
            issuer,
            keys,
            cached: Mutex::new(None),
        }
    }

    /// Verifies the id token that came with an access token; whom it is about, or `None` where none came and none must.
    pub(super) async fn verify(
        &self,
        http: &dyn HttpClient,
        token: &ProviderToken,
        expected: Expectation<'_>,
    ) -> Result<Option<String>, ProviderError> {
        self.claims(http, token, expected)
            .await?
            .as_ref()
            .map(subject)
            .transpose()
    }

    /// What the id token says, verified, or `None` where none came and none must.
    pub(super) async fn claims(
        &self,
        http: &dyn HttpClient,
        token: &ProviderToken,
        expected: Expectation<'_>,
    ) -> Result<Option<Value>, ProviderError> {
        let (Some(text), Keys::At(url)) = (
            token.answer.get("id_token").and_then(Value::as_str),
            &self.keys,
        ) else {
            let is_fine = !expected.id_token_required;
            return if is_fine {
                Ok(None)
            } else {
                Err(ProviderError::Answer(
                    "it has no id token that can be verified",
                ))
            };
        };
        let signed =
            Signed::parse(text).ok_or(ProviderError::Answer("its id token is malformed"))?;
        let known = self.known(http, url, FRESH).await?;
        let mut is_signed = signed.is_by(&known);
        if !is_signed {
            is_signed = signed.is_by(&*self.known(http, url, PATIENCE).await?);
        }
        if !is_signed {
            return Err(ProviderError::Answer(
                "its id token is not signed by one of its keys",
            ));
        }
        judge(&signed.claims, Some(&self.issuer), expected)?;
        Ok(Some(signed.claims))
    }

    /// The published keys, asked for again when those at hand are older than this.
    async fn known(
        &self,
        http: &dyn HttpClient,
        url: &str,
        oldest: Duration,
    ) -> Result<Arc<Value>, ProviderError> {
        let cached = self
            .cached
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some((since, keys)) = cached
            && since.elapsed() < oldest
        {
            return Ok(keys);
        }
        let keys = Arc::new(
            call(
                http,
                Request::builder().method(Method::GET).uri(url),
                Bytes::new(),
            )
            .await?,
        );
        *self.cached.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((Instant::now(), Arc::clone(&keys)));
        Ok(keys)
    }
}

/// Judges an id token that only the client's secret could verify: TLS brought it from the provider itself, which may stand in for
/// the signature (OpenID Connect Core 1.0, 3.1.3.7, 6). Whom it is about, or `None` where none came and none must.
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

fn subject(claims: &Value) -> Result<String, ProviderError> {
    let subject = claims.get("sub").and_then(Value::as_str).map(str::to_owned);
    subject.ok_or(ProviderError::Answer("its id token names nobody"))
}

/// Whether a token of this issuer is for this client, now, and in this flow.
fn judge(
    claims: &Value,
    issuer: Option<&str>,
    expected: Expectation<'_>,
) -> Result<(), ProviderError> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let now = i64::try_from(unix_seconds(SystemTime::now())).unwrap_or(i64::MAX);
    let expires = claims
        .get("exp")
        .and_then(Value::as_f64)
        .unwrap_or_default();
    let audience: Vec<_> = match claims.get("aud") {
        Some(Value::Array(audience)) => audience.iter().filter_map(Value::as_str).collect(),
        other => other.and_then(Value::as_str).into_iter().collect(),
    };
    let is_authorized =
        text("azp").map_or(audience.len() == 1, |party| party == expected.client_id);
    let has_nonce = expected.nonce.is_none_or(|nonce| {
        bool::from(
            text("nonce")
                .unwrap_or_default()
                .as_bytes()
                .ct_eq(nonce.as_bytes()),
        )
    });
    #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 fit")]
    let is_alive = expires > (now - LEEWAY) as f64;
    let wrong = if issuer.is_some_and(|issuer| text("iss") != Some(issuer)) {
        "its id token is another issuer's"
    } else if !audience.contains(&expected.client_id) || !is_authorized {
        "its id token is for somebody else"
    } else if !is_alive {
        "its id token has expired"
    } else if !has_nonce {
        "its id token is of another flow"
    } else {
        return Ok(());
    };
    Err(ProviderError::Answer(wrong))
}

/// A token that was taken apart; nothing in it is trusted before [`is_by`](Self::is_by).
struct Signed<'a> {
    message: &'a str,
    signature: Vec<u8>,
    algorithm: String,
    key_id: Option<String>,
    claims: Value,
}

impl<'a> Signed<'a> {
    fn parse(token: &'a str) -> Option<Self> {
        let (message, signature) = token.rsplit_once('.')?;
        let (header, claims) = message.split_once('.')?;
        let json = |part: &str| {
            serde_json::from_slice::<Value>(&BASE64_URL_SAFE_NO_PAD.decode(part).ok()?).ok()
        };
        let header = json(header)?;
        if header.get("crit").is_some() {
            return None;
        }
        Some(Self {
            message,
            signature: BASE64_URL_SAFE_NO_PAD.decode(signature).ok()?,
            algorithm: header.get("alg")?.as_str()?.to_owned(),
            key_id: header.get("kid").and_then(Value::as_str).map(str::to_owned),
            claims: json(claims)?,
        })
    }

    /// Whether one of the keys of a key set made the signature. A shared secret is no key, and `none` no algorithm.
    fn is_by(&self, keys: &Value) -> bool {
        let keys = keys
            .get("keys")
            .and_then(Value::as_array)
            .map_or(&[][..], Vec::as_slice);
        let text =
            |key: &Value, name: &str| key.get(name).and_then(Value::as_str).map(str::to_owned);
        keys.iter()
            .filter(|key| {
                self.key_id.is_none()
                    || text(key, "kid").is_none()
                    || text(key, "kid") == self.key_id
            })
            .filter(|key| text(key, "use").is_none_or(|purpose| purpose == "sig"))
            .filter(|key| text(key, "alg").is_none_or(|algorithm| algorithm == self.algorithm))
            .any(|key| self.is_by_key(key).unwrap_or(false))
    }

    fn is_by_key(&self, key: &Value) -> Option<bool> {
        let bytes = |name: &str| {
            BASE64_URL_SAFE_NO_PAD
                .decode(key.get(name)?.as_str()?.trim_end_matches('='))
                .ok()
        };
        let (kind, curve) = (
            key.get("kty")?.as_str()?,
            key.get("crv").and_then(Value::as_str),
        );
        match (&*self.algorithm, kind, curve) {
            ("RS256", "RSA", _) => {
                Some(self.is_by_rsa(&RSA_PKCS1_2048_8192_SHA256, bytes("n")?, bytes("e")?))
            }
            ("RS384", "RSA", _) => {
                Some(self.is_by_rsa(&RSA_PKCS1_2048_8192_SHA384, bytes("n")?, bytes("e")?))
            }
            ("RS512", "RSA", _) => {
                Some(self.is_by_rsa(&RSA_PKCS1_2048_8192_SHA512, bytes("n")?, bytes("e")?))
            }
            ("PS256", "RSA", _) => {
                Some(self.is_by_rsa(&RSA_PSS_2048_8192_SHA256, bytes("n")?, bytes("e")?))
            }
            ("ES256", "EC", Some("P-256")) => {
                Some(self.is_by_point(&ECDSA_P256_SHA256_FIXED, bytes("x")?, bytes("y")?))
            }
            ("ES384", "EC", Some("P-384")) => {
                Some(self.is_by_point(&ECDSA_P384_SHA384_FIXED, bytes("x")?, bytes("y")?))
            }
            ("EdDSA", "OKP", Some("Ed25519")) => Some(self.is_by_bytes(&ED25519, &bytes("x")?)),
            _ => None,
        }
    }

    fn is_by_rsa(&self, parameters: &'static RsaParameters, n: Vec<u8>, e: Vec<u8>) -> bool {
        RsaPublicKeyComponents { n, e }
            .verify(parameters, self.message.as_bytes(), &self.signature)
            .is_ok()
    }

    fn is_by_point(
        &self,
        algorithm: &'static dyn VerificationAlgorithm,
        x: Vec<u8>,
        y: Vec<u8>,
    ) -> bool {
        // SEC 1, 2.3.3: an uncompressed point.
        self.is_by_bytes(algorithm, &[vec![4], x, y].concat())
    }

    fn is_by_bytes(&self, algorithm: &'static dyn VerificationAlgorithm, key: &[u8]) -> bool {
        UnparsedPublicKey::new(algorithm, key)
            .verify(self.message.as_bytes(), &self.signature)
            .is_ok()
    }
}

#[cfg(test)]
#[path = "id_token_tests.rs"]
mod tests;
