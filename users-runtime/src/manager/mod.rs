//! The rules of the user system: who may register, log in, verify, reset and change what. No HTTP and no SQL in it.

mod account_tokens;
mod authenticate;
mod background;
mod build_error;
mod builder;
mod by_email;
mod claim;
mod current;
mod delete;
mod errors;
mod fields;
mod login;
mod longest_body;
mod notify;
#[cfg(feature = "oauth")]
mod oauth;
mod parts_of_builder;
mod register;
mod reset;
mod sessions;
mod update;
mod username;
mod users;
mod verify;

pub use build_error::BuildError;
pub use builder::UsersBuilder;
pub use current::{Authenticated, Refused, Requirements, Session};
pub use errors::{DeleteError, RegisterError, ResetPasswordError, UpdateError, VerifyError};
pub(crate) use login::{NotIssued, Proof};
#[cfg(feature = "oauth")]
pub(crate) use oauth::OAuthRules;
#[cfg(feature = "oauth")]
pub use oauth::{OAuthError, UnlinkError};
pub use users::Users;
