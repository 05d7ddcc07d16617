//! The fields of a schema, which are known without a value of it.

use super::FieldView;

/// A field of the schema `S`.
pub trait Member<S> {
    /// The field's name.
    fn name(&self) -> &'static str;

    /// The field of one value.
    fn of<'s>(&self, schema: &'s S) -> &'s dyn FieldView;

    /// The JSON schema of the field's type.
    #[cfg(feature = "openapi")]
    fn json_schema(&self) -> serde_json::Value;

    /// Whether the field may be left out.
    #[cfg(feature = "openapi")]
    fn is_optional(&self) -> bool;
}

/// The field of this name, which `get` borrows from its schema.
pub const fn member<S, T: FieldView + 'static>(
    name: &'static str,
    get: fn(&S) -> &T,
) -> impl Member<S> {
    Typed { name, get }
}

struct Typed<S, T> {
    name: &'static str,
    get: fn(&S) -> &T,
}

impl<S, T: FieldView + 'static> Member<S> for Typed<S, T> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn of<'s>(&self, schema: &'s S) -> &'s dyn FieldView {
        (self.get)(schema)
    }

    #[cfg(feature = "openapi")]
    fn json_schema(&self) -> serde_json::Value {
        T::shown_as()
    }

    #[cfg(feature = "openapi")]
    fn is_optional(&self) -> bool {
        T::is_optional()
    }
}
