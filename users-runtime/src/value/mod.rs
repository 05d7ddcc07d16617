//! The values that structs, clients and stores exchange: what a field is, how it is read and how it is stored.

mod as_json;
pub(crate) mod coerce;
mod column;
mod field;
mod fields;
mod id;
pub(crate) mod json_schema;
mod kind;
mod list;
mod narrow;
#[cfg(feature = "mongodb")]
mod object_id;
mod presence;
mod problem;
mod row;
pub(crate) mod table;
mod user_field;
mod viewer;

pub(crate) use as_json::JsonRef;
pub use as_json::{AsJson, JsonField};
pub use column::{Column, Role};
pub use field::{Field, FieldError};
pub use id::UserId;
pub use kind::{Kind, Value};
pub use list::{ArrayField, ListItem};
pub use presence::Presence;
pub use problem::Problem;
pub(crate) use problem::Step;
pub use row::{Row, RowError};
pub(crate) use table::{RecordColumn, Table};
pub use user_field::UserField;
pub use viewer::Viewer;

#[cfg(feature = "mongodb")]
pub use ::mongodb::bson::oid::ObjectId;
