//! The MySQL store, on MariaDB: the suite that judges every store, and what is these servers' own.

mod account_keys;
#[path = "../shared/links.rs"]
mod accounts;
#[path = "../shared/transactions.rs"]
mod applications;
#[path = "../shared/outage.rs"]
mod away;
#[path = "../shared/bound_ids.rs"]
mod bound_ids;
#[path = "../shared/doctor.rs"]
mod cases;
mod collations;
mod conformance;
#[path = "../shared/constraints.rs"]
mod constraints;
#[path = "../shared/databases.rs"]
mod databases;
mod defaults;
#[path = "../shared/examined.rs"]
mod doctor;
#[path = "../shared/errors.rs"]
mod errors;
#[path = "../shared/existing_columns.rs"]
mod existing;
mod existing_columns;
mod failures;
#[path = "../shared/pending.rs"]
mod fields;
mod fields_typed;
mod found;
#[path = "../shared/judged.rs"]
mod judged;
#[path = "../shared/keys.rs"]
mod keys;
mod layouts;
#[path = "../shared/linked_once.rs"]
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
mod odd_values;
mod original;
#[path = "../shared/outages.rs"]
mod outage;
#[path = "../shared/pending_sql.rs"]
mod pending;
mod plans;
mod server;
#[path = "../shared/server_errors.rs"]
mod server_errors;
mod sessions;
#[path = "../shared/shown.rs"]
mod shown;
#[path = "../shared/sqlx_transactions.rs"]
mod sqlx_transactions;
mod standard;
mod statements;
mod strict;
#[path = "../shared/fields_typed.rs"]
mod suite;
mod support;
#[path = "../shared/taken_over.rs"]
mod taken_over;
#[path = "../shared/typed.rs"]
mod typed;
#[path = "../shared/typed_values.rs"]
mod typed_values;
#[path = "../shared/unavailable.rs"]
mod unavailable;
mod unfinished;
#[path = "../shared/users.rs"]
mod users;
#[path = "../shared/values.rs"]
mod values;
