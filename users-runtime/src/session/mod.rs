//! How a user stays logged in: what a token is, and how it travels.

mod backend;
pub mod strategy;
pub mod transport;

pub use backend::Backend;
