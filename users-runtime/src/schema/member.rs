//! The fields of schemas, which are known without a value of it.

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
    Typed {
        name,
        get,
        view: View::new(),
    }
}

/// What a schema does with a field of type `T`: known where the type is known to have [`FieldView`], and used where it is not.
#[derive(Debug)]
pub struct View<T> {
    of: fn(&T) -> &dyn FieldView,
    #[cfg(feature = "openapi")]
    json_schema: fn() -> serde_json::Value,
    #[cfg(feature = "openapi")]
    is_optional: fn() -> bool,
}

impl<T: FieldView + 'static> View<T> {
    /// What a schema does with a field of this type.
    pub(crate) const fn new() -> Self {
        Self {
            of: |field| field,
            #[cfg(feature = "openapi")]
            json_schema: T::shown_as,
            #[cfg(feature = "openapi")]
            is_optional: T::is_optional,
        }
    }
}

impl<T: 'static> View<T> {
    /// The field of this name, which `get` borrows from its schema.
    pub(crate) const fn member<S>(self, name: &'static str, get: fn(&S) -> &T) -> impl Member<S> {
        Typed {
            name,
            get,
            view: self,
        }
    }
}

struct Typed<S, T> {
    name: &'static str,
    get: fn(&S) -> &T,
    view: View<T>,
}

impl<S, T: 'static> Member<S> for Typed<S, T> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn of<'s>(&self, schema: &'s S) -> &'s dyn FieldView {
        (self.view.of)((self.get)(schema))
    }

    #[cfg(feature = "openapi")]
    fn json_schema(&self) -> serde_json::Value {
        (self.view.json_schema)()
    }

    #[cfg(feature = "openapi")]
    fn is_optional(&self) -> bool {
        (self.view.is_optional)()
    }
}
