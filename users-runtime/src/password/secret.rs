//! Types that hold a secret and never show it.

use std::fmt;

use sha2::{Digest as _, Sha256};
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use super::{SALT_LENGTH, bcrypt_form::BcryptForm, pepper::without_mark, phc::Argon2Form};
use crate::value::{Field, FieldError, Kind, Value};

/// Keeps the digests of salts apart from every other use of SHA-256 on a salt.
const CONTEXT: &[u8] = b"fastapi-users:salt\0";

/// A password in clear text. `Debug` shows no part of it, and its memory is wiped when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// The clear text. Never log it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The same password as keyboards of another system write it: in Unicode's normalization form C. `None` where it is in this
    /// form already, as all ASCII text is.
    pub(crate) fn normalized(&self) -> Option<Self> {
        if unicode_normalization::is_nfc(&self.0) {
            return None;
        }
        // Its final size at once (form C has at most three times as many bytes), so that no copy stays behind in freed memory.
        let mut normalized = Zeroizing::new(String::with_capacity(3 * self.0.len()));
        normalized.extend(self.0.nfc());
        Some(Self(normalized))
    }
}

impl<T: Into<String>> From<T> for Password {
    fn from(clear: T) -> Self {
        Self(Zeroizing::new(clear.into()))
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// A stored password hash in PHC or modular-crypt format. `Debug` shows no part of it, and it cannot be serialised.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// A hash that comes from somewhere else, e.g. an import.
    pub fn new(encoded: impl Into<String>) -> Self {
        Self(encoded.into())
    }

    /// The encoded hash. Never send it to a client.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The salt of an argon2 or bcrypt hash, with or without a pepper, with which the same password can be hashed anew: it names the password where the hash
    /// itself would change with an upgrade. `None` for every other hash.
    ///
    /// An argon2 hash whose salt has another length than 16 bytes counts as outdated, so its new hash gets the first 16 bytes of a
    /// SHA-256 of it, and this returns those for both.
    pub fn salt(&self) -> Option<[u8; SALT_LENGTH]> {
        let text = without_mark(&self.0);
        match Argon2Form::parse(text) {
            Some(form) if form.salt.len() < argon2::MIN_SALT_LEN => None,
            Some(form) => Some(of_standard_length(form.salt)),
            // Not made of another text as a whole: it may hold a fast hash, and the new salt would be as fast to compare with.
            None => BcryptForm::parse(text).map(|form| form.salt),
        }
    }
}

fn of_standard_length(salt: Vec<u8>) -> [u8; SALT_LENGTH] {
    salt.try_into().unwrap_or_else(|salt: Vec<u8>| {
        let digest = Sha256::new_with_prefix(CONTEXT)
            .chain_update(salt)
            .finalize();
        let mut standard = [0; SALT_LENGTH];
        standard.copy_from_slice(&digest[..SALT_LENGTH]);
        standard
    })
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

#[diagnostic::do_not_recommend]
impl Field for PasswordHash {
    const KIND: Kind = Kind::Text;

    fn to_value(&self) -> Value {
        Value::Text(self.0.clone())
    }

    fn from_value(value: Value) -> Result<Self, FieldError> {
        match value {
            Value::Text(text) => Ok(Self(text)),
            _ => Err(FieldError::expected("the text of a password hash")),
        }
    }
}
