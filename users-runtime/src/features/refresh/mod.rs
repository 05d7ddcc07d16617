//! New tokens for a refresh token.

pub(crate) mod body;
pub(crate) mod routes;
