//! The attributes as they are written, each with the place where it stands.
//!
//! Nothing is judged here but the form of each key; what a key means together with others is the model's business.

mod field;
mod forms;
mod limits;
mod salvage;
mod user;
mod values;

pub(crate) use field::{DefaultAttr, FieldAttrs, LengthAttr, RangeAttr};
pub(crate) use forms::{Keyed, reworded};
pub(crate) use limits::{LimitText, LimitsAttr};
pub(crate) use user::{BackendAttr, Prefix, RoutesAttr, SchemasAttr, UserAttrs};
pub(crate) use values::{Access, Audience, Strategy, Transport, Word};
