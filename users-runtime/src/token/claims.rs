//! What a token says.

use std::{
    fmt,
    time::{Duration, SystemTime},
};

use serde_json::Value;

use super::unix_seconds;
use crate::wire::json::{self, Json};

/// What a token says (RFC 7519, section 4), in the order in which it is written. `Debug` shows the names only.
///
/// ```
/// use std::time::Duration;
/// use users_runtime::token::Claims;
///
/// let claims = Claims::new().with("sub", "7").with("aud", vec!["fastapi-users:auth"]).expiring(Some(Duration::from_mins(1)));
/// assert_eq!(claims.text("sub"), Some("7"));
/// ```
#[derive(Clone, Default, PartialEq)]
pub struct Claims(Vec<(String, Value)>);

impl Claims {
    /// No claims.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds a claim at the end, or replaces the one with this name where it is.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        let (name, value) = (name.into(), value.into());
        match self.0.iter_mut().find(|(present, _)| *present == name) {
            Some(claim) => claim.1 = value,
            None => self.0.push((name, value)),
        }
        self
    }

    /// Adds `exp`, this duration from now and rounded down to seconds; `None` adds nothing, and the token never expires.
    #[must_use]
    pub fn expiring(self, lifetime: Option<Duration>) -> Self {
        let Some(lifetime) = lifetime else {
            return self;
        };
        let now = SystemTime::now();
        // A lifetime beyond the range of the clock is for ever, too.
        match now.checked_add(lifetime) {
            Some(end) => self.with("exp", unix_seconds(end)),
            None => self,
        }
    }

    /// The claim with this name.
    ///
    /// Of a token that was read, numbers that JSON cannot express are `null` (`NaN` and infinities, which Python writes), and
    /// whole numbers beyond 64 bits are floats.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0
            .iter()
            .rev()
            .find(|(present, _)| present == name)
            .map(|(_, value)| value)
    }

    /// The claim with this name, where it is a text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    pub(super) fn members(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    pub(super) fn read(claims: &Json) -> Self {
        let Json::Object(members) = claims else {
            return Self::new();
        };
        Self(
            members
                .iter()
                .map(|(name, json)| (name.clone(), value(json)))
                .collect(),
        )
    }
}

impl fmt::Debug for Claims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Claims")?;
        f.debug_set()
            .entries(self.0.iter().map(|(name, _)| name))
            .finish()
    }
}

/// A text that is one object; `None` for everything else.
pub(super) fn object(bytes: &[u8]) -> Option<Json> {
    json::read(bytes)
        .ok()
        .filter(|json| matches!(json, Json::Object(_)))
}

fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(bool) => (*bool).into(),
        Json::Int(int) => (*int).into(),
        // Beyond 64 bits a number is read as the nearest float.
        Json::BigInt(digits) => digits
            .parse::<u64>()
            .map_or_else(|_| digits.parse::<f64>().ok().into(), Value::from),
        Json::Float(float) => (*float).into(),
        Json::Text(text) => text.as_str().into(),
        Json::Surrogates => char::REPLACEMENT_CHARACTER.to_string().into(),
        Json::List(items) => items.iter().map(value).collect(),
        Json::Object(members) => members
            .iter()
            .map(|(name, json)| (name.clone(), value(json)))
            .collect(),
    }
}
