//! The trait of password hashers.

use std::sync::Arc;

use super::{Password, PasswordHash, SALT_LENGTH, Scratch};

/// The result of comparing a password with a stored hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Verdict {
    /// It is another password, or the hash cannot be read.
    Wrong,
    /// It is the password.
    Right,
    /// It is the password, and its hash should be replaced: another algorithm or other parameters are the standard now.
    RightButOutdated,
}

/// Why a password could not be hashed. None of these is about the password itself.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HashError {
    /// The operating system gave no random bytes for a salt.
    #[error("the operating system gave no random bytes")]
    Random(#[source] getrandom::Error),
    /// There is not enough memory for the algorithm.
    #[error("there is not enough memory to hash a password")]
    OutOfMemory,
    /// The algorithm refused its input.
    #[error("the hash algorithm failed")]
    Algorithm(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Hashes passwords and compares them with stored hashes.
///
/// The methods are synchronous and may take long: [`Passwords`](super::Passwords) calls them on separate threads. The
/// `scratch` is memory that a call may use and the next call reuses; a hasher that needs none ignores it.
///
/// A custom hasher, here one that wraps the default to forbid bcrypt:
///
/// ```
/// use users_runtime::password::{Argon2Bcrypt, HashError, Password, PasswordHash, PasswordHasher, Scratch, Verdict};
///
/// struct Argon2Only(Argon2Bcrypt);
///
/// impl PasswordHasher for Argon2Only {
///     fn hash(&self, password: &Password, scratch: &mut Scratch) -> Result<PasswordHash, HashError> {
///         self.0.hash(password, scratch)
///     }
///
///     fn verify(&self, password: &Password, hash: &PasswordHash, scratch: &mut Scratch) -> Verdict {
///         if hash.expose().starts_with("$2") { Verdict::Wrong } else { self.0.verify(password, hash, scratch) }
///     }
/// }
/// ```
pub trait PasswordHasher: Send + Sync + 'static {
    /// Hashes a password with a new random salt.
    fn hash(&self, password: &Password, scratch: &mut Scratch) -> Result<PasswordHash, HashError>;

    /// Hashes a password with this salt, which is that of the same password's former hash: whatever is bound to the salt
    /// survives the upgrade. The default takes a new salt.
    fn hash_with_salt(
        &self,
        password: &Password,
        salt: [u8; SALT_LENGTH],
        scratch: &mut Scratch,
    ) -> Result<PasswordHash, HashError> {
        let _ = salt;
        self.hash(password, scratch)
    }

    /// Compares a password with a stored hash. A hash that cannot be read is [`Verdict::Wrong`], and should cost as much as
    /// one that can.
    fn verify(&self, password: &Password, hash: &PasswordHash, scratch: &mut Scratch) -> Verdict;

    /// Does the work of [`verify`](Self::verify) where there is no user to verify, so that the time does not reveal whether there
    /// is one. The default hashes the password and discards the hash.
    fn verify_nobody(&self, password: &Password, scratch: &mut Scratch) {
        drop(self.hash(password, scratch));
    }

    /// How many KiB of scratch memory to keep between calls. The default keeps none.
    fn kept_kib(&self) -> u32 {
        0
    }
}

/// A shared hasher is a hasher.
impl<T: PasswordHasher + ?Sized> PasswordHasher for Arc<T> {
    fn hash(&self, password: &Password, scratch: &mut Scratch) -> Result<PasswordHash, HashError> {
        (**self).hash(password, scratch)
    }

    fn hash_with_salt(
        &self,
        password: &Password,
        salt: [u8; SALT_LENGTH],
        scratch: &mut Scratch,
    ) -> Result<PasswordHash, HashError> {
        (**self).hash_with_salt(password, salt, scratch)
    }

    fn verify(&self, password: &Password, hash: &PasswordHash, scratch: &mut Scratch) -> Verdict {
        (**self).verify(password, hash, scratch)
    }

    fn verify_nobody(&self, password: &Password, scratch: &mut Scratch) {
        (**self).verify_nobody(password, scratch);
    }

    fn kept_kib(&self) -> u32 {
        (**self).kept_kib()
    }
}
