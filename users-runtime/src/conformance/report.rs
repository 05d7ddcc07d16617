//! What the checks have found.

use std::fmt;

/// What the checks have found.
#[derive(Debug, Default)]
#[must_use = "a report may list failures: `assert` panics then"]
pub struct Report {
    outcomes: Vec<Outcome>,
}

/// What one check has found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcome {
    /// The check's name, a sentence about stores.
    pub check: String,
    /// What went wrong, if anything.
    pub failure: Option<String>,
}

impl Report {
    /// Every check, in the order in which they ran.
    pub fn outcomes(&self) -> &[Outcome] {
        &self.outcomes
    }

    /// The checks that failed.
    pub fn failures(&self) -> impl Iterator<Item = &Outcome> {
        self.outcomes
            .iter()
            .filter(|outcome| outcome.failure.is_some())
    }

    /// Panics with every failure, for the end of a test.
    ///
    /// # Panics
    ///
    /// When a check failed, or none ran.
    pub fn assert(&self) {
        assert!(!self.outcomes.is_empty(), "no check ran");
        assert!(self.failures().next().is_none(), "{self}");
    }

    pub(super) fn add(&mut self, check: &str, result: Result<(), Failed>) {
        let check = check
            .replace(" :: ", "::")
            .replace("::", " ")
            .replace('_', " ");
        self.outcomes.push(Outcome {
            check,
            failure: result.err().map(|failed| failed.0),
        });
    }

    pub(super) fn append(&mut self, mut other: Self) {
        self.outcomes.append(&mut other.outcomes);
    }

    pub(super) fn extend(&mut self, prefix: &str, other: Self) {
        let named = |outcome: Outcome| Outcome {
            check: format!("{prefix}: {}", outcome.check),
            ..outcome
        };
        self.outcomes.extend(other.outcomes.into_iter().map(named));
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let failures = self.failures().count();
        write!(f, "{failures} of {} checks failed", self.outcomes.len())?;
        for Outcome { check, failure } in self.failures() {
            write!(f, "\n- {check}: {}", failure.as_deref().unwrap_or_default())?;
        }
        Ok(())
    }
}

/// Why a check failed.
#[derive(Debug)]
pub(super) struct Failed(pub(super) String);

impl<E: std::error::Error> From<E> for Failed {
    fn from(error: E) -> Self {
        let mut text = format!("{error:?}");
        let mut source = error.source();
        while let Some(error) = source {
            text = format!("{text}: {error}");
            source = error.source();
        }
        Self(text)
    }
}

/// Fails a check unless a condition holds.
macro_rules! ensure {
    ($condition:expr, $($message:tt)+) => {
        // Not `!condition`: this also reads well with comparisons.
        if $condition {
        } else {
            return Err(crate::conformance::report::Failed(format!($($message)+)));
        }
    };
}
pub(super) use ensure;
