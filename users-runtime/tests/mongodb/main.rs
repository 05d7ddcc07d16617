//! The MongoDB store on SecantusDB: the suite that judges every store, and what is MongoDB's own.
//!
//! SecantusDB speaks MongoDB's protocol. What it does otherwise than MongoDB, as far as the store notices:
//!
//! - its compound index on two fields of an array has every combination of their values as keys, where MongoDB has the pairs, so
//!   that it refuses some accounts that nobody has;
//! - it does not use that index to find an account, and says so;
//! - it takes binaries of one content for equal whatever their subtypes, and orders them so;
//! - its collation tells a NUL from nothing;
//! - it stores documents that are nested more deeply than a hundred levels.

mod account_indexes;
mod accounts;
#[path = "../shared/transactions.rs"]
#[allow(dead_code, reason = "its statements are SQL")]
mod applications;
mod conformance;
mod delete;
mod doctor;
mod errors;
mod fields_typed;
#[path = "../shared/judged.rs"]
mod judged;
mod legacy_uuids;
mod limits;
mod migrate;
mod numbers;
mod outage;
mod pending;
mod plans;
mod records;
mod relations;
mod server;
#[path = "../shared/shown.rs"]
mod shown;
#[path = "../shared/fields_typed.rs"]
mod suite;
mod support;
mod taken_over;
mod transactions;
#[path = "../shared/typed.rs"]
mod typed;
#[path = "../shared/typed_values.rs"]
mod typed_values;
#[path = "../shared/values.rs"]
mod values;
