//! The attributes as they are written, each with the place where it stands.
//!
//! Nothing is validated here but the form of each key; what a key means together with others is the model's business. A key with a
//! mistake is left out, so that the mistakes of the others are found in the same compile.

mod backend;
mod case;
mod computed;
mod events;
mod field;
mod forms;
mod keys;
mod limits;
mod nearest;
mod routes;
mod schema_checks;
mod serde;
mod synonyms;
mod user;
mod values;

#[cfg(test)]
pub(crate) use limits::LimitRulesAttr;
#[cfg(test)]
pub(crate) use user::StructKeys;

pub(crate) use backend::BackendAttr;
pub(crate) use case::Case;
pub(crate) use computed::ComputedAttr;
pub(crate) use events::EventsAttr;
pub(crate) use field::{DefaultAttr, FieldAttrs, FieldKeys, LengthAttr, RangeAttr};
pub(crate) use forms::Keyed;
pub(crate) use limits::{LimitText, LimitsAttr};
pub(crate) use routes::{Prefix, RoutesAttr};
pub(crate) use schema_checks::SchemaChecksAttr;
pub(crate) use user::{SchemasAttr, UserAttrs};
pub(crate) use values::{Access, Audience, RouteName, Strategy, Transport, Word};
