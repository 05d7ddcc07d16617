//! The MySQL store, on MariaDB: the suite that judges every store, and what is these servers' own.

mod conformance;
mod errors;
mod locks;
mod migrate;
mod outage;
mod plans;
#[path = "../private/mod.rs"]
mod private;
mod server;
mod support;
mod taken_over;
