//! JSON as Python reads it.

/// A JSON value as Python's reader understands it.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// `null`
    Null,
}
