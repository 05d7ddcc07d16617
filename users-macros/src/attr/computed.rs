//! Fields of the read schema that are computed.

use syn::{
    Attribute, Expr, Ident, Meta, Token, Type,
    parse::{Parse, ParseStream, Parser as _},
    punctuated::Punctuated,
};

use super::forms::mistake;
use crate::error::Errors;

/// `name: Type = function`, with its documentation.
#[derive(Debug)]
pub(crate) struct ComputedAttr {
    pub(crate) docs: Vec<Attribute>,
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    /// What is called with a reference to the user.
    pub(crate) function: Expr,
}

impl Parse for ComputedAttr {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let docs = input.call(Attribute::parse_outer)?;
        let ident = input.parse()?;
        input.parse::<Token![:]>()?;
        let ty = input.parse()?;
        input.parse::<Token![=]>()?;
        let function = input.parse()?;
        Ok(Self {
            docs,
            ident,
            ty,
            function,
        })
    }
}

/// The computed fields of one list.
pub(super) fn read(meta: &Meta, errors: &mut Errors) -> Option<Vec<ComputedAttr>> {
    const USAGE: &str = "write `computed(full_name: String = User::full_name)`: a name, a type and a function that takes `&User`";
    let Meta::List(list) = meta else {
        errors.push(mistake(meta, USAGE));
        return None;
    };
    let parse = Punctuated::<ComputedAttr, Token![,]>::parse_terminated;
    match parse.parse2(list.tokens.clone()) {
        Ok(fields) if fields.is_empty() => {
            errors.push(mistake(meta, USAGE));
            None
        }
        Ok(fields) => Some(fields.into_iter().collect()),
        Err(error) => {
            errors.at(&error.span(), format!("{error}: {USAGE}"));
            None
        }
    }
}
