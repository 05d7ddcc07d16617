//! Refusing what other sites make a browser do with a cookie (cross-site request forgery).

mod options;
mod origin;
mod routes;
mod rules;

pub use origin::InvalidOrigin;

pub(crate) use origin::Origin;
pub(crate) use routes::{Judged, own_site_only};
pub(crate) use rules::CrossSite;
