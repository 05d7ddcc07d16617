//! Tenants: to which one a request belongs, and the users of one tenant.

mod handler;
pub(crate) mod resolver;
mod rules;

pub(crate) use handler::in_tenant;
pub use resolver::TenantResolver;
