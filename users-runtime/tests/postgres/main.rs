//! The PostgreSQL store: the suite that judges every store, and what is PostgreSQL's own.

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
mod links;
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
mod pooler;
#[cfg(feature = "sea-orm")]
#[path = "../shared/recorded.rs"]
mod recorded;
mod retyped;
#[cfg(feature = "sea-orm")]
mod sea_orm;
mod search_path;
mod server;
mod standard;
mod statement_log;
mod statements;
#[path = "../shared/fields_typed.rs"]
mod suite;
mod support;
#[path = "../shared/taken_over.rs"]
mod taken_over;
#[cfg(feature = "oauth")]
mod tokens;
#[path = "../shared/typed.rs"]
mod typed;
#[path = "../shared/users.rs"]
mod users;
#[path = "../shared/values.rs"]
mod values;
