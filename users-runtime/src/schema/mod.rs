//! The schemas: what clients send and receive, validated as Pydantic does it.

use std::fmt;

use crate::{
    password::Password,
    value::{Presence, Problem},
};

mod as_admin;
pub(crate) mod body;
#[cfg(feature = "openapi")]
pub(crate) mod describe;
pub(crate) mod echo;
mod input;
mod input_field;
mod json_input;
pub(crate) mod login;
mod member;
mod rules;
mod validation_error;
mod visit;

pub use crate::wire::json::Json;
pub use as_admin::AsAdmin;
pub use input::Input;
pub use input_field::InputField;
pub use json_input::JsonInput;
pub use member::{Member, View, member};
pub use rules::Check;
pub use validation_error::ValidationError;
pub use visit::{FieldView, Visitor, to_json};

/// The password of an update: absent and `None` both leave the old one.
pub type NewPassword = Presence<Option<Password>>;

/// A schema that the derive generates: its name and its fields.
pub trait Schema: fmt::Debug + Send + Sync + Sized + 'static {
    /// The schema's name, e.g. `UserRead`.
    const NAME: &'static str;
    /// Every field, in the schema's order.
    const FIELDS: &'static [&'static dyn Member<Self>];

    /// Shows every field, in the schema's order.
    fn visit(&self, visitor: &mut dyn Visitor) {
        for field in Self::FIELDS {
            field.show(self, visitor);
        }
    }
}

/// A schema that a client fills: registration or update.
pub trait InputSchema: Schema {
    /// Whether a field that the schema does not have is an error; otherwise it is ignored.
    const DENY_UNKNOWN: bool = false;
    /// Whether the application validates the address, so that one that a provider brings is validated as well.
    const CHECKS_EMAIL: bool = false;

    /// Validates the fields together, once each of them is valid. By default there are no such rules.
    ///
    /// # Errors
    ///
    /// What is wrong, as the client is shown it.
    fn validate(&self) -> Result<(), Problem> {
        Ok(())
    }

    /// Reads and validates every field; `None` when the input has collected at least one error.
    fn parse(input: &mut Input<'_>) -> Option<Self>;
}
