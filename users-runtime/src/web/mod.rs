//! The HTTP side of every feature: groups of routes, extractors, bodies and answers.

pub(crate) mod answers;
pub(crate) mod any_handler;
pub(crate) mod body;
pub(crate) mod clearing;
pub(crate) mod documented;
pub(crate) mod extract;
pub(crate) mod group;
pub(crate) mod mounted;
pub(crate) mod outcome;
pub(crate) mod parts;
pub(crate) mod refusals;
pub(crate) mod route;
pub(crate) mod serve;
mod serve_limits;
mod unlogged;
mod user_body;
mod user_parameters;

pub use crate::{features::limits::client_address::ClientAddresses, wire::routing::FastApiRouting};
pub use extract::ProvidesUsers;
pub use route::Route;
pub use serve::Serve;
pub use user_body::{SentByUser, UserBody, UserBodyRejection};
pub use user_parameters::{ParameterRejection, UserJson, UserPath, UserQuery};
