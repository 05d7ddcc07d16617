//! Login with an account at a provider, and linking one.

mod links;
pub(crate) mod routes;
mod rules;
mod storing;

pub use links::UnlinkError;
pub use rules::OAuthError;
pub(crate) use rules::OAuthRules;
