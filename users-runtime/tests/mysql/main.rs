//! The MySQL store, on MariaDB: the suite that judges every store, and what is these servers' own.

#[path = "../shared/links.rs"]
mod accounts;
#[path = "../shared/outage.rs"]
mod away;
#[path = "../shared/doctor.rs"]
mod cases;
mod collations;
mod conformance;
#[path = "../shared/databases.rs"]
mod databases;
mod defaults;
mod doctor;
mod errors;
#[path = "../shared/existing_columns.rs"]
mod existing;
mod existing_columns;
#[path = "../shared/pending.rs"]
mod fields;
mod fields_typed;
#[path = "../shared/keys.rs"]
mod keys;
mod layouts;
mod links;
mod locks;
#[path = "../shared/names.rs"]
mod long;
#[path = "../shared/look_ups.rs"]
mod look_ups;
#[path = "../shared/migrate.rs"]
mod migrate;
mod names;
#[path = "../shared/namesakes.rs"]
mod namesakes;
#[path = "../shared/narrow_columns.rs"]
mod narrow_columns;
mod original;
mod outage;
#[path = "../shared/pending_sql.rs"]
mod pending;
mod plans;
mod server;
mod standard;
mod statements;
#[path = "../shared/fields_typed.rs"]
mod suite;
mod support;
#[path = "../shared/taken_over.rs"]
mod taken_over;
#[path = "../shared/typed.rs"]
mod typed;
mod unfinished;
#[path = "../shared/users.rs"]
mod users;
#[path = "../shared/values.rs"]
mod values;
