//! The store on SeaORM, over SQLite. Over PostgreSQL it is judged among that database's tests.

mod conformance;
mod errors;
mod schema;
mod support;
#[path = "../shared/values.rs"]
mod values;
