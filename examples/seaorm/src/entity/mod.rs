//! The application's entities.

pub(crate) mod post;
pub(crate) mod user;
