//! Login with a password or another proof, and logout.

mod attempt;
mod authenticate;
mod complete;
mod error;
mod logged_in;
mod proven;
pub(crate) mod routes;
mod rules;
mod username;

pub use attempt::LoginAttempt;
pub use error::LoginError;
pub use logged_in::LoggedIn;
pub(crate) use rules::NotIssued;
