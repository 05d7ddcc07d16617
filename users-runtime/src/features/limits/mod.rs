//! Limits against guessing: how often one client, and any number of them at one account, may try.

mod builder;
pub(crate) mod client_address;
mod forwarded;
mod keys;
mod known_browser;
pub(crate) mod limiter;
pub(crate) mod network;
pub(crate) mod routes;
mod rules;
mod shares;
mod text;
mod unlock;
pub(crate) mod unlock_route;

pub(crate) use keys::Limited;
pub(crate) use rules::CountedLogin;
pub(crate) use shares::in_shares;
