//! Passwords: types for them, hashers, and limits for concurrent hashing.
//!
//! [`Password`] and [`PasswordHash`] hold secrets and never show them. A [`PasswordHasher`] turns the one into the other; the
//! default is [`Argon2Bcrypt`], which writes argon2id and also reads bcrypt. [`Passwords`] runs a hasher off the async threads,
//! a bounded number at a time.

mod argon2_bcrypt;
mod bcrypt_form;
mod config;
mod format;
mod hasher;
mod kept_memory;
mod limits;
mod pepper;
mod phc;
mod pool;
mod queue;
mod scratch;
mod secret;
mod share;
mod stamp;

#[cfg(test)]
mod tests;

pub use argon2_bcrypt::{Argon2Bcrypt, InvalidParams};
pub use config::PasswordsConfig;
pub use format::{HashFormat, HashStanding};
pub use hasher::{HashError, PasswordHasher, Verdict};
pub use limits::HashLimits;
pub use pepper::InvalidPepper;
pub(crate) use pepper::Peppers;
pub use pool::{PasswordError, Passwords};
pub use scratch::Scratch;
pub use secret::{Password, PasswordHash};
pub(crate) use share::{HashClient, InShare};
pub use stamp::CredentialsStamp;

/// The length of a salt that this crate writes, in bytes.
pub const SALT_LENGTH: usize = 16;
