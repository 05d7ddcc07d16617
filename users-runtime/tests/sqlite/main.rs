//! The SQLite store: the suite that judges every store, and what is SQLite's own.

#[path = "../shared/links.rs"]
mod accounts;
#[path = "../shared/doctor.rs"]
mod cases;
mod conformance;
mod connect;
mod crash;
mod doctor;
mod errors;
#[path = "../shared/pending.rs"]
mod fields;
mod fields_typed;
mod ids;
#[path = "../shared/keys.rs"]
mod keys;
mod links;
#[path = "../shared/names.rs"]
mod long;
#[path = "../shared/migrate.rs"]
mod migrate;
mod names;
#[path = "../shared/namesakes.rs"]
mod namesakes;
mod original;
#[path = "../shared/pending_sql.rs"]
mod pending;
mod records;
mod standard;
mod statements;
#[path = "../shared/fields_typed.rs"]
mod suite;
mod support;
#[path = "../shared/taken_over.rs"]
mod taken_over;
mod two_types;
#[path = "../shared/typed.rs"]
mod typed;
#[path = "../shared/users.rs"]
mod users;
#[path = "../shared/values.rs"]
mod values;
