//! Sessions that users see and end.

mod query;
pub(crate) mod routes;
mod rules;
