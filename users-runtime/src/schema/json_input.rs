//! Reading a field that is stored as JSON out of a client's JSON.

use std::fmt;

#[cfg(feature = "openapi")]
use super::describe::SentField;
use super::{Input, rules::Check};
use crate::value::{JsonField, Presence, Problem, Viewer};

/// A field of any type that serde reads, and the check of its attributes.
#[must_use = "a field is read by the last call: `required`, `or`, `restricted`, `patch` or `restricted_patch`"]
pub struct JsonInput<'i, 'a, T> {
    pub(super) input: &'i mut Input<'a>,
    pub(super) name: &'static str,
    pub(super) check: Option<Check<T>>,
    #[cfg(feature = "openapi")]
    pub(super) json_schema: fn() -> serde_json::Value,
}

impl<T> fmt::Debug for JsonInput<'_, '_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsonInput")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl<T> JsonInput<'_, '_, T> {
    /// A function of the application's own; its error is shown to the client.
    pub const fn check(mut self, check: Check<T>) -> Self {
        self.check = Some(check);
        self
    }

    /// Documents the field's type with this JSON schema.
    #[cfg_attr(
        not(feature = "openapi"),
        expect(unused_variables, unused_mut, reason = "there is no document")
    )]
    pub const fn documented(mut self, json_schema: fn() -> serde_json::Value) -> Self {
        #[cfg(feature = "openapi")]
        {
            self.json_schema = json_schema;
        }
        self
    }
}

impl<T: JsonField> JsonInput<'_, '_, T> {
    /// The required field; `None` where it is missing or wrong.
    pub fn required(self) -> Option<T> {
        #[cfg(feature = "openapi")]
        self.describe(SentField::required);
        self.input.present(self.name)?;
        self.sent()
    }

    /// The field, or its default.
    pub fn or(self, default: fn() -> T) -> T {
        #[cfg(feature = "openapi")]
        self.describe(|field| or(field, default));
        self.sent().unwrap_or_else(default)
    }

    /// A field that only code and administrators set: validated, then replaced by its default unless an administrator sends it.
    pub fn restricted(self, default: fn() -> T) -> T {
        #[cfg(feature = "openapi")]
        self.describe(|field| or(field, default).for_admins());
        let is_admin = self.input.viewer == Viewer::Admin;
        self.sent().filter(|_| is_admin).unwrap_or_else(default)
    }

    /// The field of an update.
    pub fn patch(self) -> Presence<T> {
        #[cfg(feature = "openapi")]
        self.describe(|field| field);
        self.sent().into()
    }

    /// The field of an update that only administrators may change: validated, and absent for all others.
    pub fn restricted_patch(self) -> Presence<T> {
        #[cfg(feature = "openapi")]
        self.describe(SentField::for_admins);
        let is_admin = self.input.viewer == Viewer::Admin;
        self.sent().filter(|_| is_admin).into()
    }

    fn sent(self) -> Option<T> {
        let json = self.input.body.get(self.name)?;
        let read = json.deserialize::<T>().and_then(|value| match self.check {
            Some(check) => check(&value).map_err(Problem::value_error).map(|()| value),
            None => Ok(value),
        });
        self.input.judged(self.name, json, read)
    }

    #[cfg(feature = "openapi")]
    fn describe(&self, describe: impl FnOnce(SentField) -> SentField) {
        self.input.describe(|| {
            let mut field = SentField::new(self.name, (self.json_schema)());
            let example = self.input.body.get(self.name);
            field.takes_example = example.is_some_and(|json| json.deserialize::<T>().is_ok());
            describe(field)
        });
    }
}

/// The description with the default, unless it differs from call to call.
#[cfg(feature = "openapi")]
fn or<T: serde::Serialize>(field: SentField, default: fn() -> T) -> SentField {
    let as_json = |value: T| serde_json::to_value(value).unwrap_or_default();
    let (once, again) = (as_json(default()), as_json(default()));
    field.or(if once == again {
        once
    } else {
        serde_json::Value::Null
    })
}
