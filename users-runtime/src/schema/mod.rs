//! The schemas: what clients send and are shown, judged as Pydantic judges it.

use std::fmt;

mod input;
mod json;
mod problem;
mod rules;
mod visit;

pub use input::Input;
pub use json::Json;
pub use problem::{Problem, ValidationError};
pub use rules::Rules;
pub use visit::{FieldView, Visitor};

pub(crate) use input::from_serde;

/// A schema that the derive generates: its name and its fields.
pub trait Schema: fmt::Debug + Send + Sync + 'static {
    /// The schema's name, e.g. `UserRead`.
    const NAME: &'static str;

    /// Shows every field, in the schema's order.
    fn visit(&self, visitor: &mut dyn Visitor);
}

/// A schema that a client fills: registration or update.
pub trait InputSchema: Schema + Sized {
    /// Reads and judges every field; `None` when the input has collected at least one error.
    fn parse(input: &mut Input<'_>) -> Option<Self>;
}
