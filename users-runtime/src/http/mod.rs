//! The HTTP side: routes, extractors and answers.

mod answers;
pub(crate) mod body;
mod clearing;
pub(crate) mod documented;
mod extract;
mod fastapi_routing;
pub(crate) mod outcome;
mod parts;
pub(crate) mod refusals;
pub(crate) mod respond;
pub(crate) mod routes;
mod serve;

pub use extract::{
    Active, ActiveSuperuser, ActiveVerified, ActiveVerifiedSuperuser, AnyUser, CurrentUser, Guard,
    ProvidesUsers,
};
pub use fastapi_routing::{FastApiRouting, fastapi_routing};
pub use routes::Route;
pub use serve::{Serve, serve};
