//! A complete user system for axum.

#[cfg(feature = "conformance")]
pub mod conformance;
pub mod hooks;
pub mod model;
pub mod password;
pub mod schema;
pub mod store;
pub mod token;
pub mod transport;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use async_trait::async_trait;
pub use hooks::{Hooks, InvalidPassword, NoHooks, PasswordOf};
pub use model::{Account, Column, Field, FieldError, Kind, Presence, Role, UserId, UserModel, Value, Viewer};
pub use password::{Password, PasswordHash};
pub use store::{AccessTokenStore, StoreError, UserStore};
