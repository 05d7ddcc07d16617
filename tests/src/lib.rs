//! Shared helpers of the HTTP suites: an application on a real socket with a database of its own, and what its hooks were told.

#![expect(
    clippy::missing_panics_doc,
    reason = "a helper that cannot go on fails its test"
)]

/// What the README shows, compiled.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
mod readme {}

mod app;
mod client;
mod clock;
mod example;
mod github;
mod hasher;
#[path = "../../users-runtime/tests/shared/keeper.rs"]
mod keeper;
#[cfg(not(feature = "servers"))]
pub mod left_out;
#[cfg(feature = "servers")]
#[path = "../../users-runtime/tests/shared/port.rs"]
mod port;
#[cfg(feature = "servers")]
mod redis_server;
mod serve;
mod user;
mod witness;

pub use app::{App, AppBuilder};
pub use client::{Answer, Client};
pub use clock::TestClock;
pub use example::example_binary;
pub use github::github;
pub use hasher::{Call, MARK, TestHasher};
pub use keeper::keep;
#[cfg(feature = "servers")]
pub use redis_server::RedisServer;
pub use serve::{Database, serve, until};
pub use user::{Event, Recorder, User, UserCreate, UserRead, UserUpdate};
pub use witness::Witness;

/// A secret that is long enough for HS256.
pub const SECRET: &str = "a secret of the tests, long enough for HS256";

/// A password that every policy of the tests accepts.
pub const PASSWORD: &str = "correct horse";
