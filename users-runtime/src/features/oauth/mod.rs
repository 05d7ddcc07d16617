//! Login with an account at a provider, and linking one.

pub(crate) mod routes;
mod rules;

pub(crate) use rules::OAuthRules;
pub use rules::{OAuthError, UnlinkError};
