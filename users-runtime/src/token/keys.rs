//! The keys of a user system: one that signs, several that verify.

use std::{fmt, time::SystemTime};

use serde_json::Value;

use super::{
    Claims, SigningError, SigningKey, TokenError, VerifyingKey, WeakSecret, base64url,
    claims::object,
    jws::Jws,
    plain::{self, Buffer, PlainClaims},
    validate::validate,
    write,
};

/// One key that signs tokens, and the keys whose tokens are accepted: its own, and former ones while they are phased out.
///
/// ```
/// use std::time::SystemTime;
/// use users_runtime::token::{Claims, JwtKeys, SigningKey};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let old = SigningKey::hs256("the secret until last month, 32 bytes")?;
/// let keys = JwtKeys::hs256("the secret from now on, with 32 bytes")?.also_accept(&old);
/// let token = keys.encode(&Claims::new().with("sub", "7").with("aud", "shop"))?;
/// assert_eq!(keys.decode(&token, &["shop"], SystemTime::now())?.text("sub"), Some("7"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct JwtKeys {
    signing: SigningKey,
    accepted: Vec<VerifyingKey>,
    /// The header of tokens that name no key, as their first part.
    header: String,
}

impl JwtKeys {
    /// Signs with this key and accepts what it has signed.
    pub fn new(signing: SigningKey) -> Self {
        let (algorithm, typ) = (Value::from(signing.algorithm()), Value::from("JWT"));
        let header = write::object([("alg", &algorithm), ("typ", &typ)]);
        Self {
            accepted: vec![signing.verifying_key()],
            signing,
            header: base64url::encode(&header),
        }
    }

    /// HS256 with this secret.
    ///
    /// # Errors
    ///
    /// When the secret has fewer than 32 bytes, or is no secret.
    pub fn hs256(secret: impl AsRef<[u8]>) -> Result<Self, WeakSecret> {
        SigningKey::hs256(secret).map(Self::new)
    }

    /// HS256 with this secret, which may be short, see [`SigningKey::hs256_of_any_length`].
    ///
    /// # Errors
    ///
    /// When the secret is empty, or is no secret.
    pub fn hs256_of_any_length(secret: impl AsRef<[u8]>) -> Result<Self, WeakSecret> {
        SigningKey::hs256_of_any_length(secret).map(Self::new)
    }

    /// Accepts this key's tokens, too: that of a former secret, or of another service. Password-reset tokens and OAuth states
    /// have proofs besides their signature that only the signing key can verify: give a former key pair as its [`SigningKey`].
    #[must_use]
    pub fn also_accept(mut self, key: impl Into<VerifyingKey>) -> Self {
        self.accepted.push(key.into());
        self
    }

    /// Signs claims. The header is `{"alg":…,"typ":"JWT"}`; header and claims are written as PyJWT writes them.
    pub fn encode(&self, claims: &Claims) -> Result<String, SigningError> {
        self.sign(&self.header, claims)
    }

    /// Signs claims under a header that names the key.
    #[cfg(feature = "oauth")]
    pub(crate) fn encode_with_key_id(
        &self,
        key_id: &str,
        claims: &Claims,
    ) -> Result<String, SigningError> {
        let [algorithm, key_id, typ] = [self.signing.algorithm(), key_id, "JWT"].map(Value::from);
        let header = write::object([("alg", &algorithm), ("kid", &key_id), ("typ", &typ)]);
        self.sign(&base64url::encode(&header), claims)
    }

    fn sign(&self, header: &str, claims: &Claims) -> Result<String, SigningError> {
        let mut token = format!(
            "{header}.{}",
            base64url::encode(&write::object(claims.members()))
        );
        let signature = self.signing.sign(token.as_bytes())?;
        token.push('.');
        token.push_str(&base64url::encode(&signature));
        Ok(token)
    }

    /// Reads a token for one of these audiences, as PyJWT reads it: `exp`, `nbf` and `iat` count without leeway, and a token
    /// without `exp` never expires.
    ///
    /// # Errors
    ///
    /// Why the token is refused; an expired one for another audience is [`TokenError::Expired`].
    pub fn decode(
        &self,
        token: &str,
        audience: &[&str],
        now: SystemTime,
    ) -> Result<Claims, TokenError> {
        self.decode_with_key(token, audience, now)
            .map(|(claims, _)| claims)
    }

    /// Reads an access token of the usual form into a buffer; `None` for one of another form, which [`decode`](Self::decode) may
    /// read.
    pub(crate) fn decode_plain<'b>(
        &self,
        token: &str,
        buffer: &'b mut Buffer,
        is_expected: impl Fn(&str) -> bool,
        now: SystemTime,
    ) -> Option<Result<PlainClaims<'b>, TokenError>> {
        let algorithm = self.signing.algorithm();
        let keys = self.accepted.iter();
        let keys = keys.filter(|key| key.algorithm() == algorithm);
        plain::read(token, &self.header, keys, buffer, is_expected, now)
    }

    /// The same, with the key that verified the token.
    pub(crate) fn decode_with_key(
        &self,
        token: &str,
        audience: &[&str],
        now: SystemTime,
    ) -> Result<(Claims, &VerifyingKey), TokenError> {
        let jws = Jws::parse(token)?;
        let algorithm = jws.algorithm().ok_or(TokenError::Algorithm)?;
        let mut candidates = self
            .accepted
            .iter()
            .filter(|key| key.algorithm() == algorithm)
            .peekable();
        candidates.peek().ok_or(TokenError::Algorithm)?;
        let key = candidates
            .find(|key| key.verifies(jws.signed, &jws.signature))
            .ok_or(TokenError::Signature)?;
        let claims = object(&jws.payload).ok_or(TokenError::Malformed)?;
        validate(&claims, audience, now)?;
        Ok((Claims::read(&claims), key))
    }

    /// What is wrong with the secret of the key that signs.
    pub(crate) const fn weakness(&self) -> Option<WeakSecret> {
        self.signing.weakness()
    }

    /// What [`mac`](Self::mac) authenticates with.
    #[cfg(feature = "oauth")]
    pub(crate) fn mac_key(&self) -> super::MacKey {
        self.signing.mac_key()
    }

    /// Authenticates a message that is no token: HMAC-SHA-256 (RFC 2104) under the signing key, apart from its tokens. A
    /// message should begin with what it is for.
    pub fn mac(&self, message: &[u8]) -> [u8; 32] {
        self.signing.mac_key().mac(message)
    }

    /// Whether [`mac`](Self::mac) has authenticated this message, under the signing key or another [`SigningKey`] that is
    /// accepted. Takes the same time for every wrong answer of the right length.
    pub fn is_mac(&self, message: &[u8], mac: &[u8]) -> bool {
        self.accepted
            .iter()
            .filter_map(VerifyingKey::mac_key)
            .any(|key| key.is_mac(message, mac))
    }
}

impl fmt::Debug for JwtKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JwtKeys")
            .field("signing", &self.signing)
            .field("accepted", &self.accepted)
            .finish_non_exhaustive()
    }
}
