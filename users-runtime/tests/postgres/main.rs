//! The PostgreSQL store: the suite that judges every store, and what is PostgreSQL's own.

#[path = "../shared/links.rs"]
mod accounts;
#[path = "../shared/doctor.rs"]
mod cases;
mod conformance;
mod doctor;
mod errors;
#[path = "../shared/pending.rs"]
mod fields;
mod links;
#[path = "../shared/names.rs"]
mod long;
mod migrate;
mod names;
#[path = "../shared/namesakes.rs"]
mod namesakes;
mod outage;
mod pending;
mod plans;
mod retyped;
#[cfg(feature = "sea-orm")]
mod sea_orm;
mod server;
mod support;
mod taken_over;
#[cfg(feature = "oauth")]
mod tokens;
#[path = "../shared/users.rs"]
mod users;
#[path = "../shared/values.rs"]
mod values;
