//! Reading a schema's fields out of a client's JSON, all errors at once.

use serde::de::DeserializeOwned;

use super::{Json, Problem, Rules, ValidationError};
use crate::{
    model::{Field, Presence, Viewer},
    password::Password,
};

/// A client's JSON body on its way into a schema.
#[derive(Debug)]
pub struct Input<'a> {
    json: &'a Json,
    viewer: Viewer,
    errors: Vec<ValidationError>,
}

impl<'a> Input<'a> {
    /// Reads `json` as whoever sends it.
    pub fn new(json: &'a Json, viewer: Viewer) -> Self {
        let _ = (&json, viewer);
        todo!()
    }

    /// What was wrong, in the order of the schema's fields.
    pub fn into_errors(self) -> Vec<ValidationError> {
        let _ = (self.json, self.viewer);
        self.errors
    }

    /// The required `email` of a registration, validated and normalised.
    pub fn email(&mut self) -> Option<String> {
        todo!()
    }

    /// The required `password` of a registration.
    pub fn password(&mut self) -> Option<Password> {
        todo!()
    }

    /// A flag of a registration: judged, then replaced by `default`, since nobody promotes themselves.
    pub fn flag(&mut self, _name: &'static str, _default: bool) -> Option<bool> {
        todo!()
    }

    /// A required field.
    pub fn required<T: Field + DeserializeOwned>(&mut self, _name: &'static str, _rules: Rules<T>) -> Option<T> {
        todo!()
    }

    /// A field with a default.
    pub fn optional<T: Field + DeserializeOwned>(
        &mut self,
        _name: &'static str,
        _rules: Rules<T>,
        _default: fn() -> T,
    ) -> Option<T> {
        todo!()
    }

    /// A field that only code and administrators set: judged, then replaced by `default` unless an administrator sends it.
    pub fn restricted<T: Field + DeserializeOwned>(
        &mut self,
        _name: &'static str,
        _rules: Rules<T>,
        _default: fn() -> T,
    ) -> Option<T> {
        todo!()
    }

    /// The `email` of an update, validated and normalised; `null` is refused.
    pub fn new_email(&mut self) -> Option<Presence<String>> {
        todo!()
    }

    /// The `password` of an update; `null` means no change.
    pub fn new_password(&mut self) -> Option<Presence<Option<Password>>> {
        todo!()
    }

    /// A flag of an update: judged; absent unless an administrator sends it, who may not send `null`.
    pub fn new_flag(&mut self, _name: &'static str) -> Option<Presence<bool>> {
        todo!()
    }

    /// A field of an update.
    pub fn patch<T: Field + DeserializeOwned>(&mut self, _name: &'static str, _rules: Rules<T>) -> Option<Presence<T>> {
        todo!()
    }

    /// A field of an update that only administrators may change: judged, and absent for everybody else.
    pub fn restricted_patch<T: Field + DeserializeOwned>(
        &mut self,
        _name: &'static str,
        _rules: Rules<T>,
    ) -> Option<Presence<T>> {
        todo!()
    }
}

pub(crate) fn from_serde<T: DeserializeOwned>(_input: &Json) -> Result<T, Problem> {
    todo!()
}
