//! Tokens that say nothing.

use super::base64url;

/// 43 URL-safe characters from 32 random bytes, as Python's `secrets.token_urlsafe()`: for session tokens, CSRF tokens and
/// secrets.
///
/// # Panics
///
/// When the operating system gives no random bytes. No token would be safe then.
pub fn random() -> String {
    base64url::encode(&random_bytes::<32>())
}

/// Random bytes.
///
/// # Panics
///
/// When the operating system gives none.
pub(crate) fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// Whether a text has the form of such a token.
#[cfg(feature = "oauth")]
pub(crate) fn is_random(text: &str) -> bool {
    let is_safe = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    text.len() == 43 && text.bytes().all(is_safe)
}
