//! The current user: reading and updating.

mod changed;
pub(crate) mod routes;
mod rules;
