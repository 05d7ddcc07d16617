//! Attributes of serde's derives that look as if they renamed a field of the schemas.

use syn::{Attribute, Meta};

use super::keys::{Item, items};
use crate::error::Errors;

/// Reports `#[serde(rename = …)]`, which does nothing to the schemas: they are not made by serde's derives.
pub(super) fn refuse_renames(attributes: &[Attribute], errors: &mut Errors) {
    for attribute in attributes {
        let Meta::List(list) = &attribute.meta else {
            continue;
        };
        if !list.path.is_ident("serde") {
            continue;
        }
        for item in items(list.tokens.clone(), &mut Errors::default()) {
            if let Item::Key(meta) = item
                && meta.path().is_ident("rename")
            {
                let message = "`#[serde(rename)]` does not rename the field in the schemas: write `#[fastapi_users(rename = \"…\")]`, \
                               with serde's attribute or instead of it";
                errors.at(meta.path(), message);
            }
        }
    }
}
