//! How keys are written: alone, with a value, or with keys of their own in parentheses.

use std::{fmt::Display, ops::Deref};

use darling::{
    Error, FromMeta, Result,
    util::{Flag, SpannedValue},
};
use proc_macro2::Span;
use syn::{Expr, Ident, Lit, LitStr, Meta, Path, spanned::Spanned as _};

/// What stands at a key, and where the key stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Keyed<T> {
    value: T,
    span: Span,
}

/// What stands at a key that can be written in some ways only.
pub(crate) trait Form: FromMeta {
    /// What is said of every other way.
    const TOLD: &'static str;

    /// Whether the key is written in one of the ways.
    fn fits(meta: &Meta) -> bool {
        matches!(meta, Meta::List(_))
    }
}

impl<T> Keyed<T> {
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

impl<T: Form> FromMeta for Keyed<T> {
    fn from_meta(meta: &Meta) -> Result<Self> {
        let span = meta.path().span();
        let value = if T::fits(meta) {
            T::from_meta(meta)
        } else {
            Err(Error::custom(T::TOLD))
        };
        value
            .map(|value| Self { value, span })
            .map_err(|error| error.with_span(&span))
    }
}

/// The value after `=`, without the invisible parentheses that macros put around it; `None` where there is none.
fn value(meta: &Meta) -> Option<&Expr> {
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
pub(super) fn mistake(meta: &Meta, told: impl Display) -> Error {
    let span = value(meta).map_or_else(|| meta.path().span(), syn::spanned::Spanned::span);
    Error::custom(told).with_span(&span)
}

/// The key as it is written.
pub(super) fn key(meta: &Meta) -> String {
    meta.path()
        .get_ident()
        .map(ToString::to_string)
        .unwrap_or_default()
}

/// Text in quotation marks.
pub(super) fn text(meta: &Meta) -> Result<Option<LitStr>> {
    match literal(meta) {
        Some(Lit::Str(text)) => Ok(Some(text.clone())),
        _ => Err(mistake(
            meta,
            format!("this key takes text: write `{} = \"…\"`", key(meta)),
        )),
    }
}

/// The name of a type.
pub(super) fn name(meta: &Meta) -> Result<Option<Ident>> {
    let name = match value(meta) {
        Some(Expr::Path(path)) => path.path.get_ident(),
        _ => None,
    };
    let told = || {
        format!(
            "this key takes the name of a new type, without quotation marks: write `{} = Name`",
            key(meta)
        )
    };
    name.cloned().map(Some).ok_or_else(|| mistake(meta, told()))
}

/// A path.
pub(super) fn path(meta: &Meta) -> Result<Option<Path>> {
    match value(meta) {
        Some(Expr::Path(path)) if path.qself.is_none() => Ok(Some(path.path.clone())),
        _ => Err(mistake(
            meta,
            format!(
                "this key takes a path, without quotation marks: write `{} = ::users_runtime`",
                key(meta)
            ),
        )),
    }
}

/// A key that stands alone.
pub(super) fn mark(meta: &Meta) -> Result<Flag> {
    match meta {
        Meta::Path(_) => Flag::from_meta(meta),
        _ => Err(mistake(
            meta,
            format!("this key stands alone: write `{}`", key(meta)),
        )),
    }
}

/// `true` or `false`.
pub(super) fn yes_or_no(meta: &Meta) -> Result<Option<bool>> {
    match literal(meta) {
        Some(Lit::Bool(flag)) => Ok(Some(flag.value)),
        _ => Err(mistake(
            meta,
            format!("write `{0} = true` or `{0} = false`", key(meta)),
        )),
    }
}

/// A number of letters.
pub(super) fn count(meta: &Meta) -> Result<Option<SpannedValue<u32>>> {
    let number = match literal(meta) {
        Some(Lit::Int(number)) => number
            .base10_parse()
            .ok()
            .map(|count| Some(SpannedValue::new(count, number.span()))),
        _ => None,
    };
    number.ok_or_else(|| {
        mistake(
            meta,
            format!(
                "a length is a whole number from 0 to {}: write `{} = 100`",
                u32::MAX,
                key(meta)
            ),
        )
    })
}

/// Mistakes that are found before a key is read, in the words of this crate: what they call a field is a key.
pub(crate) fn reworded(errors: Error) -> Error {
    let reworded = errors.flatten().into_iter().map(|error| {
        let told = error.to_string();
        // A place in words follows, which the span shows.
        let told = told
            .split_once(" at ")
            .map_or(told.as_str(), |(told, _)| told);
        let Some(told) = in_our_words(told) else {
            return error;
        };
        let span = error.explicit_span();
        let error = Error::custom(told);
        if let Some(span) = span {
            error.with_span(&span)
        } else {
            error
        }
    });
    Error::multiple(reworded.collect())
}

fn in_our_words(told: &str) -> Option<String> {
    if let Some(key) = told.strip_prefix("Duplicate field ") {
        return Some(format!("{key} stands here twice: remove one"));
    }
    if told == "Unexpected meta-item format `literal`" {
        return Some("a value needs its key: write `key = …`".to_owned());
    }
    let unknown = told.strip_prefix("Unknown field: ")?;
    let (key, hint) = unknown.split_once(". ").unwrap_or((unknown, ""));
    Some(
        match (
            hint.strip_prefix("Did you mean "),
            hint.strip_prefix("Available values: "),
        ) {
            (Some(meant), _) => format!("there is no key {key} here; did you mean {meant}"),
            (_, Some(known)) => format!("there is no key {key} here; write one of {known}"),
            _ => format!(
                "there is no key {key} here; the documentation of `UserModel` has all of them"
            ),
        },
    )
}
