//! A row of a described table, or the arguments of an operation on one.

use chrono::{DateTime, Utc};

use crate::value::{Field, FieldError, Value};

/// Named values: a row of a [`Table`](super::Table), or the arguments of an operation on one.
///
/// Its `Debug` shows the names, never the values.
#[derive(Clone, Default, PartialEq)]
pub struct Record(Vec<(&'static str, Value)>);

impl Record {
    /// No values.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// The values of a row, whose columns' names are all different.
    #[cfg_attr(
        not(any(feature = "sqlite", feature = "postgres", feature = "mysql")),
        expect(dead_code, reason = "SQL has rows")
    )]
    pub(crate) fn of_columns(columns: impl Iterator<Item = (&'static str, Value)>) -> Self {
        Self(columns.collect())
    }

    /// The record with one more value, in place of an earlier one of this name.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<RecordValue>) -> Self {
        self.set(name, value);
        self
    }

    /// Sets a value, in place of an earlier one of this name.
    pub fn set(&mut self, name: &'static str, value: impl Into<RecordValue>) {
        let RecordValue(value) = value.into();
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, slot)) => *slot = value,
            None => self.0.push((name, value)),
        }
    }

    /// The value of this name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let found = self.0.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value)
    }

    /// Every name with its value, in the order in which they were set.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        self.0.iter().map(|(name, value)| (*name, value))
    }

    /// The value of this name as a field's type: a missing value is read as `NULL`.
    ///
    /// # Errors
    ///
    /// When the value is not one that the type can have.
    pub fn read<T: Field>(&self, name: &str) -> Result<T, FieldError> {
        T::from_value(self.get(name).cloned().unwrap_or(Value::Null))
    }

    /// The instant of this name, from microseconds since the Unix epoch; `None` where it is `NULL`, missing or none.
    pub fn instant(&self, name: &str) -> Option<DateTime<Utc>> {
        match self.get(name) {
            Some(Value::Int(micros)) => DateTime::from_timestamp_micros(*micros),
            _ => None,
        }
    }

    /// The text of this name; `None` where it is `NULL`, missing or none.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }
}

impl Record {
    /// Takes the text of this name out of the record; `None` where it is `NULL`, missing or none.
    pub(crate) fn take_text(&mut self, name: &str) -> Option<String> {
        let found = self.0.iter_mut().find(|(known, _)| *known == name);
        match found.map(|(_, value)| std::mem::replace(value, Value::Null)) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }
}

impl std::fmt::Debug for Record {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|(name, _)| name))
            .finish()
    }
}

/// What a [`Record`] takes as a value: a [`Value`], or what becomes one.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordValue(pub Value);

impl From<Value> for RecordValue {
    fn from(value: Value) -> Self {
        Self(value)
    }
}

impl From<String> for RecordValue {
    fn from(text: String) -> Self {
        Self(Value::Text(text))
    }
}

impl From<&str> for RecordValue {
    fn from(text: &str) -> Self {
        Self(Value::Text(text.to_owned()))
    }
}

impl From<i64> for RecordValue {
    fn from(number: i64) -> Self {
        Self(Value::Int(number))
    }
}

impl From<bool> for RecordValue {
    fn from(value: bool) -> Self {
        Self(Value::Bool(value))
    }
}

impl From<DateTime<Utc>> for RecordValue {
    /// Microseconds since the Unix epoch.
    fn from(instant: DateTime<Utc>) -> Self {
        Self(Value::Int(instant.timestamp_micros()))
    }
}

impl<T: Into<Self>> From<Option<T>> for RecordValue {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self(Value::Null), Into::into)
    }
}
