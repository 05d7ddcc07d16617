//! How keys are written: alone, with a value, or with keys of their own in parentheses.

use std::{fmt::Display, ops::Deref};

use darling::FromMeta;
use proc_macro2::Span;
use syn::{Expr, Ident, Lit, LitStr, Meta, Path, spanned::Spanned as _};

use super::keys::name as key;
use crate::error::{self, Error, Result};

/// What stands at a key, and where the key stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Keyed<T> {
    value: T,
    span: Span,
}

impl<T> Keyed<T> {
    pub(super) fn new(meta: &Meta, value: T) -> Self {
        Self {
            value,
            span: meta.path().span(),
        }
    }

    pub(crate) const fn span(&self) -> Span {
        self.span
    }

    pub(crate) fn into_inner(self) -> T {
        self.value
    }
}

impl<T> Deref for Keyed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: FromMeta> FromMeta for Keyed<T> {
    fn from_meta(meta: &Meta) -> Result<Self> {
        T::from_meta(meta).map(|value| Self::new(meta, value))
    }
}

/// The value after `=`, without the invisible parentheses that macros put around it; `None` where there is none.
pub(super) fn value(meta: &Meta) -> Option<&Expr> {
    let Meta::NameValue(pair) = meta else {
        return None;
    };
    let mut value = &pair.value;
    while let Expr::Group(group) = value {
        value = &group.expr;
    }
    Some(value)
}

/// The literal after `=`.
pub(super) fn literal(meta: &Meta) -> Option<&Lit> {
    match value(meta) {
        Some(Expr::Lit(literal)) => Some(&literal.lit),
        _ => None,
    }
}

/// A mistake at the value, or at the key where there is none.
pub(super) fn mistake(meta: &Meta, message: impl Display) -> Error {
    match value(meta) {
        Some(value) => error::at(value, message),
        None => error::at(meta.path(), message),
    }
}

/// Text in quotation marks.
pub(super) fn text(meta: &Meta) -> Result<LitStr> {
    match literal(meta) {
        Some(Lit::Str(text)) => Ok(text.clone()),
        _ => Err(mistake(
            meta,
            format!("this key takes text: write `{} = \"…\"`", key(meta)),
        )),
    }
}

/// The name of a type.
pub(super) fn name(meta: &Meta) -> Result<Ident> {
    let name = match value(meta) {
        Some(Expr::Path(path)) => path.path.get_ident(),
        _ => None,
    };
    let message = || {
        format!(
            "this key takes the name of a new type, without quotation marks: write `{} = Name`",
            key(meta)
        )
    };
    name.cloned().ok_or_else(|| mistake(meta, message()))
}

/// A path.
pub(super) fn path(meta: &Meta) -> Result<Path> {
    match value(meta) {
        Some(Expr::Path(path)) if path.qself.is_none() => Ok(path.path.clone()),
        _ => Err(mistake(
            meta,
            format!(
                "this key takes a path, without quotation marks: write `{} = ::users_runtime`",
                key(meta)
            ),
        )),
    }
}

/// The place of a key that takes no value.
pub(super) fn mark(meta: &Meta) -> Result<Span> {
    if let Meta::Path(path) = meta {
        return Ok(path.span());
    }
    let message = format!("`{0}` takes no value: write `{0}`", key(meta));
    Err(mistake(meta, message))
}

/// `true` or `false`.
pub(super) fn yes_or_no(meta: &Meta) -> Result<bool> {
    match literal(meta) {
        Some(Lit::Bool(flag)) => Ok(flag.value),
        _ => Err(mistake(
            meta,
            format!("write `{0} = true` or `{0} = false`", key(meta)),
        )),
    }
}

/// A number of letters.
pub(super) fn count(meta: &Meta) -> Result<Counted> {
    let number = match literal(meta) {
        Some(Lit::Int(number)) => number.base10_parse().ok().map(|count| Counted {
            count,
            span: number.span(),
        }),
        _ => None,
    };
    let message = || {
        format!(
            "a length is a whole number from 0 to {}: write `{} = 100`",
            u32::MAX,
            key(meta)
        )
    };
    number.ok_or_else(|| mistake(meta, message()))
}

/// A number of letters, and where it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counted {
    pub(crate) count: u32,
    pub(crate) span: Span,
}
