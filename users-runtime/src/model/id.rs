//! The types that a primary key may have.

use super::Field;

/// A type that can be a user's primary key: `Uuid`, `i64`, `i32` or `String`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the id of a user",
    label = "not an id type",
    note = "use `Uuid`, `i64`, `i32` or `String`, or implement `users_runtime::UserId` for `{Self}`"
)]
pub trait UserId: Field + Clone + Eq + std::hash::Hash + std::fmt::Display + std::fmt::Debug + serde::Serialize {
    /// Reads an id from a path or a token's `sub`; `None` when the text is no id.
    ///
    /// A `Uuid` is read as generously as Python's `uuid.UUID` does: capitals, without hyphens, in braces, as `urn:uuid:`.
    fn parse(text: &str) -> Option<Self>;

    /// A new id, or `None` where the database assigns it.
    fn generate() -> Option<Self>;
}
