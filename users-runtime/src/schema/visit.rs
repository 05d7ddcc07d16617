//! Walking over a schema's fields without knowing its type.

use std::fmt;

#[cfg(feature = "openapi")]
use crate::value::json_schema;
use crate::{
    password::Password,
    value::{Field, Presence, Value},
};

/// Is shown the fields of a [`Schema`](super::Schema).
pub trait Visitor {
    /// Is shown one field.
    fn field(&mut self, name: &'static str, field: &dyn FieldView);
}

/// A field of a schema, seen from outside.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be shown to clients: derive `Debug` and `serde::Serialize` for it",
    label = "this type needs `Debug` and `serde::Serialize`",
    note = "a field that no client sees or sends needs neither: `#[fastapi_users(access = private)]`"
)]
pub trait FieldView: fmt::Debug {
    /// The value to store; absent where the field was left out or is not stored as it is (a password).
    fn value(&self) -> Presence<Value>;

    /// The JSON to show; absent where the field was left out or is secret.
    fn json(&self) -> Presence<serde_json::Value>;

    /// The field's `Debug` form, which shows no secret.
    fn debug(&self) -> &dyn fmt::Debug;

    /// The password, where the field is one.
    fn password(&self) -> Option<&Password> {
        None
    }

    /// The JSON schema of the field's type.
    #[cfg(feature = "openapi")]
    fn shown_as() -> serde_json::Value
    where
        Self: Sized;

    /// Whether the field may be left out.
    #[cfg(feature = "openapi")]
    fn is_optional() -> bool
    where
        Self: Sized,
    {
        false
    }
}

#[diagnostic::do_not_recommend]
impl<T: Field + fmt::Debug + serde::Serialize> FieldView for T {
    fn value(&self) -> Presence<Value> {
        Presence::Present(self.to_value())
    }

    fn json(&self) -> Presence<serde_json::Value> {
        let json = self.to_json().or_else(|| serde_json::to_value(self).ok());
        json.map_or(Presence::Absent, Presence::Present)
    }

    fn debug(&self) -> &dyn fmt::Debug {
        self
    }

    #[cfg(feature = "openapi")]
    fn shown_as() -> serde_json::Value {
        let schema = T::json_schema();
        if T::NULLABLE {
            json_schema::nullable(schema)
        } else {
            schema
        }
    }
}

#[diagnostic::do_not_recommend]
impl<T: FieldView> FieldView for Presence<T> {
    fn value(&self) -> Presence<Value> {
        self.as_option().map_or(Presence::Absent, FieldView::value)
    }

    fn json(&self) -> Presence<serde_json::Value> {
        self.as_option().map_or(Presence::Absent, FieldView::json)
    }

    fn debug(&self) -> &dyn fmt::Debug {
        self
    }

    fn password(&self) -> Option<&Password> {
        self.as_option().and_then(FieldView::password)
    }

    #[cfg(feature = "openapi")]
    fn shown_as() -> serde_json::Value {
        T::shown_as()
    }

    #[cfg(feature = "openapi")]
    fn is_optional() -> bool {
        true
    }
}

#[diagnostic::do_not_recommend]
impl FieldView for Password {
    fn value(&self) -> Presence<Value> {
        Presence::Absent
    }

    fn json(&self) -> Presence<serde_json::Value> {
        Presence::Absent
    }

    fn debug(&self) -> &dyn fmt::Debug {
        self
    }

    fn password(&self) -> Option<&Password> {
        Some(self)
    }

    #[cfg(feature = "openapi")]
    fn shown_as() -> serde_json::Value {
        json_schema::password()
    }
}

#[diagnostic::do_not_recommend]
impl FieldView for Option<Password> {
    fn value(&self) -> Presence<Value> {
        Presence::Absent
    }

    fn json(&self) -> Presence<serde_json::Value> {
        match self {
            None => Presence::Present(serde_json::Value::Null),
            Some(_) => Presence::Absent,
        }
    }

    fn debug(&self) -> &dyn fmt::Debug {
        self
    }

    fn password(&self) -> Option<&Password> {
        self.as_ref()
    }

    #[cfg(feature = "openapi")]
    fn shown_as() -> serde_json::Value {
        json_schema::nullable(json_schema::password())
    }
}

/// The fields that a schema has, as JSON: those that were left out and secrets are not there.
pub fn to_json(schema: &impl super::Schema) -> serde_json::Map<String, serde_json::Value> {
    struct Fields(serde_json::Map<String, serde_json::Value>);
    impl Visitor for Fields {
        fn field(&mut self, name: &'static str, field: &dyn FieldView) {
            if let Presence::Present(json) = field.json() {
                self.0.insert(name.to_owned(), json);
            }
        }
    }
    let mut fields = Fields(serde_json::Map::new());
    schema.visit(&mut fields);
    fields.0
}
