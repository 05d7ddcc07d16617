//! Events: what happens to users, typed, logged, and reported to the application.

pub(crate) mod acting;
pub(crate) mod event;
mod log;
mod rules;
