//! The MySQL store, on MariaDB: the suite that judges every store, and what is these servers' own.

mod conformance;
#[path = "../private/mod.rs"]
mod private;
mod server;
mod support;
