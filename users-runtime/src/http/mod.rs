//! The HTTP side: routes, extractors and answers.

pub(crate) mod body;
mod extract;
mod fastapi_routing;
mod parts;
mod rejections;
pub(crate) mod respond;
mod routes;

pub use extract::{Active, ActiveSuperuser, ActiveVerified, ActiveVerifiedSuperuser, AnyUser, CurrentUser, Guard, ProvidesUsers};
pub use fastapi_routing::fastapi_routing;
pub use routes::Route;
