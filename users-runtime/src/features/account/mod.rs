//! The current user: reading and updating.

pub(crate) mod routes;
mod rules;
