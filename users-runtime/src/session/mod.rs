//! How a user stays logged in: what a token is, and how it is sent.

pub(crate) mod backend;
mod login;
mod presented;
pub(crate) mod strategy;
pub(crate) mod transport;

#[cfg(feature = "redis")]
pub use strategy::RedisStrategy;
pub use strategy::{
    EPOCHS, KeptSessions, LoggedOutSession, Refresh, RefreshTokens, RevocableJwtStrategy, SESSIONS,
    SessionOptions, SessionStrategy, Strategy, StrategyError, TokenOwner,
};
pub use transport::{
    InvalidCookie, SameSite, Transport, TransportError, authorization, cookie_header,
};

pub(crate) use backend::Backend;
pub use login::{Issued, Login};
pub use presented::{Owner, Presented, SessionInfo};
