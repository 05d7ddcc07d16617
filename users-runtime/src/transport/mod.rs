//! Transports: how a token travels between client and server.

pub mod authorization;
pub mod cookie_header;
mod latin1;
