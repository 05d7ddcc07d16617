//! Fields for a struct whose attributes have mistakes, so that its schemas compile.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{GenericParam, Generics, Ident, Type, parse_quote};

use super::{Access, Extra, Field, Kind, Role, Rules, User, names, unique};
use crate::attr;

/// Gives the user the six roles, each once, and removes the fields that no schema can have.
pub(super) fn recover(user: &mut User) {
    let parameters = parameters(&user.generics);
    user.fields
        .retain(|field| !mentions(field.ty.to_token_stream(), &parameters));
    for role in Role::ALL {
        let having = user.fields.iter_mut().filter(|field| field.has_role(role));
        for second in having.skip(1) {
            second.kind = Kind::Extra(Extra {
                access: Access::from(attr::Access::Public),
                default: None,
                example: None,
                rules: Rules::default(),
                json: None,
                array: None,
                tenant: None,
                updated_at: None,
            });
        }
    }
    user.fields
        .retain(|field| !field.is_extra() || !unique::is_taken(&names::plain(&field.ident)));
    for role in Role::ALL {
        if user.role(role).is_none() {
            user.fields.push(missing(role, user));
        }
    }
}

/// The field of a role that the struct lacks.
fn missing(role: Role, user: &User) -> Field {
    let krate = &user.krate;
    let ty: Type = match role {
        Role::Id { .. } => parse_quote!(::core::primitive::i64),
        Role::Email => parse_quote!(::std::string::String),
        Role::HashedPassword => parse_quote!(#krate::PasswordHash),
        Role::IsActive | Role::IsSuperuser | Role::IsVerified => {
            parse_quote!(::core::primitive::bool)
        }
    };
    Field {
        ident: Ident::new(role.name(), user.ident.span()),
        vis: user.vis.clone(),
        ty,
        docs: Vec::new(),
        rename: None,
        column: None,
        check: None,
        kind: Kind::Role(role),
    }
}

/// The names of the generic parameters.
fn parameters(generics: &Generics) -> Vec<String> {
    let name = |parameter: &GenericParam| match parameter {
        GenericParam::Lifetime(lifetime) => lifetime.lifetime.ident.to_string(),
        GenericParam::Type(ty) => ty.ident.to_string(),
        GenericParam::Const(constant) => constant.ident.to_string(),
    };
    generics.params.iter().map(name).collect()
}

/// Whether a type names one of the parameters.
fn mentions(tokens: TokenStream, parameters: &[String]) -> bool {
    !parameters.is_empty()
        && tokens.into_iter().any(|token| match token {
            TokenTree::Ident(ident) => parameters.contains(&ident.to_string()),
            TokenTree::Group(group) => mentions(group.stream(), parameters),
            TokenTree::Punct(_) | TokenTree::Literal(_) => false,
        })
}
