//! Records on MongoDB: a collection for each declared table.

mod check;
mod conditions;
mod indexes;
mod layout;
mod operations;
mod owners;

pub(super) use owners::Owned;
