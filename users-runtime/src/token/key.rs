//! Keys that sign tokens and keys that verify them.

use std::fmt;
#[cfg(feature = "jwt-asymmetric")]
use std::sync::Arc;

use hmac::{Hmac, KeyInit as _, Mac as _, digest};
use sha2::Sha256;

#[cfg(feature = "jwt-asymmetric")]
use super::{
    InvalidKey,
    asymmetric::{KeyPair, PublicKey},
};
use super::{SigningError, WeakSecret, guessable::is_guessable};
use crate::wire::json::{self, Json};

/// A key that signs tokens with one algorithm. `Debug` shows the algorithm only.
#[derive(Clone)]
pub struct SigningKey {
    signing: Signing,
    weakness: Option<WeakSecret>,
}

/// A key that verifies tokens of one algorithm; a token with another one is not even tried. `Debug` shows the algorithm only.
#[derive(Clone)]
pub struct VerifyingKey {
    verifying: Verifying,
    mac: Option<MacKey>,
}

/// Authenticates messages that are no tokens.
#[derive(Clone)]
pub(crate) struct MacKey(Hmac<Sha256>);

#[derive(Clone)]
enum Signing {
    Hs256(Hmac<Sha256>),
    #[cfg(feature = "jwt-asymmetric")]
    KeyPair(Arc<KeyPair>),
}

#[derive(Clone)]
enum Verifying {
    Hs256(Hmac<Sha256>),
    #[cfg(feature = "jwt-asymmetric")]
    Public(Arc<PublicKey>),
}

/// RFC 7518, section 3.2: a key at least as long as the hash.
const LEAST_SECRET_BYTES: usize = 32;

fn weakness(secret: &[u8]) -> Option<WeakSecret> {
    match secret.len() {
        bytes @ ..LEAST_SECRET_BYTES => Some(WeakSecret::Short { bytes }),
        _ => is_guessable(secret).then_some(WeakSecret::Guessable),
    }
}

impl SigningKey {
    /// HS256 with this secret.
    ///
    /// # Errors
    ///
    /// When the secret has fewer than 32 bytes, or is no secret.
    pub fn hs256(secret: impl AsRef<[u8]>) -> Result<Self, WeakSecret> {
        let secret = secret.as_ref();
        match secret.len() {
            bytes @ 1..LEAST_SECRET_BYTES => Err(WeakSecret::Short { bytes }),
            _ => Self::hs256_of_any_length(secret),
        }
    }

    /// HS256 with this secret, which may be short, as in FastAPI Users: anyone who sees one token can then try secrets at
    /// leisure.
    ///
    /// # Errors
    ///
    /// When the secret is empty, or is no secret.
    pub fn hs256_of_any_length(secret: impl AsRef<[u8]>) -> Result<Self, WeakSecret> {
        let secret = secret.as_ref();
        if secret.is_empty() {
            Err(WeakSecret::Empty)
        } else if looks_like_a_key(secret) {
            Err(WeakSecret::Key)
        } else {
            Ok(Self {
                signing: Signing::Hs256(mac(secret)),
                weakness: weakness(secret),
            })
        }
    }

    /// RS256 with an RSA key of 2048 to 4096 bits, in PEM form (PKCS #1 or PKCS #8).
    #[cfg(feature = "jwt-asymmetric")]
    pub fn rs256_pem(private_key: impl AsRef<[u8]>) -> Result<Self, InvalidKey> {
        KeyPair::rs256(private_key.as_ref()).map(Self::key_pair)
    }

    /// ES256 with a key on the curve P-256, in PEM form (PKCS #8).
    #[cfg(feature = "jwt-asymmetric")]
    pub fn es256_pem(private_key: impl AsRef<[u8]>) -> Result<Self, InvalidKey> {
        KeyPair::es256(private_key.as_ref()).map(Self::key_pair)
    }

    /// `EdDSA` with an Ed25519 key, in PEM form (PKCS #8).
    #[cfg(feature = "jwt-asymmetric")]
    pub fn eddsa_pem(private_key: impl AsRef<[u8]>) -> Result<Self, InvalidKey> {
        KeyPair::eddsa(private_key.as_ref()).map(Self::key_pair)
    }

    #[cfg(feature = "jwt-asymmetric")]
    fn key_pair(pair: KeyPair) -> Self {
        Self {
            signing: Signing::KeyPair(Arc::new(pair)),
            weakness: None,
        }
    }

    /// What is wrong with the secret of HS256: it is short, or has too little in it, such as one letter repeated.
    pub(crate) const fn weakness(&self) -> Option<WeakSecret> {
        self.weakness
    }

    /// The name of the algorithm, as a token's header has it (RFC 7518, section 3.1).
    pub fn algorithm(&self) -> &'static str {
        match &self.signing {
            Signing::Hs256(_) => "HS256",
            #[cfg(feature = "jwt-asymmetric")]
            Signing::KeyPair(pair) => pair.algorithm(),
        }
    }

    /// The key that verifies what this one signs.
    pub fn verifying_key(&self) -> VerifyingKey {
        let verifying = match &self.signing {
            Signing::Hs256(mac) => Verifying::Hs256(mac.clone()),
            #[cfg(feature = "jwt-asymmetric")]
            Signing::KeyPair(pair) => Verifying::Public(Arc::new(pair.public_key())),
        };
        VerifyingKey {
            verifying,
            mac: Some(self.mac_key()),
        }
    }

    #[cfg_attr(
        not(feature = "jwt-asymmetric"),
        expect(clippy::unnecessary_wraps, reason = "HS256 alone never fails")
    )]
    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SigningError> {
        match &self.signing {
            Signing::Hs256(mac) => Ok(mac
                .clone()
                .chain_update(message)
                .finalize()
                .into_bytes()
                .to_vec()),
            #[cfg(feature = "jwt-asymmetric")]
            Signing::KeyPair(pair) => pair.sign(message),
        }
    }

    /// The key of messages that are no tokens.
    pub(super) fn mac_key(&self) -> MacKey {
        MacKey(match &self.signing {
            Signing::Hs256(mac) => mac.clone(),
            #[cfg(feature = "jwt-asymmetric")]
            Signing::KeyPair(pair) => mac(pair.seed()),
        })
    }
}

impl VerifyingKey {
    /// RS256 with an RSA key of 2048 to 8192 bits, in PEM form.
    #[cfg(feature = "jwt-asymmetric")]
    pub fn rs256_pem(public_key: impl AsRef<[u8]>) -> Result<Self, InvalidKey> {
        PublicKey::rs256(public_key.as_ref()).map(Self::public)
    }

    /// ES256 with a key on the curve P-256, in PEM form.
    #[cfg(feature = "jwt-asymmetric")]
    pub fn es256_pem(public_key: impl AsRef<[u8]>) -> Result<Self, InvalidKey> {
        PublicKey::es256(public_key.as_ref()).map(Self::public)
    }

    /// `EdDSA` with an Ed25519 key, in PEM form.
    #[cfg(feature = "jwt-asymmetric")]
    pub fn eddsa_pem(public_key: impl AsRef<[u8]>) -> Result<Self, InvalidKey> {
        PublicKey::eddsa(public_key.as_ref()).map(Self::public)
    }

    /// The name of the algorithm, as a token's header has it (RFC 7518, section 3.1).
    pub fn algorithm(&self) -> &'static str {
        match &self.verifying {
            Verifying::Hs256(_) => "HS256",
            #[cfg(feature = "jwt-asymmetric")]
            Verifying::Public(key) => key.algorithm(),
        }
    }

    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.verifying {
            Verifying::Hs256(mac) => mac
                .clone()
                .chain_update(message)
                .verify_slice(signature)
                .is_ok(),
            #[cfg(feature = "jwt-asymmetric")]
            Verifying::Public(key) => key.verifies(message, signature),
        }
    }

    /// The key of messages that are no tokens. A public key alone has none.
    pub(crate) const fn mac_key(&self) -> Option<&MacKey> {
        self.mac.as_ref()
    }

    #[cfg(feature = "jwt-asymmetric")]
    fn public(key: PublicKey) -> Self {
        Self {
            verifying: Verifying::Public(Arc::new(key)),
            mac: None,
        }
    }
}

impl MacKey {
    /// The MAC of a message that is no token.
    pub(crate) fn mac(&self, message: &[u8]) -> [u8; 32] {
        self.of(message).finalize().into_bytes().into()
    }

    /// Whether this is the MAC of a message that is no token.
    pub(super) fn is_mac(&self, message: &[u8], mac: &[u8]) -> bool {
        self.of(message).verify_slice(mac).is_ok()
    }

    /// Apart from tokens, whose signed part has no colon and no NUL.
    fn of(&self, message: &[u8]) -> Hmac<Sha256> {
        self.0
            .clone()
            .chain_update(b"fastapi-users:mac\0")
            .chain_update(message)
    }
}

impl From<&SigningKey> for VerifyingKey {
    fn from(key: &SigningKey) -> Self {
        key.verifying_key()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.algorithm())
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({})", self.algorithm())
    }
}

fn mac(key: &[u8]) -> Hmac<Sha256> {
    // HMAC takes keys of every length; its signature is that of algorithms which do not.
    Hmac::new_from_slice(key)
        .unwrap_or_else(|digest::InvalidLength| unreachable!("HMAC takes keys of every length"))
}

/// Whether a secret is a key that may be public, which PyJWT refuses as well. A token's header cannot choose the algorithm
/// here, but such a secret would let everyone sign who has the key.
fn looks_like_a_key(secret: &[u8]) -> bool {
    const SSH: [&[u8]; 4] = [b"ssh-ed25519", b"ssh-rsa", b"ssh-dss", b"ecdsa-sha2-nistp"];
    let contains = |part: &[u8]| secret.windows(part.len()).any(|window| window == part);
    let is_jwk =
        || matches!(json::read(secret), Ok(Json::Object(members)) if members.contains_key("kty"));
    (contains(b"-----BEGIN ") && contains(b"-----END "))
        || SSH.iter().any(|name| secret.starts_with(name))
        || is_jwk()
}
