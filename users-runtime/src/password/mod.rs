//! Passwords: what holds them and what hashes them.

mod secret;

pub use secret::{Password, PasswordHash};
