//! Sessions that users see and end.

pub(crate) mod routes;
mod rules;
