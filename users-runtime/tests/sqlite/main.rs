//! The SQLite store: the suite that judges every store, and what is SQLite's own.

#[path = "../shared/links.rs"]
mod accounts;
#[path = "../shared/transactions.rs"]
mod applications;
#[path = "../shared/bound_ids.rs"]
mod bound_ids;
#[path = "../shared/doctor.rs"]
mod cases;
#[path = "../shared/commit.rs"]
mod commit;
mod conformance;
mod connect;
#[path = "../shared/constraints.rs"]
mod constraints;
mod crash;
#[path = "../shared/examined.rs"]
mod doctor;
#[path = "../shared/errors.rs"]
mod errors;
mod failures;
#[path = "../shared/pending.rs"]
mod fields;
mod fields_typed;
mod found;
mod ids;
#[path = "../shared/judged.rs"]
mod judged;
#[path = "../shared/keys.rs"]
mod keys;
#[path = "../shared/linked_once.rs"]
mod links;
#[path = "../shared/names.rs"]
mod long;
#[path = "../shared/migrate.rs"]
mod migrate;
mod names;
#[path = "../shared/namesakes.rs"]
mod namesakes;
mod odd_values;
mod original;
#[path = "../shared/pending_sql.rs"]
mod pending;
mod records;
mod renamed;
#[path = "../shared/shown.rs"]
mod shown;
mod standard;
mod statements;
#[path = "../shared/fields_typed.rs"]
mod suite;
mod support;
#[path = "../shared/taken_over.rs"]
mod taken_over;
mod transactions;
mod two_types;
#[path = "../shared/typed.rs"]
mod typed;
#[path = "../shared/typed_values.rs"]
mod typed_values;
mod unavailable;
#[path = "../shared/users.rs"]
mod users;
#[path = "../shared/values.rs"]
mod values;
