//! The user system that an application holds, how it is built, and what several features use. No HTTP and no SQL in it.

mod account_tokens;
mod assembly;
pub(crate) mod background;
mod build_error;
mod builder;
pub(crate) mod claim;
mod current;
mod errors;
pub(crate) mod fields;
pub mod hooks;
mod jwt_claims;
mod longest_body;
pub(crate) mod new_user;
pub(crate) mod notify;
mod options;
pub(crate) mod registration;
mod secure;
mod sessions;
mod set;
mod system;
#[cfg(feature = "oauth")]
pub(crate) mod tickets;
mod transaction;
pub(crate) mod watch;

pub use build_error::BuildError;
pub use builder::UsersBuilder;
pub use current::{ActingUser, Authenticated, Refused, Requirements, Session};
pub(crate) use errors::RefusedPassword;
pub use errors::{
    DeleteError, RegisterError, ResetPasswordError, UnlockError, UpdateError, VerifyError,
};
pub use new_user::{FieldNotSet, NewUser};
pub use registration::{LoginContext, RegisteredBy, Registration};
pub use system::Users;
pub use transaction::UsersTransaction;
