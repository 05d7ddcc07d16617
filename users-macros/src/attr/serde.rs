//! Attributes of serde's derives that look as if they changed the schemas, which are not made by serde's derives.

use syn::{Attribute, Ident, Meta, ext::IdentExt as _};

use super::keys::{Item, items, items_of, name};
use crate::error::Errors;

/// An argument of `#[serde(…)]` that does nothing to the schemas.
struct Rule {
    argument: &'static str,
    /// The keys beside which the argument is accepted, since they decide the same for the schemas.
    counterparts: &'static [&'static str],
    /// What the argument does not do.
    lacks: &'static str,
    /// What to write instead.
    instead: &'static str,
}

const fn rule(
    argument: &'static str,
    counterparts: &'static [&'static str],
    lacks: &'static str,
    instead: &'static str,
) -> Rule {
    Rule {
        argument,
        counterparts,
        lacks,
        instead,
    }
}

/// The arguments at the struct.
const OF_STRUCTS: &[Rule] = &[
    rule(
        "rename_all",
        &["rename_all"],
        "does not rename the fields in the schemas",
        "write `#[fastapi_users(rename_all = \"…\")]`, with serde's attribute or instead of it",
    ),
    rule(
        "deny_unknown_fields",
        &["deny_unknown"],
        "does not refuse unknown fields that clients send",
        "write `#[fastapi_users(deny_unknown)]`, with serde's attribute or instead of it",
    ),
];

const HIDES: &[&str] = &["read", "access", "skip"];
const SETS: &[&str] = &["create", "update", "access", "tenant", "updated_at", "skip"];
const OWN_FORMAT: &str = "write `#[fastapi_users(json)]` with a type whose own `Serialize` and `Deserialize` have the format, or implement \
                          `users_runtime::value::Field` for a newtype";

/// The arguments at a field.
const OF_FIELDS: &[Rule] = &[
    rule(
        "rename",
        &["rename", "skip"],
        "does not rename the field in the schemas",
        "write `#[fastapi_users(rename = \"…\")]`, with serde's attribute or instead of it",
    ),
    rule(
        "alias",
        &["rename", "skip"],
        "does not give the field a second name in the schemas",
        "clients send one name, which `#[fastapi_users(rename = \"…\")]` sets",
    ),
    rule(
        "skip",
        HIDES,
        "does not hide the field from clients",
        "write `#[fastapi_users(access = private)]` for a field that is stored, or `#[fastapi_users(skip)]` for one that is not",
    ),
    rule(
        "skip_serializing",
        HIDES,
        "does not hide the field from clients",
        "write `#[fastapi_users(read = private)]`, with serde's attribute or instead of it",
    ),
    rule(
        "skip_serializing_if",
        HIDES,
        "does not leave the field out of what clients are shown, which is `null` for `None`",
        "remove it, or write `#[fastapi_users(read = public)]` beside it to keep it for your own use, or `read = private` to hide the field",
    ),
    rule(
        "skip_deserializing",
        SETS,
        "does not keep clients from sending the field",
        "write `#[fastapi_users(create = private, update = private)]`, with serde's attribute or instead of it",
    ),
    rule(
        "default",
        &["default", "tenant", "updated_at", "skip"],
        "does not give new users a default",
        "write `#[fastapi_users(default)]` or `#[fastapi_users(default = …)]`, with serde's attribute or instead of it",
    ),
    rule(
        "flatten",
        &["json", "skip"],
        "does not flatten the field in the schemas",
        "write its fields into the user's struct, or `#[fastapi_users(json)]`, with which they stay in an object",
    ),
    rule(
        "with",
        &["json", "skip"],
        "does not change how clients send and are shown the field",
        OWN_FORMAT,
    ),
    rule(
        "serialize_with",
        &["json", "skip"],
        "does not change how clients are shown the field",
        OWN_FORMAT,
    ),
    rule(
        "deserialize_with",
        &["json", "skip"],
        "does not change how clients send the field",
        OWN_FORMAT,
    ),
];

/// The fields whose form in the schemas is fixed. The password's hash is in no schema, so nothing about it can be misunderstood.
const FIXED: [&str; 5] = ["id", "email", "is_active", "is_superuser", "is_verified"];
const IN_NO_SCHEMA: &str = "hashed_password";

/// Reports the arguments at the struct that do nothing to the schemas.
pub(super) fn refuse_at_struct(attributes: &[Attribute], errors: &mut Errors) {
    let keys = keys(attributes);
    refuse(attributes, OF_STRUCTS, &keys, None, errors);
}

/// Reports the arguments at a field that do nothing to the schemas.
pub(super) fn refuse_at_field(attributes: &[Attribute], ident: &Ident, errors: &mut Errors) {
    let keys = keys(attributes);
    let ident = ident.unraw().to_string();
    let is_marked = |role: &str| keys.iter().any(|key| key == role);
    if is_marked(IN_NO_SCHEMA) || ident == IN_NO_SCHEMA || FIXED.into_iter().any(is_marked) {
        return;
    }
    let role = FIXED
        .into_iter()
        .find(|role| *role == ident && !is_marked("skip"));
    refuse(attributes, OF_FIELDS, &keys, role, errors);
}

/// The keys of all `#[fastapi_users(…)]`, whose mistakes are reported where they are read.
fn keys(attributes: &[Attribute]) -> Vec<String> {
    let items = items_of(attributes, &mut Errors::default());
    let keys = items.iter().filter_map(|item| match item {
        Item::Key(meta) => Some(name(meta)),
        Item::Literal(_) => None,
    });
    keys.collect()
}

fn refuse(
    attributes: &[Attribute],
    rules: &[Rule],
    keys: &[String],
    role: Option<&str>,
    errors: &mut Errors,
) {
    for attribute in attributes {
        let Meta::List(list) = &attribute.meta else {
            continue;
        };
        if !list.path.is_ident("serde") {
            continue;
        }
        for item in items(list.tokens.clone(), &mut Errors::default()) {
            let Item::Key(meta) = item else { continue };
            let is_here = |rule: &&Rule| meta.path().is_ident(rule.argument);
            let Some(refused) = rules.iter().find(is_here) else {
                continue;
            };
            if keys
                .iter()
                .any(|key| refused.counterparts.contains(&key.as_str()))
            {
                continue;
            }
            let (argument, lacks) = (refused.argument, refused.lacks);
            let instead = match role {
                Some(role) => format!(
                    "the schemas' `{role}` is fixed; remove the attribute, or write `#[fastapi_users({role})]` beside it to keep it for \
                     your own use"
                ),
                None => refused.instead.to_owned(),
            };
            errors.at(
                meta.path(),
                format!("`#[serde({argument})]` {lacks}: {instead}"),
            );
        }
    }
}
