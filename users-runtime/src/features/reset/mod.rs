//! A new password for a user who forgot theirs.

pub(crate) mod routes;
mod rules;
