//! Names of tables and columns.

use proc_macro2::Span;
use syn::{Ident, LitStr, ext::IdentExt as _};

use crate::error::{self, Result};

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

/// A field's name in the schemas as it is given.
pub(super) fn wire(name: &LitStr) -> Result<String> {
    let value = name.value();
    let is_plain = value
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if is_plain && value.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') {
        return Ok(value);
    }
    let message = format!(
        "`{value}` is not a valid field name: use ASCII letters, digits, `_` and `-`, and start with a letter or `_`"
    );
    Err(error::at(name, message))
}

/// The column's name where it is the field's.
pub(super) fn column_of(ident: &Ident) -> Result<()> {
    let name = plain(ident);
    checked(&name, ident.span(), "column").map(drop).map_err(|_| {
        let told = format!(
            "`{name}` is not a valid column name: add `column = \"…\"` with at most {LONGEST} ASCII letters, digits and `_`"
        );
        error::at(ident, told)
    })
}

fn checked(name: &str, span: Span, what: &str) -> Result<String> {
    let starts_well = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    let is_plain = name
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    let told = if !starts_well || !is_plain {
        format!(
            "`{name}` is not a valid {what} name: use ASCII letters, digits and `_`, and do not start with a digit"
        )
    } else if name.len() > LONGEST {
        format!("a {what} name has at most {LONGEST} letters: choose a shorter one")
    } else if name.to_ascii_lowercase().starts_with("sqlite_") {
        format!(
            "names that start with `sqlite_` are reserved by SQLite: choose another name for the {what}"
        )
    } else {
        return Ok(name.to_owned());
    };
    Err(error::at(&span, told))
}
