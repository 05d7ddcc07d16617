//! What the tests on private servers have in common.

pub(crate) mod server;
pub(crate) mod users;
