//! The PostgreSQL store: the suite that judges every store, and what is PostgreSQL's own.

mod conformance;
mod errors;
mod migrate;
mod outage;
mod plans;
#[path = "../private/mod.rs"]
mod private;
mod server;
mod support;
mod taken_over;
