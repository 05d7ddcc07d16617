//! Which passwords may be chosen.

mod common;
mod options;
mod policy;
mod problem;
#[cfg(feature = "oauth")]
mod pwned;
mod rules;

pub use policy::PasswordPolicy;
pub use problem::PasswordProblem;
#[cfg(feature = "oauth")]
pub use pwned::PwnedPasswords;
