//! Tokens that PyJWT 2.15 made, and its verdicts on others.

#[cfg(feature = "jwt-asymmetric")]
mod asymmetric;
mod header;
mod json;
mod keys;
mod plain;
mod times;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::{Claims, JwtKeys, TokenError, base64url};

const SECRET: &str = "a secret of at least 32 bytes, really";
const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

/// A moment within a second, since the verdicts must not depend on how a clock is rounded.
fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(1_700_000_000_250)
}

/// A token with any header and payload, well signed.
fn token(header: impl AsRef<[u8]>, payload: impl AsRef<[u8]>) -> String {
    signed(&format!(
        "{}.{}",
        base64url::encode(header.as_ref()),
        base64url::encode(payload.as_ref())
    ))
}

fn signed(message: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes())
        .expect("a key")
        .chain_update(message);
    format!(
        "{message}.{}",
        base64url::encode(&mac.finalize().into_bytes())
    )
}

fn decode(token: &str) -> Result<Claims, TokenError> {
    JwtKeys::hs256(SECRET)
        .expect("a secret")
        .decode(token, &["x"], now())
}

/// Why a payload under the usual header is refused.
fn refusal(payload: impl AsRef<[u8]>) -> Option<TokenError> {
    decode(&token(HEADER, payload)).err()
}
