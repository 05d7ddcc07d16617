//! What only FastAPI's wire explains: how JSON, forms, addresses, cookies and paths are read, and how answers are written.

pub mod authorization;
pub(crate) mod compat;
mod cookie_attributes;
pub mod cookie_header;
mod cookie_rules;
pub(crate) mod email;
pub(crate) mod form;
pub(crate) mod json;
mod latin1;
pub(crate) mod origin;
pub(crate) mod respond;
pub(crate) mod routing;
