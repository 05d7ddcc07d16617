//! Tokens: JSON web tokens as FastAPI Users writes and reads them, and random ones.
//!
//! A token that this module writes is byte for byte what PyJWT writes, and one that PyJWT accepts is accepted. [`JwtKeys`]
//! signs [`Claims`] and reads them back. HS256 is all the original needs; RS256, ES256 and `EdDSA` are behind the feature
//! `jwt-asymmetric`. No process-wide cryptography provider is installed or asked for.

#[cfg(feature = "jwt-asymmetric")]
mod asymmetric;
mod base64url;
mod claims;
mod error;
mod guessable;
mod jws;
mod key;
mod keys;
mod plain;
mod random;
mod validate;
mod write;

#[cfg(test)]
mod tests;

use std::time::{SystemTime, UNIX_EPOCH};

pub use claims::Claims;
pub use error::{InvalidKey, SigningError, TokenError, WeakSecret};
#[cfg(feature = "oauth")]
pub(crate) use key::MacKey;
pub use key::{SigningKey, VerifyingKey};
pub use keys::JwtKeys;
pub(crate) use plain::Buffer;
#[cfg(feature = "oauth")]
pub(crate) use random::is_random;
pub use random::random;
pub(crate) use random::random_bytes;

/// The audience of a kind of token for the users of one table: that of FastAPI Users for the table `user` (Beanie calls it `User`), and
/// one of its own for every other, so that a token of one user type says nothing to another that shares its secret.
pub(crate) fn audience_for<U: crate::UserModel>(audience: &str) -> String {
    if U::TABLE.eq_ignore_ascii_case("user") {
        audience.to_owned()
    } else {
        format!("{audience}:{}", U::TABLE)
    }
}

/// Whether a text is [`audience_for`] the users of a table.
pub(crate) fn is_audience_for<U: crate::UserModel>(audience: &str, text: &str) -> bool {
    let rest = text.strip_prefix(audience);
    if U::TABLE.eq_ignore_ascii_case("user") {
        rest == Some("")
    } else {
        rest.and_then(|rest| rest.strip_prefix(':')) == Some(U::TABLE)
    }
}

/// Whole seconds since 1970, as the claims `exp`, `nbf` and `iat` count them (RFC 7519, section 2); 0 for earlier times.
pub fn unix_seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}
