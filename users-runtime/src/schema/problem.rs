//! What is wrong with a value, in Pydantic's words.

/// What is wrong with one value.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    kind: &'static str,
}

/// A problem and where it is: one entry of a 422's `detail`.
#[derive(Clone, Debug, PartialEq)]
pub struct ValidationError {
    problem: Problem,
}
