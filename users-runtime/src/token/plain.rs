//! Access tokens of the form that this crate and PyJWT write, read without an allocation.
//!
//! Such a token has the header that [`JwtKeys::encode`](super::JwtKeys::encode) writes and few claims with plain values. Every other
//! token is left to the reader of [`jws`](super::jws), which accepts all that PyJWT accepts: this one accepts less, and says the
//! same of what it accepts.

use std::{fmt, time::SystemTime};

use serde::{
    Deserialize, Deserializer,
    de::{Error as _, MapAccess, SeqAccess, Visitor},
};

use super::{TokenError, VerifyingKey, base64url, unix_seconds};

/// The longest payload and the longest signature, in bytes.
const LONGEST: usize = 512;
/// The most audiences.
const AUDIENCES: usize = 4;

/// Room for a token's claims.
pub(crate) struct Buffer([u8; LONGEST]);

/// The claims of an access token.
#[derive(Default)]
pub(crate) struct PlainClaims<'a> {
    /// `sub`
    pub(crate) subject: Option<&'a str>,
    /// `exp`
    pub(crate) expires: Option<u64>,
    /// `ver`, the stamp of the credentials.
    pub(crate) version: Option<&'a str>,
    /// `sid`, the session's id.
    pub(crate) session: Option<&'a str>,
    /// `epoch`, in which a revocable token was issued.
    pub(crate) epoch: Option<&'a str>,
    issued_at: Option<u64>,
    audience: [Option<&'a str>; AUDIENCES],
}

impl Buffer {
    pub(crate) const fn new() -> Self {
        Self([0; LONGEST])
    }
}

/// Reads a token under this header that one of these keys has signed; `None` for one that has another form.
pub(super) fn read<'a, 'k>(
    token: &str,
    header: &str,
    mut keys: impl Iterator<Item = &'k VerifyingKey>,
    buffer: &'a mut Buffer,
    is_expected: impl Fn(&str) -> bool,
    now: SystemTime,
) -> Option<Result<PlainClaims<'a>, TokenError>> {
    let rest = token.strip_prefix(header)?.strip_prefix('.')?;
    let (payload, signature) = rest.split_once('.')?;
    let signed = token.get(..header.len() + 1 + payload.len())?;
    let mut decoded_signature = [0; LONGEST];
    let signature = base64url::decode_into(signature.as_bytes(), &mut decoded_signature)?;
    let payload = base64url::decode_into(payload.as_bytes(), &mut buffer.0)?;
    if !keys.any(|key| key.verifies(signed.as_bytes(), signature)) {
        return Some(Err(TokenError::Signature));
    }
    let claims: PlainClaims<'a> = serde_json::from_slice(payload).ok()?;
    Some(claims.validated(is_expected, now))
}

impl PlainClaims<'_> {
    /// The claims, in the order in which [`validate`](super::validate::validate) checks them.
    fn validated(
        self,
        is_expected: impl Fn(&str) -> bool,
        now: SystemTime,
    ) -> Result<Self, TokenError> {
        let now = unix_seconds(now);
        if self.issued_at.is_some_and(|issued_at| issued_at > now) {
            return Err(TokenError::NotYetValid);
        }
        if self.expires.is_some_and(|expires| expires <= now) {
            return Err(TokenError::Expired);
        }
        let mut audience = self.audience.iter().flatten();
        if audience.any(|audience| is_expected(audience)) {
            Ok(self)
        } else {
            Err(TokenError::Audience)
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for PlainClaims<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ClaimsVisitor(PlainClaims::default()))
    }
}

struct ClaimsVisitor<'a>(PlainClaims<'a>);

impl<'de: 'a, 'a> Visitor<'de> for ClaimsVisitor<'a> {
    type Value = PlainClaims<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the claims of an access token")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut claims = self.0;
        let mut has_audience = false;
        // Borrowed texts alone, so without escapes; no `null`, no claim twice and no other claims.
        while let Some(name) = map.next_key::<&str>()? {
            let is_second = match name {
                "sub" => claims.subject.replace(map.next_value()?).is_some(),
                "exp" => claims.expires.replace(map.next_value()?).is_some(),
                "iat" => claims.issued_at.replace(map.next_value()?).is_some(),
                "ver" => claims.version.replace(map.next_value()?).is_some(),
                "epoch" => claims.epoch.replace(map.next_value()?).is_some(),
                "sid" => claims.session.replace(map.next_value()?).is_some(),
                "aud" => {
                    claims.audience = map.next_value::<Audience<'a>>()?.0;
                    std::mem::replace(&mut has_audience, true)
                }
                _ => true,
            };
            if is_second {
                return Err(A::Error::custom(
                    "an unknown claim, or one that is repeated",
                ));
            }
        }
        Ok(claims)
    }
}

/// `aud`: a text, or a list of few texts. No text is empty.
struct Audience<'a>([Option<&'a str>; AUDIENCES]);

impl<'de: 'a, 'a> Deserialize<'de> for Audience<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AudienceVisitor(Audience([None; AUDIENCES])))
    }
}

struct AudienceVisitor<'a>(Audience<'a>);

impl<'de: 'a, 'a> Visitor<'de> for AudienceVisitor<'a> {
    type Value = Audience<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("one audience or a few")
    }

    fn visit_borrowed_str<E: serde::de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
        let mut audience = self.0;
        audience.0[0] = (!text.is_empty()).then_some(text);
        Ok(audience)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut audience = self.0;
        let mut places = audience.0.iter_mut();
        while let Some(text) = items.next_element::<&str>()? {
            let place = places.next().ok_or_else(|| A::Error::custom("too many"))?;
            *place = Some(text);
        }
        Ok(audience)
    }
}
