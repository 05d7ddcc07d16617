//! Types that hold a secret and never show it.

use std::fmt;

use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use super::{SALT_LENGTH, bcrypt_form::BcryptForm, phc::Argon2Form};
use crate::value::{Field, FieldError, Kind, Value};

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

    /// The salt of an argon2 or bcrypt hash with 16 bytes of it; `None` for every other hash.
    ///
    /// A new hash of the same password can keep it, and then it names the password where the hash itself would change with an
    /// upgrade. Other lengths cannot be kept, since a hash with one of them counts as outdated for ever.
    pub fn salt(&self) -> Option<[u8; SALT_LENGTH]> {
        match Argon2Form::parse(&self.0) {
            Some(form) => form.salt.try_into().ok(),
            None => BcryptForm::parse(&self.0).map(|form| form.salt),
        }
    }
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
