//! The Redis strategy on a real Redis: what it writes there, when it ends sessions, and what happens while Redis is away.

mod application;
mod ends;
mod outages;
mod tokens;
