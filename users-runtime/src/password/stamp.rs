//! What names the credentials that a token was issued on.

use std::fmt;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

use super::PasswordHash;

/// Keeps these digests apart from every other use of SHA-256 on a salt.
const CONTEXT: &[u8] = b"fastapi-users:credentials-stamp\0";

/// Names the credentials that a session or a token was issued on.
///
/// It is compared with the stamp of the user's present credentials on each request, so that a login that was decided on an old
/// password is worthless from the moment at which the new one is stored, whatever waits or crashes in between.
///
/// It is made from the [salt](PasswordHash::salt) of the password hash, which a transparent re-hash keeps and a new password changes; a
/// hash of which no salt is known is taken whole. 64 bits of a SHA-256 are enough, since nothing is gained by a collision that cannot be chosen:
/// salts are random, and the stamp is part of what is signed or stored.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CredentialsStamp([u8; Self::LENGTH]);

impl CredentialsStamp {
    /// The length in bytes.
    pub const LENGTH: usize = 8;

    /// The stamp of these credentials.
    pub fn of(hash: &PasswordHash) -> Self {
        let digest = Sha256::new_with_prefix(CONTEXT);
        let digest = match hash.salt() {
            Some(salt) => digest.chain_update(salt),
            None => digest.chain_update(hash.expose()),
        };
        let mut stamp = [0; Self::LENGTH];
        stamp.copy_from_slice(&digest.finalize()[..Self::LENGTH]);
        Self(stamp)
    }

    /// The stamp from its bytes.
    pub const fn from_bytes(bytes: [u8; Self::LENGTH]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    pub const fn to_bytes(self) -> [u8; Self::LENGTH] {
        self.0
    }

    /// The stamp from its text; `None` for every other text.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        Some(Self(bytes.try_into().ok()?))
    }
}

/// 11 characters of URL-safe base64.
impl fmt::Display for CredentialsStamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64_URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl fmt::Debug for CredentialsStamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CredentialsStamp(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(hash: &str) -> CredentialsStamp {
        CredentialsStamp::of(&PasswordHash::new(hash))
    }

    #[test]
    fn an_upgraded_hash_has_the_same_stamp_and_a_new_password_another() {
        // One salt of 16 bytes: in bcrypt, and in two strengths of argon2.
        let bcrypt = "$2b$04$KBCwKxOzLha2MUDgZvoUNeWnLXOSLtpMBCpKcO4uGeJmvRvFZNr6O";
        let salt = PasswordHash::new(bcrypt).salt().expect("a salt");
        let salt = base64::prelude::BASE64_STANDARD_NO_PAD.encode(salt);
        let weak = format!("$argon2id$v=19$m=64,t=1,p=1${salt}$AAAAAA");
        let strong = format!("$argon2id$v=19$m=65536,t=3,p=4${salt}$BBBBBA");
        assert_eq!(stamp(bcrypt), stamp(&weak));
        assert_eq!(stamp(&weak), stamp(&strong));
        let other = "$argon2id$v=19$m=64,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$AAAAAA";
        assert_ne!(stamp(&weak), stamp(other));
    }

    #[test]
    fn hashes_without_a_salt_are_told_apart() {
        assert_ne!(stamp("!one"), stamp("!two"));
        assert_eq!(stamp("!one"), stamp("!one"));
    }

    #[test]
    fn the_text_is_read_back_and_nothing_else_is() {
        let stamp = stamp("!one");
        let text = stamp.to_string();
        assert_eq!(text.len(), 11);
        assert_eq!(CredentialsStamp::parse(&text), Some(stamp));
        for wrong in ["", "AAAA", "AAAAAAAAAAA=", "AAAAAAAAAAB", "AAAAAAAAAA!"] {
            assert_eq!(CredentialsStamp::parse(wrong), None, "{wrong}");
        }
        assert!(!format!("{stamp:?}").contains(&text));
    }
}
