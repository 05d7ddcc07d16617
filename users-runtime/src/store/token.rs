//! Access tokens as they are stored.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

/// A stored access token.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessToken<Id> {
    /// The token as it is stored: in clear or as its [`token_hash`], which the strategy decides; at most 43 characters.
    pub token: String,
    /// Whose token it is.
    pub user_id: Id,
    /// When it was issued; the lifetime counts from here.
    pub created_at: DateTime<Utc>,
}

impl<Id: std::fmt::Debug> std::fmt::Debug for AccessToken<Id> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccessToken")
            .field("user_id", &self.user_id)
            .field("created_at", &self.created_at)
            .finish_non_exhaustive()
    }
}

/// What a stored hash begins with, and no token in clear: those are of the URL-safe base64 alphabet.
pub(super) const HASH_MARK: char = '$';

/// The form in which a token is stored so that a leaked table contains no usable token: 43 characters, as many as the original's
/// column holds.
///
/// It is a `$` and the first 31 bytes of the token's SHA-256 in URL-safe base64. The mark keeps the forms apart where tokens in
/// clear are accepted as well: without it, an attacker who reads a stored hash could present it as a token.
pub fn token_hash(clear: &str) -> String {
    let digest = Sha256::digest(clear.as_bytes());
    let mut stored = String::with_capacity(43);
    stored.push(HASH_MARK);
    URL_SAFE_NO_PAD.encode_string(&digest[..31], &mut stored);
    stored
}

/// Whether a text has the form of a stored hash. A client that presents one has read it somewhere: never look it up as it is.
pub fn is_token_hash(text: &str) -> bool {
    text.starts_with(HASH_MARK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_fits_into_the_originals_column_and_is_no_token() {
        let stored = token_hash("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
        assert_eq!(stored.len(), 43);
        assert!(is_token_hash(&stored));
        assert_ne!(token_hash(&stored), stored);
        assert_ne!(token_hash("a"), token_hash("b"));
        // printf a | sha256sum
        assert_eq!(
            token_hash("a"),
            "$ypeBEsobvcr6wjGzmiPcTaeG7_gUfE5yuYB3ha_uSA"
        );
    }

    #[test]
    fn the_debug_form_shows_no_token() {
        let token = AccessToken {
            token: "secret".into(),
            user_id: 1,
            created_at: DateTime::UNIX_EPOCH,
        };
        assert_eq!(
            format!("{token:?}"),
            "AccessToken { user_id: 1, created_at: 1970-01-01T00:00:00Z, .. }"
        );
    }
}
