//! One field at a time: its role, or who may use it and how.

use darling::{Error, Result};
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Expr, Ident, Lit, spanned::Spanned as _};

use super::{Access, Extra, Field, Kind, Role, access, names, roles, rules};
use crate::attr::{Audience, DefaultAttr, FieldAttrs};
use crate::place::at;

/// What a field's attributes make of it.
pub(super) fn field(attrs: FieldAttrs) -> Result<Field> {
    let Some(ident) = attrs.ident.clone() else {
        return Err(Error::custom("a user's fields have names").with_span(&attrs.ty));
    };
    let mut errors = Error::accumulator();
    let column = errors
        .handle(attrs.keys.column.as_ref().map(names::column).transpose())
        .flatten();
    let kind = errors.handle(kind(&attrs, &ident));
    if let (None, Some(Kind::Extra(_))) = (&attrs.keys.column, &kind) {
        errors.handle(names::column_of(&ident));
    }
    let docs = attrs.attrs;
    match errors.finish_with(kind)? {
        Some(kind) => Ok(Field {
            ident,
            vis: attrs.vis,
            ty: attrs.ty,
            docs,
            column,
            kind,
        }),
        None => Err(Error::custom("this field cannot be used").with_span(&ident)),
    }
}

fn kind(attrs: &FieldAttrs, ident: &Ident) -> Result<Kind> {
    if attrs.keys.skip.is_present() {
        return skipped(attrs);
    }
    match roles::role(attrs, ident)? {
        Some(role) => with_role(attrs, role),
        None => extra(attrs, ident).map(Kind::Extra),
    }
}

/// A field that is left out has no other key.
fn skipped(attrs: &FieldAttrs) -> Result<Kind> {
    let column = attrs
        .keys
        .column
        .as_ref()
        .map(|column| ("column", column.span()));
    let roles = roles::marks(attrs)
        .into_iter()
        .map(|(role, span)| (role.name(), span));
    match extra_keys(attrs)
        .into_iter()
        .flatten()
        .chain(column)
        .chain(roles)
        .next()
    {
        None => Ok(Kind::Skipped),
        Some((name, span)) => {
            let message =
                format!("`skip` leaves the field out altogether: remove `{name}` or `skip`");
            Err(Error::custom(message).with_span(&span))
        }
    }
}

/// A role says everything about its field but the column's name.
fn with_role(attrs: &FieldAttrs, role: Role) -> Result<Kind> {
    let mut errors = Error::accumulator();
    for (name, span) in extra_keys(attrs).into_iter().flatten() {
        let message = format!(
            "`{name}` is for fields of your own; the user system decides about `{}`: remove it",
            role.name()
        );
        errors.push(Error::custom(message).with_span(&span));
    }
    errors.finish_with(Kind::Role(role))
}

/// The keys that only a field of the application's own has, with the places of those that are there.
fn extra_keys(attrs: &FieldAttrs) -> [Option<(&'static str, Span)>; 10] {
    let keys = &attrs.keys;
    [
        keys.access.map(|word| ("access", word.span)),
        keys.read.map(|word| ("read", word.span)),
        keys.create.map(|word| ("create", word.span)),
        keys.update.map(|word| ("update", word.span)),
        keys.default.as_ref().map(|value| ("default", value.span())),
        keys.length.as_ref().map(|value| ("length", value.span())),
        keys.range.as_ref().map(|value| ("range", value.span())),
        keys.pattern
            .as_ref()
            .map(|pattern| ("pattern", pattern.span())),
        keys.validate
            .as_ref()
            .map(|check| ("validate", check.span())),
        keys.example
            .as_ref()
            .map(|example| ("example", example.span())),
    ]
}

fn extra(attrs: &FieldAttrs, ident: &Ident) -> Result<Extra> {
    let mut errors = Error::accumulator();
    let access = errors.handle(access::access(attrs));
    let rules = errors.handle(rules::rules(attrs));
    let default = default(attrs);
    if let Some(access) = access {
        // A default with a mistake is a default.
        if !attrs.is_incomplete {
            errors.handle(settable(access, default.as_ref(), ident));
        }
        if let Some(span) = rules.as_ref().and_then(|rules| rules.span)
            && !access.is_input()
        {
            let message = "nobody can send this field, so nothing judges it: remove the rule, or open `create` or `update`";
            errors.push(Error::custom(message).with_span(&span));
        }
        if let Some(example) = attrs.keys.example.as_ref()
            && access.is_hidden()
        {
            let message = "this field is in no schema, so nobody sees its example: remove it, or open `read`, `create` or `update`";
            errors.push(Error::custom(message).with_span(example));
        }
    }
    let example = errors.handle(example(attrs)).flatten();
    match errors.finish_with((access, rules))? {
        (Some(access), Some(rules)) => Ok(Extra {
            access,
            default,
            example,
            rules,
        }),
        _ => Err(Error::custom("this field cannot be used").with_span(ident)),
    }
}

/// A field that registration does not ask for needs a value from elsewhere.
fn settable(access: Access, default: Option<&TokenStream>, ident: &Ident) -> Result<()> {
    if access.create == Audience::Public || default.is_some() {
        return Ok(());
    }
    let message = "registration leaves this field out, so it needs a value: add `default`, `default = …`, or make it an `Option`";
    Err(Error::custom(message).with_span(ident))
}

/// The value where nobody sets one: what `default` says, or `None` of an `Option`. Text is made into what the type is.
fn default(attrs: &FieldAttrs) -> Option<TokenStream> {
    let is_option = roles::is_option(&attrs.ty);
    match attrs
        .keys
        .default
        .as_ref()
        .map(|default| (&**default, default.span()))
    {
        Some((DefaultAttr::OfType, span)) => {
            Some(quote_spanned!(at(span)=> __rt::Default::default()))
        }
        Some((DefaultAttr::Value(expr), _)) if is_option && is_text(expr) => Some(some(expr)),
        Some((DefaultAttr::Value(expr), _)) => Some(of_type(expr)),
        None => is_option.then(|| quote!(__rt::None)),
    }
}

/// The example, which for an `Option` is what it holds.
fn example(attrs: &FieldAttrs) -> Result<Option<TokenStream>> {
    let Some(expr) = &attrs.keys.example else {
        return Ok(None);
    };
    if !roles::is_option(&attrs.ty) {
        return Ok(Some(of_type(expr)));
    }
    match expr {
        Expr::Call(call) if is_path(&call.func, "Some") => Err(Error::custom(
            "the example of an `Option` is what it holds: write it without `Some`",
        )
        .with_span(expr)),
        Expr::Path(_) if is_path(expr, "None") => Err(Error::custom(
            "`None` shows nothing: write what the `Option` may hold, or remove `example`",
        )
        .with_span(expr)),
        _ => Ok(Some(some(expr))),
    }
}

fn is_path(expr: &Expr, name: &str) -> bool {
    matches!(expr, Expr::Path(path) if path.path.is_ident(name))
}

fn some(expr: &Expr) -> TokenStream {
    let held = of_type(expr);
    quote_spanned!(at(expr.span())=> __rt::Some(#held))
}

/// The expression; text is made into what the type is.
fn of_type(expr: &Expr) -> TokenStream {
    let span = at(expr.span());
    if is_text(expr) {
        quote_spanned!(span=> __rt::Into::into(#expr))
    } else {
        quote_spanned!(span=> #expr)
    }
}

fn is_text(expr: &Expr) -> bool {
    match expr {
        Expr::Group(group) => is_text(&group.expr),
        Expr::Lit(literal) => matches!(literal.lit, Lit::Str(_)),
        _ => false,
    }
}
