//! What a field's value must fulfil besides its type.

use std::{
    collections::HashMap,
    sync::{LazyLock, PoisonError, RwLock},
};

use regex::Regex;

use crate::value::{Field, Problem, Value};

/// A function of the application that validates a field; its error is shown to the client.
pub type Check<T> = fn(&T) -> Result<(), String>;

/// The validation of one field. `None` of an `Option` fulfils everything but the check.
#[derive(Debug)]
pub(super) struct Rules<T> {
    pub(super) min_length: Option<u32>,
    pub(super) max_length: Option<u32>,
    pub(super) ge: Option<f64>,
    pub(super) le: Option<f64>,
    pub(super) gt: Option<f64>,
    pub(super) lt: Option<f64>,
    pub(super) pattern: Option<&'static str>,
    pub(super) check: Option<Check<T>>,
}

impl<T> Rules<T> {
    /// No rule besides the type.
    pub(super) const NONE: Self = Self {
        min_length: None,
        max_length: None,
        ge: None,
        le: None,
        gt: None,
        lt: None,
        pattern: None,
        check: None,
    };
}

impl<T: Field> Rules<T> {
    /// The first rule that the value breaks.
    pub(super) fn judge(&self, field: &T) -> Result<(), Problem> {
        match field.to_value() {
            Value::Text(text) => self.judge_text(&text)?,
            Value::Bytes(bytes) => self.judge_length(bytes.len(), "bytes", "Data", "byte")?,
            // Bounds are small numbers; what a float cannot tell apart from them lies far away.
            #[expect(
                clippy::cast_precision_loss,
                reason = "compared with bounds that a float holds"
            )]
            Value::Int(number) => self.judge_number(number as f64, |bound| bound.fract() == 0.0)?,
            Value::Float(number) => self.judge_number(number, |_| false)?,
            _ => {}
        }
        self.check
            .map_or(Ok(()), |check| check(field).map_err(Problem::value_error))
    }

    fn judge_text(&self, text: &str) -> Result<(), Problem> {
        self.judge_length(text.chars().count(), "string", "String", "character")?;
        match self.pattern {
            Some(pattern) if !matches(pattern, text) => Err(Problem::pattern(pattern)),
            _ => Ok(()),
        }
    }

    fn judge_length(
        &self,
        length: usize,
        kind: &str,
        noun: &str,
        unit: &str,
    ) -> Result<(), Problem> {
        let told = |limit: u32, bound: &str, suffix: &str, key: &str| {
            let plural = if limit == 1 { "" } else { "s" };
            let message = format!("{noun} should have at {bound} {limit} {unit}{plural}");
            Problem::new(format!("{kind}_too_{suffix}"), message).with(key, limit)
        };
        match (self.min_length, self.max_length) {
            (Some(least), _) if length < least as usize => {
                Err(told(least, "least", "short", "min_length"))
            }
            (_, Some(most)) if length > most as usize => {
                Err(told(most, "most", "long", "max_length"))
            }
            _ => Ok(()),
        }
    }

    fn judge_number(&self, number: f64, whole: fn(f64) -> bool) -> Result<(), Problem> {
        let told = |kind: &'static str, words: &str, key: &str, bound: f64| {
            let problem = Problem::new(kind, format!("Input should be {words} {bound}"));
            #[expect(
                clippy::cast_possible_truncation,
                reason = "the bound was found to be a whole number"
            )]
            if whole(bound) {
                problem.with(key, bound as i64)
            } else {
                problem.with(key, bound)
            }
        };
        match *self {
            Self {
                le: Some(bound), ..
            } if number > bound => Err(told(
                "less_than_equal",
                "less than or equal to",
                "le",
                bound,
            )),
            Self {
                lt: Some(bound), ..
            } if number >= bound => Err(told("less_than", "less than", "lt", bound)),
            Self {
                ge: Some(bound), ..
            } if number < bound => Err(told(
                "greater_than_equal",
                "greater than or equal to",
                "ge",
                bound,
            )),
            Self {
                gt: Some(bound), ..
            } if number <= bound => Err(told("greater_than", "greater than", "gt", bound)),
            _ => Ok(()),
        }
    }
}

impl Problem {
    /// Text that a pattern does not find itself in.
    pub(super) fn pattern(pattern: &str) -> Self {
        Self::new(
            "string_pattern_mismatch",
            format!("String should match pattern '{pattern}'"),
        )
        .with("pattern", pattern)
    }
}

/// Whether the pattern finds itself in the text. A pattern is compiled once; there are as many as the structs declare.
fn matches(pattern: &'static str, text: &str) -> bool {
    static COMPILED: LazyLock<RwLock<HashMap<&'static str, Option<Regex>>>> =
        LazyLock::new(RwLock::default);
    let find = |regex: &Option<Regex>| regex.as_ref().is_some_and(|regex| regex.is_match(text));
    if let Some(regex) = COMPILED
        .read()
        .unwrap_or_else(PoisonError::into_inner)
        .get(pattern)
    {
        return find(regex);
    }
    let mut compiled = COMPILED.write().unwrap_or_else(PoisonError::into_inner);
    find(
        compiled
            .entry(pattern)
            .or_insert_with(|| Regex::new(pattern).ok()),
    )
}
