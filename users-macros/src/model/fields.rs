//! One field at a time: its role, or who may use it and how.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Expr, Ident, Lit, spanned::Spanned as _};

use super::{Extra, Field, Json, Kind, Role, access, names, roles, rules};
use crate::{
    attr::{Audience, Case, DefaultAttr, FieldAttrs},
    error::Errors,
    place::at,
};

/// What a field's attributes make of it; what has a mistake is as if it were not there.
pub(super) fn field(attrs: FieldAttrs, case: Option<Case>, errors: &mut Errors) -> Field {
    let column = attrs.keys.column.as_ref();
    let column = column.and_then(|column| errors.handle(names::column(column)));
    let rename = attrs.keys.rename.as_ref();
    let rename = rename.and_then(|name| errors.handle(names::wire(name)));
    let kind = kind(&attrs, errors);
    if let (None, Kind::Extra(_)) = (&attrs.keys.column, &kind) {
        errors.handle(names::column_of(&attrs.ident));
    }
    let is_email = matches!(kind, Kind::Role(Role::Email));
    let check = attrs.keys.validate.as_ref().filter(|_| is_email);
    let check = check.map(|check| rules::judged(check, &attrs.ty));
    let rename = rename.or_else(|| in_case(case?, &kind, &attrs.ident));
    Field {
        ident: attrs.ident,
        vis: attrs.vis,
        ty: attrs.ty,
        docs: attrs.docs,
        rename,
        column,
        check,
        kind,
    }
}

/// The name that `rename_all` gives the field. The names of the id, the address and the password are the same in all bodies.
fn in_case(case: Case, kind: &Kind, ident: &Ident) -> Option<String> {
    match kind {
        Kind::Role(role @ (Role::IsActive | Role::IsSuperuser | Role::IsVerified)) => {
            Some(case.of(role.name()))
        }
        Kind::Extra(_) => Some(case.of(&names::plain(ident))),
        Kind::Role(_) | Kind::Skipped => None,
    }
}

fn kind(attrs: &FieldAttrs, errors: &mut Errors) -> Kind {
    if attrs.keys.skip.is_some() {
        alone(attrs, errors);
        return Kind::Skipped;
    }
    match roles::role(attrs, errors) {
        Some(role) => {
            roles_alone(attrs, role, errors);
            Kind::Role(role)
        }
        None => Kind::Extra(extra(attrs, errors)),
    }
}

/// A field that is left out has no other key.
fn alone(attrs: &FieldAttrs, errors: &mut Errors) {
    let column = attrs.keys.column.as_ref();
    let column = column.map(|column| ("column", column.span()));
    let roles = roles::marks(attrs)
        .into_iter()
        .map(|(role, span)| (role.name(), span));
    let others = extra_keys(attrs).into_iter().flatten();
    if let Some((name, span)) = others.chain(column).chain(roles).next() {
        let message = format!("`skip` leaves the field out altogether: remove `{name}` or `skip`");
        errors.at(&span, message);
    }
}

/// A role says everything about its field but the column's name.
fn roles_alone(attrs: &FieldAttrs, role: Role, errors: &mut Errors) {
    // The address is the one of them that the application may validate.
    let keys = extra_keys(attrs).into_iter().flatten();
    let keys = keys.filter(|(name, _)| !(*name == "validate" && role.is_same(Role::Email)));
    for (name, span) in keys {
        let message = format!(
            "`{name}` is for fields of your own, and `{}` is not one: remove it",
            role.name()
        );
        errors.at(&span, message);
    }
}

/// The keys that only a field of the application's own has, with the places of those that are there.
fn extra_keys(attrs: &FieldAttrs) -> [Option<(&'static str, Span)>; 15] {
    let keys = &attrs.keys;
    [
        keys.rename.as_ref().map(|name| ("rename", name.span())),
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
        keys.json.map(|span| ("json", span)),
        keys.array.map(|span| ("array", span)),
        keys.tenant.map(|span| ("tenant", span)),
        keys.updated_at.map(|span| ("updated_at", span)),
    ]
}

fn extra(attrs: &FieldAttrs, errors: &mut Errors) -> Extra {
    if let Some(span) = attrs.keys.updated_at {
        set_by_changes(attrs, span, errors);
    }
    let tenant = attrs.keys.tenant;
    if let Some(span) = tenant {
        set_by_request(attrs, span, errors);
    }
    let access = access::access(attrs, errors);
    let rules = rules::rules(attrs, errors);
    let json = attrs.keys.json.map(|_| Json {
        is_option: roles::is_option(&attrs.ty),
    });
    if let (Some(span), Some(_)) = (attrs.keys.array, json) {
        let message = "a field is stored in an array or as JSON: remove `array` or `json`";
        errors.at(&span, message);
    }
    let mut default = default(attrs);
    let updated_at = attrs.keys.updated_at;
    let is_set = access.create == Audience::Public
        || default.is_some()
        || updated_at.is_some()
        || tenant.is_some();
    if !is_set {
        // A default with a mistake is a default.
        if !attrs.keys.is_incomplete {
            let message = "registration does not set this field, so it needs a value: add `default`, `default = …`, or make it an `Option`";
            errors.at(&attrs.ident, message);
        }
        default = Some(quote!(__rt::stand_in()));
    }
    if let Some(span) = rules.span
        && !access.is_input()
        && tenant.is_none()
    {
        let message = "no client can send this field, so the rule never applies: remove it, or open `create` or `update`";
        errors.at(&span, message);
    }
    if let Some(example) = attrs.keys.example.as_ref()
        && access.is_hidden()
    {
        let message = "this field is in no schema, so its example is never shown: remove it, or open `read`, `create` or `update`";
        errors.at(example, message);
    }
    let example = example(attrs, errors);
    Extra {
        access,
        default,
        example,
        rules,
        json,
        array: attrs.keys.array,
        tenant,
        updated_at,
    }
}

/// A field that the tenant of the request sets has no value of its own, and no client sends it. Its length is the column's.
fn set_by_request(attrs: &FieldAttrs, span: Span, errors: &mut Errors) {
    let allowed = ["rename", "read", "length", "example", "tenant"];
    let others = extra_keys(attrs).into_iter().flatten();
    for (name, _) in others.filter(|(name, _)| !allowed.contains(name)) {
        let message = format!(
            "`tenant` sets the field from the request, for good: remove `{name}`, or `tenant`; `read` says who sees it"
        );
        errors.at(&span, message);
    }
}

/// A field that changes of the user set has no value of its own, and no client sends it.
fn set_by_changes(attrs: &FieldAttrs, span: Span, errors: &mut Errors) {
    let keys = &attrs.keys;
    let opened = [("create", keys.create), ("update", keys.update)];
    let opened = opened.map(|(name, word)| Some((name, word?.span)));
    let access = keys.access.map(|word| ("access", word.span));
    let default = keys.default.as_ref().map(|value| ("default", value.span()));
    let json = keys.json.map(|span| ("json", span));
    let array = keys.array.map(|span| ("array", span));
    let others = [access, default, json, array];
    let others = opened.into_iter().chain(others).flatten();
    for (name, _) in others {
        let message = format!(
            "`updated_at` sets the field with every change of the user: remove `{name}`, or `updated_at`; `read` says who sees it"
        );
        errors.at(&span, message);
    }
}

/// The value of users for whom none is set: what `default` says, or `None` of an `Option`. Text is made into what the type is.
fn default(attrs: &FieldAttrs) -> Option<TokenStream> {
    let is_option = roles::is_option(&attrs.ty);
    if attrs.keys.tenant.is_some() {
        return None;
    }
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
fn example(attrs: &FieldAttrs, errors: &mut Errors) -> Option<TokenStream> {
    let expr = attrs.keys.example.as_ref()?;
    if !roles::is_option(&attrs.ty) {
        return Some(of_type(expr));
    }
    let message = match expr {
        Expr::Call(call) if is_path(&call.func, "Some") => {
            "the example of an `Option` is what it holds: write it without `Some`"
        }
        Expr::Path(_) if is_path(expr, "None") => {
            "`None` shows nothing: write what the `Option` may hold, or remove `example`"
        }
        _ => return Some(some(expr)),
    };
    errors.at(expr, message);
    None
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
