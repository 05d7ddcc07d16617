//! Fields of the read schema that are computed.

use syn::{
    Attribute, Expr, Ident, Meta, Token, Type,
    parse::{Parse, ParseStream, Parser as _},
    punctuated::Punctuated,
};

use super::forms::mistake;
use crate::error::Errors;

/// `name: Type = function` or `name: Type = async function`, with its documentation.
#[derive(Debug)]
pub(crate) struct ComputedAttr {
    pub(crate) docs: Vec<Attribute>,
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    /// What is called with a reference to the user, or with the state and all users.
    pub(crate) function: Expr,
    /// Whether the function is asynchronous, and is called once for all users.
    pub(crate) is_loaded: bool,
}

impl Parse for ComputedAttr {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let docs = input.call(Attribute::parse_outer)?;
        let ident = input.parse()?;
        input.parse::<Token![:]>()?;
        let ty = input.parse()?;
        input.parse::<Token![=]>()?;
        // An asynchronous closure begins with the same word.
        let is_marked = input.peek(Token![async])
            && !(input.peek2(Token![move]) || input.peek2(Token![|]) || input.peek2(Token![||]));
        if is_marked {
            input.parse::<Token![async]>()?;
        }
        let function = input.parse()?;
        let is_async = matches!(&function, Expr::Closure(closure) if closure.asyncness.is_some());
        Ok(Self {
            docs,
            ident,
            ty,
            function,
            is_loaded: is_marked || is_async,
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
