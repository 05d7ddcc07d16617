//! The store on SeaORM, over SQLite. Over PostgreSQL it is judged among that database's tests.

#[path = "../shared/transactions.rs"]
mod applications;
#[path = "../shared/doctor.rs"]
mod cases;
mod conformance;
mod doctor;
#[path = "../shared/errors.rs"]
mod errors;
mod failures;
mod fields_typed;
#[path = "../shared/judged.rs"]
mod judged;
#[path = "../shared/look_ups.rs"]
mod look_ups;
mod plans;
#[path = "../shared/recorded.rs"]
mod recorded;
mod schema;
#[path = "../shared/shown.rs"]
mod shown;
#[path = "../shared/fields_typed.rs"]
mod suite;
mod support;
mod transactions;
#[path = "../shared/typed.rs"]
mod typed;
#[path = "../shared/typed_values.rs"]
mod typed_values;
mod unavailable;
#[path = "../shared/values.rs"]
mod values;
