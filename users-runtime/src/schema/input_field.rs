//! Reading one of the application's own fields out of a client's JSON.

use std::fmt;

#[cfg(feature = "openapi")]
use super::describe::SentField;
use super::{
    Input,
    rules::{Check, Rules},
};
use crate::value::{Field, Presence, Value, Viewer};

/// A field that is about to be read, and the rules of its attributes.
#[derive(Debug)]
#[must_use = "a field is read by the last call: `required`, `or`, `restricted`, `patch` or `restricted_patch`"]
pub struct InputField<'i, 'a, T> {
    pub(super) input: &'i mut Input<'a>,
    pub(super) name: &'static str,
    pub(super) rules: Rules<T>,
}

impl<T> InputField<'_, '_, T> {
    /// At least this number of code points of text, or of bytes.
    pub const fn min_length(mut self, length: u32) -> Self {
        self.rules.min_length = Some(length);
        self
    }

    /// At most this number of code points of text, or of bytes.
    pub const fn max_length(mut self, length: u32) -> Self {
        self.rules.max_length = Some(length);
        self
    }

    /// At least this number.
    pub const fn ge(mut self, bound: f64) -> Self {
        self.rules.ge = Some(bound);
        self
    }

    /// At most this number.
    pub const fn le(mut self, bound: f64) -> Self {
        self.rules.le = Some(bound);
        self
    }

    /// More than this number.
    pub const fn gt(mut self, bound: f64) -> Self {
        self.rules.gt = Some(bound);
        self
    }

    /// Less than this number.
    pub const fn lt(mut self, bound: f64) -> Self {
        self.rules.lt = Some(bound);
        self
    }

    /// Text that this regular expression finds itself in; the derive has checked its syntax.
    pub const fn pattern(mut self, pattern: &'static str) -> Self {
        self.rules.pattern = Some(pattern);
        self
    }

    /// A function of the application's own; its error is shown to the client.
    pub const fn check(mut self, check: Check<T>) -> Self {
        self.rules.check = Some(check);
        self
    }
}

impl<T: Field + fmt::Debug + serde::Serialize> InputField<'_, '_, T> {
    /// The required field; `None` where it is missing or wrong. What may be `NULL` is not required.
    pub fn required(self) -> Option<T> {
        if T::NULLABLE {
            #[cfg(feature = "openapi")]
            self.describe(Self::description);
            return self.sent().or_else(|| T::from_value(Value::Null).ok());
        }
        #[cfg(feature = "openapi")]
        self.describe(|field| field.description().required());
        let json = self.input.present(self.name)?;
        self.input.judged_field(self.name, json, &self.rules)
    }

    /// The field, or its default.
    pub fn or(self, default: fn() -> T) -> T {
        #[cfg(feature = "openapi")]
        self.describe(|field| field.description_with(default));
        self.sent().unwrap_or_else(default)
    }

    /// A field that only code and administrators set: validated, then replaced by its default unless an administrator sends it.
    pub fn restricted(self, default: fn() -> T) -> T {
        #[cfg(feature = "openapi")]
        self.describe(|field| field.description_with(default).for_admins());
        let is_admin = self.input.viewer == Viewer::Admin;
        self.sent().filter(|_| is_admin).unwrap_or_else(default)
    }

    /// The field of an update.
    pub fn patch(self) -> Presence<T> {
        #[cfg(feature = "openapi")]
        self.describe(Self::description);
        self.sent().into()
    }

    /// The field of an update that only administrators may change: validated, and absent for all other clients.
    pub fn restricted_patch(self) -> Presence<T> {
        #[cfg(feature = "openapi")]
        self.describe(|field| field.description().for_admins());
        let is_admin = self.input.viewer == Viewer::Admin;
        self.sent().filter(|_| is_admin).into()
    }
}

impl<T: Field> InputField<'_, '_, T> {
    #[cfg(feature = "openapi")]
    fn describe(&self, describe: impl FnOnce(&Self) -> SentField) {
        self.input.describe(|| describe(self));
    }

    pub(super) fn sent(self) -> Option<T> {
        let json = self.input.body.get(self.name)?;
        self.input.judged_field(self.name, json, &self.rules)
    }
}
