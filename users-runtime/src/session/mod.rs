//! How a user stays logged in: what a token is, and how it is sent.

mod backend;
mod login;
mod presented;
pub mod strategy;
pub mod transport;

pub use backend::Backend;
pub use login::{Issued, Login};
pub use presented::{Owner, Presented, SessionInfo};
