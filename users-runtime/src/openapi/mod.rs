//! The OpenAPI 3.1 document of everything that the struct and the builder switch on, and the page that shows it.
//!
//! It is made of the same list of routes that the routers are made of, and of the types that their handlers read and answer. The
//! page of the guide, `docs::openapi`, shows how it is merged with the application's own, and served.

mod api;
mod components;
mod convert;
mod guarded;
mod inlined;
mod operation;
mod operation_id;
mod page;
mod placed;
mod security;
#[cfg(feature = "swagger-ui")]
mod swagger;
#[cfg(test)]
mod tests;

pub use api::{Api, ApiError};
pub use operation_id::OperationRoute;
#[cfg(feature = "swagger-ui")]
pub use swagger::docs;
/// The crate whose [`OpenApi`](utoipa::openapi::OpenApi) the document is, in the version that it is made with.
pub use utoipa;

pub(crate) use inlined::inlined;
pub(crate) use operation::{Context, Operation};
pub(crate) use page::Page;
