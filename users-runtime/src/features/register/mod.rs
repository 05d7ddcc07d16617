//! Registration: a new user, with a password of their own.

pub(crate) mod routes;
mod rules;
