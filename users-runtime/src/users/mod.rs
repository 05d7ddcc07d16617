//! The user system that an application holds, how it is built, and what several features use. No HTTP and no SQL in it.

mod account_tokens;
mod assembly;
pub(crate) mod background;
mod build;
pub(crate) mod build_error;
pub(crate) mod builder;
pub(crate) mod claim;
pub(crate) mod current;
pub(crate) mod errors;
pub(crate) mod fields;
pub(crate) mod hooks;
mod jwt_claims;
mod longest_body;
pub(crate) mod new_user;
mod not_built;
pub(crate) mod notify;
mod options;
pub(crate) mod registration;
mod secure;
mod sessions;
mod set;
mod show;
pub(crate) mod sources;
pub(crate) mod system;
#[cfg(feature = "oauth")]
pub(crate) mod tickets;
mod transaction;
pub(crate) mod watch;

pub(crate) use build_error::BuildError;
pub(crate) use builder::UsersBuilder;
pub use current::{ActingUser, Authenticated, Session};
pub(crate) use current::{Refused, Requirements};
pub(crate) use errors::{
    DeleteError, RefusedPassword, RegisterError, ResetPasswordError, UnlockError, UpdateError,
    VerifyError,
};
pub(crate) use new_user::FieldNotSet;
pub use new_user::NewUser;
pub(crate) use registration::{LoginContext, RegisteredBy, Registration};
pub(crate) use system::Users;
pub use transaction::UsersTransaction;
