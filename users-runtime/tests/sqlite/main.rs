//! The SQLite store: the suite that judges every store, and what is SQLite's own.

mod conformance;
mod crash;
mod errors;
mod migrate;
mod support;
mod taken_over;
