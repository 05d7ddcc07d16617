//! The proof that a user's e-mail address is theirs.

pub(crate) mod routes;
mod rules;
