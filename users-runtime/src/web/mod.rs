//! The HTTP side of every feature: groups of routes, extractors, bodies and answers.

pub(crate) mod answers;
pub(crate) mod body;
pub(crate) mod clearing;
pub(crate) mod documented;
mod extract;
pub(crate) mod group;
pub(crate) mod mounted;
pub(crate) mod outcome;
pub(crate) mod parts;
pub(crate) mod refusals;
pub(crate) mod route;
mod serve;
mod serve_limits;
mod user_body;

pub use extract::{
    Active, ActiveSuperuser, ActiveVerified, ActiveVerifiedSuperuser, AnyUser, CurrentUser, Guard,
    ProvidesUsers,
};
pub use route::Route;
pub use serve::{Serve, serve};
pub use user_body::{SentByUser, UserBody, UserBodyRejection};
