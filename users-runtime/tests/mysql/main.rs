//! The MySQL store, on MariaDB: the suite that judges every store, and what is these servers' own.

mod conformance;
mod errors;
mod locks;
mod migrate;
mod outage;
mod plans;
mod server;
mod support;
mod taken_over;
#[path = "../shared/users.rs"]
mod users;
