//! Names of tables and columns.

use darling::{Error, Result};
use proc_macro2::Span;
use syn::{Ident, LitStr, ext::IdentExt as _};

/// What every database allows in a name without quoting trouble, and no more than PostgreSQL's 63 bytes.
const LONGEST: usize = 63;

/// An identifier without `r#`.
pub(super) fn plain(ident: &Ident) -> String {
    ident.unraw().to_string()
}

/// The table's name: as it is given, or the struct's in small letters.
pub(super) fn table(given: Option<&LitStr>, ident: &Ident) -> Result<String> {
    match given {
        Some(name) => checked(&name.value(), name.span(), "table"),
        None => checked(&plain(ident).to_lowercase(), ident.span(), "table"),
    }
}

/// A column's name as it is given.
pub(super) fn column(name: &LitStr) -> Result<String> {
    checked(&name.value(), name.span(), "column")
}

/// The column's name where it is the field's.
pub(super) fn column_of(ident: &Ident) -> Result<()> {
    let name = plain(ident);
    checked(&name, ident.span(), "column").map(drop).map_err(|_| {
        let told = format!(
            "`{name}` is no name for a column: add `column = \"…\"`, of at most {LONGEST} letters of ASCII, digits and `_`"
        );
        Error::custom(told).with_span(ident)
    })
}

fn checked(name: &str, span: Span, what: &str) -> Result<String> {
    let starts_well = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    let is_plain = name
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    let told = if !starts_well || !is_plain {
        format!(
            "`{name}` is no name for a {what}: use letters of ASCII, digits and `_`, and no digit first"
        )
    } else if name.len() > LONGEST {
        format!("the name of a {what} has at most {LONGEST} letters")
    } else if name.to_ascii_lowercase().starts_with("sqlite_") {
        format!(
            "SQLite keeps names that start with `sqlite_` for itself: choose another name for the {what}"
        )
    } else {
        return Ok(name.to_owned());
    };
    Err(Error::custom(told).with_span(&span))
}
