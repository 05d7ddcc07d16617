//! The tokens of the Redis strategy, whose form no other strategy's tokens have.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD as URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

use crate::password::CredentialsStamp;

/// The length of a token in bytes.
const LENGTH: usize = 32;
/// The number of bytes that distinguish such a token from one of FastAPI Users, all of whose 32 bytes are random. Of those, one in
/// 2^31 is taken for a token of this strategy, and its user logs in again.
const CHECKSUM: usize = 4;

/// What the checksum of a token with a stamp begins with.
const STAMPED: &[u8] = b"fastapi-users:redis-token\0";
/// What the checksum of a token without a stamp begins with.
const PLAIN: &[u8] = b"fastapi-users:redis-token-without-stamp\0";

/// A new token that holds a stamp; 160 of its bits are random, where ASVS 7.2.3 asks for 128.
#[cfg(feature = "redis")]
pub(super) fn stamped(stamp: CredentialsStamp) -> String {
    let mut bytes = crate::token::random_bytes::<20>().to_vec();
    bytes.extend(stamp.to_bytes());
    marked(STAMPED, bytes)
}

/// A new token without a stamp; 224 of its bits are random.
#[cfg(feature = "redis")]
pub(super) fn plain() -> String {
    marked(PLAIN, crate::token::random_bytes::<28>().to_vec())
}

/// The stamp in a token; `None` for a token without a stamp, one of FastAPI Users and every other text.
#[cfg_attr(
    not(feature = "redis"),
    expect(dead_code, reason = "the strategy asks")
)]
pub(super) fn stamp_of(token: &str) -> Option<CredentialsStamp> {
    let bytes = decoded(token)?;
    let (rest, _) = has_checksum(STAMPED, &bytes)
        .then(|| bytes.split_last_chunk::<CHECKSUM>())
        .flatten()?;
    let (_, stamp) = rest.split_last_chunk()?;
    Some(CredentialsStamp::from_bytes(*stamp))
}

/// Whether a text has the characters of URL-safe base64 alone, as random tokens have, those of FastAPI Users included. JSON web tokens
/// and tokens of sessions have a period, so that neither the database nor Redis is asked for them.
pub(super) fn is_url_safe(token: &str) -> bool {
    let is_safe = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    token.bytes().all(is_safe)
}

/// Whether the Redis strategy has made a token.
pub(super) fn is_marked(token: &str) -> bool {
    decoded(token).is_some_and(|bytes| has_checksum(STAMPED, &bytes) || has_checksum(PLAIN, &bytes))
}

#[cfg(feature = "redis")]
fn marked(context: &[u8], mut bytes: Vec<u8>) -> String {
    bytes.extend(checksum(context, &bytes));
    URL_SAFE_NO_PAD.encode(bytes)
}

fn decoded(token: &str) -> Option<[u8; LENGTH]> {
    let mut bytes = [0; LENGTH];
    // 43 characters are no more than 32 bytes.
    let length = (token.len() == 43)
        .then(|| URL_SAFE_NO_PAD.decode_slice(token, &mut bytes).ok())
        .flatten()?;
    (length == LENGTH).then_some(bytes)
}

fn has_checksum(context: &[u8], bytes: &[u8; LENGTH]) -> bool {
    let (rest, sum) = bytes.split_at(LENGTH - CHECKSUM);
    checksum(context, rest) == sum
}

fn checksum(context: &[u8], bytes: &[u8]) -> [u8; CHECKSUM] {
    let digest = Sha256::new_with_prefix(context).chain_update(bytes);
    let mut sum = [0; CHECKSUM];
    sum.copy_from_slice(&digest.finalize()[..CHECKSUM]);
    sum
}

#[cfg(all(test, feature = "redis"))]
mod tests {
    use super::*;

    #[test]
    fn its_tokens_are_told_from_all_others() {
        let stamp = CredentialsStamp::from_bytes([7; CredentialsStamp::LENGTH]);
        let (stamped, plain) = (stamped(stamp), plain());
        assert_eq!((stamped.len(), plain.len()), (43, 43));
        assert!(is_marked(&stamped) && is_marked(&plain));
        assert_eq!((stamp_of(&stamped), stamp_of(&plain)), (Some(stamp), None));
        for other in [
            "",
            "x",
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            &stamped[1..],
        ] {
            assert!(!is_marked(other) && stamp_of(other).is_none(), "{other}");
        }
        let flipped = format!(
            "{}{}",
            if plain.starts_with('A') { 'B' } else { 'A' },
            &plain[1..]
        );
        assert!(!is_marked(&flipped));
    }

    #[test]
    fn tokens_of_other_kinds_are_not_looked_for() {
        assert!(is_url_safe(&plain()) && is_url_safe("-_azAZ09"));
        for other in ["s.x", "e30.e30.x", "$x", "a+b", "a/b", "é"] {
            assert!(!is_url_safe(other), "{other}");
        }
    }

    #[test]
    fn tokens_of_earlier_versions_keep_their_stamps() {
        // Made by the version before tokens without a stamp had a checksum.
        let mut bytes = vec![1; 20];
        bytes.extend([7; CredentialsStamp::LENGTH]);
        let digest = Sha256::digest([b"fastapi-users:redis-token\0".as_slice(), &bytes].concat());
        bytes.extend(&digest[..4]);
        let token = URL_SAFE_NO_PAD.encode(bytes);
        assert!(stamp_of(&token).is_some());
    }
}
