//! The capabilities of the user system, one folder each: its rules are methods of [`Users`](crate::Users), its routes a
//! [`Group`](crate::web::group::Group).

pub(crate) mod account;
pub(crate) mod administration;
pub(crate) mod cross_site;
pub(crate) mod events;
pub(crate) mod limits;
pub(crate) mod login;
#[cfg(feature = "oauth")]
pub(crate) mod oauth;
pub(crate) mod passwords;
pub(crate) mod refresh;
pub(crate) mod register;
pub(crate) mod reset;
pub(crate) mod routers;
pub(crate) mod sessions;
pub(crate) mod tenants;
pub(crate) mod verify;
