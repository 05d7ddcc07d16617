//! Tokens of a session that are made from its row, and need no place in it.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};

use crate::token::JwtKeys;

/// How many random bytes a session's id has.
pub(super) const ID: usize = 16;
const NUMBER: usize = 8;
const MAC: usize = 32;

/// What a signed token is for; each is authenticated apart from the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To be presented with each request; its number is when it expires, in seconds since the Unix epoch.
    Access,
    /// To get new tokens; its number is the generation.
    Refresh,
}

impl Purpose {
    const fn name(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Refresh => "refresh",
        }
    }
}

/// Makes and reads the signed tokens of one backend.
#[derive(Clone)]
pub(super) struct SignedTokens {
    keys: JwtKeys,
    /// The table of the users and the backend's name, so that no other accepts the token.
    realm: String,
}

impl SignedTokens {
    pub(super) fn new(keys: JwtKeys, table: &str, backend: &str) -> Self {
        Self {
            keys,
            realm: format!("{table}\0{backend}"),
        }
    }

    /// The session's id, a number, and an HMAC of both: the same token for the same session and number.
    pub(super) fn token(&self, purpose: Purpose, session: &str, number: i64) -> Option<String> {
        let id = BASE64_URL_SAFE_NO_PAD.decode(session).ok()?;
        let mut bytes = id;
        bytes.extend_from_slice(&number.to_be_bytes());
        let mac = self.keys.mac(&self.message(purpose, &bytes));
        bytes.extend_from_slice(&mac);
        Some(BASE64_URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The session's id and the number of a token that this server has made.
    pub(super) fn read(&self, purpose: Purpose, token: &str) -> Option<(String, i64)> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).ok()?;
        if bytes.len() != ID + NUMBER + MAC {
            return None;
        }
        let (signed, mac) = bytes.split_at(ID + NUMBER);
        if !self.keys.is_mac(&self.message(purpose, signed), mac) {
            return None;
        }
        let (id, number) = signed.split_at(ID);
        let number = i64::from_be_bytes(number.try_into().ok()?);
        Some((BASE64_URL_SAFE_NO_PAD.encode(id), number))
    }

    /// The id of the session whose access token this is, unless it has expired.
    pub(super) fn access(&self, token: &str, now: DateTime<Utc>) -> Option<String> {
        let (session, expires) = self.read(Purpose::Access, token)?;
        (now.timestamp() < expires).then_some(session)
    }

    fn message(&self, purpose: Purpose, signed: &[u8]) -> Vec<u8> {
        let context = format!("fastapi-users:session:{}\0{}\0", purpose.name(), self.realm);
        [context.as_bytes(), signed].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(secret: &str, backend: &str) -> SignedTokens {
        SignedTokens::new(JwtKeys::hs256(secret).expect("a secret"), "user", backend)
    }

    #[test]
    fn a_token_says_its_session_to_its_own_backend_and_purpose_alone() {
        let (secret, other) = [
            "0123456789abcdef0123456789abcdeX",
            "0123456789abcdef0123456789abcdeY",
        ]
        .into();
        let session = BASE64_URL_SAFE_NO_PAD.encode([7; ID]);
        let made = tokens(secret, "api");
        let token = made.token(Purpose::Refresh, &session, 3).expect("a token");
        assert_eq!(
            made.read(Purpose::Refresh, &token),
            Some((session.clone(), 3))
        );
        assert_eq!(
            made.token(Purpose::Refresh, &session, 3),
            Some(token.clone())
        );
        assert_eq!(made.read(Purpose::Access, &token), None);
        assert_eq!(tokens(secret, "web").read(Purpose::Refresh, &token), None);
        assert_eq!(tokens(other, "api").read(Purpose::Refresh, &token), None);
        for broken in ["", "!", "AAAA", &token[1..]] {
            assert_eq!(made.read(Purpose::Refresh, broken), None, "{broken}");
        }
    }

    #[test]
    fn an_access_token_expires() {
        let session = BASE64_URL_SAFE_NO_PAD.encode([7; ID]);
        let made = tokens("0123456789abcdef0123456789abcdeX", "api");
        let token = made.token(Purpose::Access, &session, 100).expect("a token");
        let at = |seconds| DateTime::from_timestamp(seconds, 0).expect("an instant");
        assert_eq!(made.access(&token, at(99)), Some(session));
        assert_eq!(made.access(&token, at(100)), None);
    }
}
