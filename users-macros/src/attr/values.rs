//! Values of keys: words, prefixes and expressions.

use std::fmt::Write as _;

use darling::FromMeta;
use proc_macro2::Span;
use syn::{Expr, Ident, Lit, Meta, Token, punctuated::Punctuated, spanned::Spanned as _};

use super::{forms, keys};
use crate::error::{self, Result};

/// A value that is one of a few words.
pub(crate) trait Words: Copy + 'static {
    /// Every word and what it stands for.
    const WORDS: &'static [(&'static str, Self)];
}

/// A word, and where it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word<T> {
    pub(crate) value: T,
    pub(crate) span: Span,
}

impl<T: Words> Word<T> {
    fn all() -> String {
        let mut all = String::new();
        for (position, (word, _)) in T::WORDS.iter().enumerate() {
            let separator = match position {
                0 => "",
                _ if position + 1 == T::WORDS.len() => " or ",
                _ => ", ",
            };
            let _ = write!(all, "{separator}`{word}`");
        }
        all
    }
}

impl<T: Words> Word<T> {
    /// The words in parentheses, at least one.
    pub(super) fn list(meta: &Meta) -> Result<Vec<Self>> {
        let (key, all) = (keys::name(meta), Self::all());
        let usage = || format!("write `{key}(…)` with one or several of {all}");
        let Meta::List(list) = meta else {
            return Err(forms::mistake(meta, usage()));
        };
        let names = list.parse_args_with(Punctuated::<Ident, Token![,]>::parse_terminated);
        let names = names.map_err(|error| error::at(&error.span(), usage()))?;
        if names.is_empty() {
            return Err(forms::mistake(meta, usage()));
        }
        let known = |name: Ident| {
            let text = name.to_string();
            let word = T::WORDS.iter().find(|(word, _)| *word == text);
            let (_, value) = word.ok_or_else(|| {
                error::at(&name, format!("`{text}` is not known here: write {all}"))
            })?;
            let (value, span) = (*value, name.span());
            Ok(Self { value, span })
        };
        names.into_iter().map(known).collect()
    }
}

/// The word after `=`.
impl<T: Words> FromMeta for Word<T> {
    fn from_meta(meta: &Meta) -> Result<Self> {
        let mistake = |message: String| Err(forms::mistake(meta, message));
        let usage = || {
            let all = Self::all();
            format!("write `{} = …` with {all}", keys::name(meta))
        };
        match forms::value(meta) {
            Some(value @ Expr::Path(path)) => {
                let Some(word) = path.path.get_ident().map(ToString::to_string) else {
                    return mistake(usage());
                };
                match T::WORDS.iter().find(|(name, _)| *name == word) {
                    Some((_, known)) => Ok(Self {
                        value: *known,
                        span: value.span(),
                    }),
                    None => mistake(format!("`{word}` is not known here: write {}", Self::all())),
                }
            }
            Some(Expr::Lit(literal)) => match &literal.lit {
                Lit::Str(text) if T::WORDS.iter().any(|(word, _)| *word == text.value()) => {
                    mistake(format!("write `{}` without quotation marks", text.value()))
                }
                _ => mistake(usage()),
            },
            _ => mistake(usage()),
        }
    }
}

/// How a token travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transport {
    Bearer,
    Cookie,
    Custom,
}

impl Words for Transport {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("bearer", Self::Bearer),
        ("cookie", Self::Cookie),
        ("custom", Self::Custom),
    ];
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strategy {
    Jwt,
    Session,
    Database,
    Redis,
    Custom,
}

impl Words for Strategy {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("jwt", Self::Jwt),
        ("session", Self::Session),
        ("database", Self::Database),
        ("redis", Self::Redis),
        ("custom", Self::Custom),
    ];
}

/// Who may do one thing with a field over HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    Public,
    Admin,
    Private,
}

impl Words for Audience {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("public", Self::Public),
        ("admin", Self::Admin),
        ("private", Self::Private),
    ];
}

/// Who may read, create and update a field over HTTP, as one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Public,
    ReadOnly,
    AdminOnly,
    Private,
}

impl Words for Access {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("public", Self::Public),
        ("read_only", Self::ReadOnly),
        ("admin_only", Self::AdminOnly),
        ("private", Self::Private),
    ];
}

/// A route that can be left out, as the runtime's `Route` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RouteName(pub(crate) &'static str);

impl Words for RouteName {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("login", Self("Login")),
        ("logout", Self("Logout")),
        ("refresh", Self("Refresh")),
        ("register", Self("Register")),
        ("forgot_password", Self("ForgotPassword")),
        ("reset_password", Self("ResetPassword")),
        ("request_verify_token", Self("RequestVerifyToken")),
        ("verify", Self("Verify")),
        ("read_me", Self("ReadMe")),
        ("update_me", Self("UpdateMe")),
        ("read_user", Self("ReadUser")),
        ("update_user", Self("UpdateUser")),
        ("delete_user", Self("DeleteUser")),
        ("sessions", Self("Sessions")),
        ("events", Self("Events")),
        ("reset_for_user", Self("ResetForUser")),
        ("limits", Self("Limits")),
        ("unlock", Self("Unlock")),
    ];
}

/// Any expression, kept as it is written: a string stays a string.
pub(super) fn expression(meta: &Meta) -> Result<Expr> {
    match meta {
        Meta::NameValue(pair) => Ok(pair.value.clone()),
        _ => Err(forms::mistake(
            meta,
            format!("this key needs a value: write `{} = …`", keys::name(meta)),
        )),
    }
}

/// A number, with or without a sign.
pub(super) fn number(meta: &Meta) -> Result<Expr> {
    let expr = expression(meta)?;
    let mut digits = &expr;
    while let Expr::Group(syn::ExprGroup { expr, .. })
    | Expr::Unary(syn::ExprUnary {
        op: syn::UnOp::Neg(_),
        expr,
        ..
    }) = digits
    {
        digits = expr;
    }
    match digits {
        Expr::Lit(literal) if matches!(literal.lit, Lit::Int(_) | Lit::Float(_)) => Ok(expr),
        _ => Err(error::at(&expr, "a bound is a number: write `0` or `-1.5`")),
    }
}
