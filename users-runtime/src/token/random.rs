//! Tokens that say nothing.

use super::base64url;

/// 43 URL-safe characters from 32 random bytes, as Python's `secrets.token_urlsafe()`: for session tokens, CSRF tokens and
/// secrets.
///
/// # Panics
///
/// When the operating system gives no random bytes. No token would be safe then.
pub fn random() -> String {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    base64url::encode(&bytes)
}
