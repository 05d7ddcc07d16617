//! Registration: a new user, with a password of their own.

mod options;
pub(crate) mod routes;
mod rules;
pub(crate) mod uniform;
