//! Fields of the read schema that are computed.

use syn::{Attribute, Expr, Ident, Type};

use super::{Field, names, unique};
use crate::{
    attr::{Case, ComputedAttr},
    error::Errors,
};

/// A field that is no field of the struct.
#[derive(Debug)]
pub(crate) struct Computed {
    pub(crate) ident: Ident,
    /// The name in the schema.
    pub(crate) name: String,
    pub(crate) ty: Type,
    pub(crate) docs: Vec<Attribute>,
    /// What is called with a reference to the user, or with the state and all users.
    pub(crate) function: Expr,
    /// Whether the function is asynchronous, and is called once for all users.
    pub(crate) is_loaded: bool,
}

/// The computed fields, without those whose names are taken.
pub(super) fn read(
    given: Vec<ComputedAttr>,
    case: Option<Case>,
    fields: &[Field],
    errors: &mut Errors,
) -> Vec<Computed> {
    let mut all: Vec<Computed> = Vec::new();
    for ComputedAttr {
        docs,
        ident,
        ty,
        function,
        is_loaded,
    } in given
    {
        let own = names::plain(&ident);
        let name = case.map_or_else(|| own.clone(), |case| case.of(&own));
        let mut stored = fields.iter().filter(|field| field.is_stored());
        let is_taken = unique::is_taken(&own)
            || stored.any(|field| field.name() == name || names::plain(&field.ident) == own)
            || all.iter().any(|other| other.name == name);
        if is_taken {
            let message = format!("the schemas have a field `{name}` already: choose another name");
            errors.at(&ident, message);
            continue;
        }
        all.push(Computed {
            ident,
            name,
            ty,
            docs,
            function,
            is_loaded,
        });
    }
    all
}
