//! Signed JSON of providers (RFC 7515), checked with published keys (RFC 7517) or the client's secret.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use ring::{
    hmac,
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256,
        RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256,
        RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512, RsaParameters, RsaPublicKeyComponents,
        UnparsedPublicKey, VerificationAlgorithm,
    },
};
use serde_json::Value;

/// How an OpenID provider signs id tokens and user info (RFC 7518, 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SigningAlgorithm {
    /// RSA PKCS #1 with SHA-256, which every provider has.
    Rs256,
    /// RSA PKCS #1 with SHA-384.
    Rs384,
    /// RSA PKCS #1 with SHA-512.
    Rs512,
    /// RSA-PSS with SHA-256.
    Ps256,
    /// RSA-PSS with SHA-384.
    Ps384,
    /// RSA-PSS with SHA-512.
    Ps512,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
    /// Ed25519.
    EdDsa,
    /// HMAC with SHA-256, whose key is the client's secret.
    Hs256,
    /// HMAC with SHA-384, whose key is the client's secret.
    Hs384,
    /// HMAC with SHA-512, whose key is the client's secret.
    Hs512,
}

impl SigningAlgorithm {
    /// Those whose keys a provider publishes.
    pub(super) const PUBLISHED: &'static [Self] = &[
        Self::Rs256,
        Self::Rs384,
        Self::Rs512,
        Self::Ps256,
        Self::Ps384,
        Self::Ps512,
        Self::Es256,
        Self::Es384,
        Self::EdDsa,
    ];

    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "RS256" => Self::Rs256,
            "RS384" => Self::Rs384,
            "RS512" => Self::Rs512,
            "PS256" => Self::Ps256,
            "PS384" => Self::Ps384,
            "PS512" => Self::Ps512,
            "ES256" => Self::Es256,
            "ES384" => Self::Es384,
            // RFC 9864, 2.2: the second is the name since 2025.
            "EdDSA" | "Ed25519" => Self::EdDsa,
            "HS256" => Self::Hs256,
            "HS384" => Self::Hs384,
            "HS512" => Self::Hs512,
            _ => return None,
        })
    }

    /// Whether its key is the client's secret.
    pub(super) const fn is_by_secret(self) -> bool {
        matches!(self, Self::Hs256 | Self::Hs384 | Self::Hs512)
    }
}

/// A token that was taken apart; nothing in it is trusted before its signature was checked.
pub(super) struct Signed<'a> {
    message: &'a str,
    signature: Vec<u8>,
    algorithm: Option<SigningAlgorithm>,
    key_id: Option<String>,
    pub(super) claims: Value,
}

impl<'a> Signed<'a> {
    pub(super) fn parse(token: &'a str) -> Option<Self> {
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
            algorithm: SigningAlgorithm::of(header.get("alg")?.as_str()?),
            key_id: header.get("kid").and_then(Value::as_str).map(str::to_owned),
            claims: json(claims)?,
        })
    }

    /// The algorithm that it names, where it is one of these.
    pub(super) fn algorithm(&self, accepted: &[SigningAlgorithm]) -> Option<SigningAlgorithm> {
        self.algorithm
            .filter(|algorithm| accepted.contains(algorithm))
    }

    /// Whether one of the keys of a key set made the signature. A shared secret in the set is not a key.
    pub(super) fn is_by_published(&self, keys: &Value, accepts: impl Fn(&Value) -> bool) -> bool {
        let keys = keys
            .get("keys")
            .and_then(Value::as_array)
            .map_or(&[][..], Vec::as_slice);
        keys.iter()
            .filter(|key| self.may_be_by(key) && accepts(key))
            .any(|key| self.is_by_key(key).unwrap_or(false))
    }

    /// Whether a key is the one that the header names, and made for this algorithm and for signatures.
    fn may_be_by(&self, key: &Value) -> bool {
        let text = |name: &str| key.get(name).and_then(Value::as_str);
        let names_key = match (self.key_id.as_deref(), text("kid")) {
            (Some(wanted), Some(name)) => wanted == name,
            _ => true,
        };
        let verifies = key
            .get("key_ops")
            .and_then(Value::as_array)
            .is_none_or(|purposes| purposes.iter().any(|purpose| purpose == "verify"));
        names_key
            && verifies
            && text("use").is_none_or(|purpose| purpose == "sig")
            && text("alg").is_none_or(|algorithm| SigningAlgorithm::of(algorithm) == self.algorithm)
    }

    fn is_by_key(&self, key: &Value) -> Option<bool> {
        use SigningAlgorithm as A;

        let text = |name: &str| key.get(name).and_then(Value::as_str);
        let number = |name: &str| {
            let bytes = BASE64_URL_SAFE_NO_PAD
                .decode(text(name)?.trim_end_matches('='))
                .ok()?;
            // RFC 7518, 2: a number has no zero in front, but some libraries write the one of its sign.
            let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
            Some(bytes[zeros..].to_vec())
        };
        // RFC 7518, 6.2.1.2: a coordinate has every zero in front, but some libraries leave them out.
        let coordinate = |name: &str, length: usize| {
            let number = number(name)?;
            let zeros = length.checked_sub(number.len())?;
            Some([vec![0; zeros], number].concat())
        };
        let rsa = |parameters| Some(self.is_by_rsa(parameters, number("n")?, number("e")?));
        let point = |algorithm, length| {
            let (x, y) = (coordinate("x", length)?, coordinate("y", length)?);
            // SEC 1, 2.3.3: an uncompressed point.
            Some(self.is_by_bytes(algorithm, &[vec![4], x, y].concat()))
        };
        match (self.algorithm?, text("kty")?, text("crv")) {
            (A::Rs256, "RSA", _) => rsa(&RSA_PKCS1_2048_8192_SHA256),
            (A::Rs384, "RSA", _) => rsa(&RSA_PKCS1_2048_8192_SHA384),
            (A::Rs512, "RSA", _) => rsa(&RSA_PKCS1_2048_8192_SHA512),
            (A::Ps256, "RSA", _) => rsa(&RSA_PSS_2048_8192_SHA256),
            (A::Ps384, "RSA", _) => rsa(&RSA_PSS_2048_8192_SHA384),
            (A::Ps512, "RSA", _) => rsa(&RSA_PSS_2048_8192_SHA512),
            (A::Es256, "EC", Some("P-256")) => point(&ECDSA_P256_SHA256_FIXED, 32),
            (A::Es384, "EC", Some("P-384")) => point(&ECDSA_P384_SHA384_FIXED, 48),
            (A::EdDsa, "OKP", Some("Ed25519")) => {
                let key = BASE64_URL_SAFE_NO_PAD
                    .decode(text("x")?.trim_end_matches('='))
                    .ok()?;
                Some(self.is_by_bytes(&ED25519, &key))
            }
            _ => None,
        }
    }

    fn is_by_rsa(&self, parameters: &'static RsaParameters, n: Vec<u8>, e: Vec<u8>) -> bool {
        RsaPublicKeyComponents { n, e }
            .verify(parameters, self.message.as_bytes(), &self.signature)
            .is_ok()
    }

    fn is_by_bytes(&self, algorithm: &'static dyn VerificationAlgorithm, key: &[u8]) -> bool {
        UnparsedPublicKey::new(algorithm, key)
            .verify(self.message.as_bytes(), &self.signature)
            .is_ok()
    }

    /// Whether the client's secret made the signature. Without a secret anybody could have made it.
    pub(super) fn is_by_secret(&self, secret: &str) -> bool {
        let algorithm = match self.algorithm {
            Some(SigningAlgorithm::Hs256) => hmac::HMAC_SHA256,
            Some(SigningAlgorithm::Hs384) => hmac::HMAC_SHA384,
            Some(SigningAlgorithm::Hs512) => hmac::HMAC_SHA512,
            _ => return false,
        };
        let key = hmac::Key::new(algorithm, secret.as_bytes());
        !secret.is_empty() && hmac::verify(&key, self.message.as_bytes(), &self.signature).is_ok()
    }
}

#[cfg(test)]
#[path = "jws_tests.rs"]
mod tests;
