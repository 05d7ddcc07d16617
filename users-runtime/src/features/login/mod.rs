//! Login with a password, and logout.

mod authenticate;
mod proven;
pub(crate) mod routes;
mod rules;
mod username;

#[cfg(feature = "oauth")]
pub(crate) use proven::Proven;
pub(crate) use rules::NotIssued;
