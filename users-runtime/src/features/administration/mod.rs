//! Users by their id, for superusers: shown, changed and deleted.

pub(crate) mod reset;
pub(crate) mod routes;
mod rules;
