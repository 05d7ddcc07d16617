//! Login with a password, and logout.

mod authenticate;
pub(crate) mod routes;
mod rules;
mod username;

pub(crate) use rules::{NotIssued, Proof};
