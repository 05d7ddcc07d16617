//! The key `validate_schemas`.

use syn::{Expr, Meta};

use super::{forms::mistake, keys::Keys, values::expression};
use crate::error::Errors;

/// The functions that validate what clients send as a whole.
#[derive(Debug, Default)]
pub(crate) struct SchemaChecksAttr {
    /// What is called with a registration.
    pub(crate) create: Option<Expr>,
    /// What is called with a change.
    pub(crate) update: Option<Expr>,
}

impl SchemaChecksAttr {
    /// All keys.
    pub(crate) const KNOWN: &'static [&'static str] = &["create", "update"];

    pub(super) fn read(meta: &Meta, errors: &mut Errors) -> Option<Self> {
        let is_list = matches!(meta, Meta::List(list) if !list.tokens.is_empty());
        if !is_list {
            let message =
                "write `validate_schemas(create = function, update = function)`, or one of the two";
            errors.push(mistake(meta, message));
            return None;
        }
        let mut keys = Keys::within(meta, Self::KNOWN, errors);
        Some(Self {
            create: keys.value("create", expression),
            update: keys.value("update", expression),
        })
    }
}
