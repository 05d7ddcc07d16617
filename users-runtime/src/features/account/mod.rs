//! One's own user: shown and changed.

pub(crate) mod routes;
mod rules;
