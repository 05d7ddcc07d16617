//! The fields of schemas, which are known without a value of it.

use std::fmt;

use super::{FieldView, Visitor};
use crate::value::{JsonRef, Presence};

/// A field of the schema `S`.
pub trait Member<S> {
    /// The field's name.
    fn name(&self) -> &'static str;

    /// Shows the field of one value.
    fn show(&self, schema: &S, visitor: &mut dyn Visitor);

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
    show: fn(&'static str, &T, &mut dyn Visitor),
    #[cfg(feature = "openapi")]
    json_schema: fn() -> serde_json::Value,
    #[cfg(feature = "openapi")]
    is_optional: fn() -> bool,
}

impl<T: FieldView + 'static> View<T> {
    /// What a schema does with a field of this type.
    pub(crate) const fn new() -> Self {
        Self {
            show: |name, field, visitor| visitor.field(name, field),
            #[cfg(feature = "openapi")]
            json_schema: T::shown_as,
            #[cfg(feature = "openapi")]
            is_optional: T::is_optional,
        }
    }
}

impl<T: fmt::Debug + serde::Serialize + 'static> View<T> {
    /// What a schema does with a field that is shown, and stored, as serde writes it.
    pub(crate) const fn json<const NULLABLE: bool>() -> Self {
        Self {
            show: |name, field, visitor| visitor.field(name, &JsonRef::<_, NULLABLE>(field)),
            #[cfg(feature = "openapi")]
            json_schema: || serde_json::json!({}),
            #[cfg(feature = "openapi")]
            is_optional: || false,
        }
    }
}

impl<T: fmt::Debug + serde::Serialize + 'static> View<Presence<T>> {
    /// The same for a field that may be left out.
    pub(crate) const fn json_presence<const NULLABLE: bool>() -> Self {
        Self {
            show: |name, field, visitor| {
                let field: Presence<_> = field.as_option().map(JsonRef::<_, NULLABLE>).into();
                visitor.field(name, &field);
            },
            #[cfg(feature = "openapi")]
            json_schema: || serde_json::json!({}),
            #[cfg(feature = "openapi")]
            is_optional: || true,
        }
    }
}

impl<T> View<T> {
    /// Documents the field's type with this JSON schema.
    #[cfg_attr(
        not(feature = "openapi"),
        expect(unused_variables, unused_mut, reason = "there is no document")
    )]
    pub(crate) const fn documented(mut self, json_schema: fn() -> serde_json::Value) -> Self {
        #[cfg(feature = "openapi")]
        {
            self.json_schema = json_schema;
        }
        self
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

    fn show(&self, schema: &S, visitor: &mut dyn Visitor) {
        (self.view.show)(self.name, (self.get)(schema), visitor);
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
