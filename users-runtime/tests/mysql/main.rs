//! The MySQL store, on MariaDB: the suite that judges every store, and what is these servers' own.

#[path = "../shared/links.rs"]
mod accounts;
#[path = "../shared/doctor.rs"]
mod cases;
mod conformance;
mod defaults;
mod doctor;
mod errors;
#[path = "../shared/pending.rs"]
mod fields;
mod links;
mod locks;
#[path = "../shared/names.rs"]
mod long;
mod migrate;
mod names;
#[path = "../shared/namesakes.rs"]
mod namesakes;
mod outage;
mod pending;
mod plans;
mod server;
mod support;
mod taken_over;
#[path = "../shared/users.rs"]
mod users;
#[path = "../shared/values.rs"]
mod values;
