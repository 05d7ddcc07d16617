//! The constants that name the application's own fields with their types.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::ext::IdentExt as _;

use crate::model::{Json, User};

/// A constant of the struct for each field of the application's own, such as `LAST_SEEN` for `last_seen`.
pub(super) fn constants(user: &User) -> TokenStream {
    if user.has_mistakes {
        return TokenStream::new();
    }
    let mut taken = HashSet::new();
    let fields: Vec<_> = user
        .extras()
        // A tenant is no field to set or to search by: `Users::in_tenant` takes it.
        .filter(|(_, extra)| extra.tenant.is_none())
        .filter_map(|(field, _)| {
            let name = field.ident.unraw().to_string().to_uppercase();
            let constant = format_ident!("{name}", span = field.ident.span());
            taken.insert(name).then_some((constant, field))
        })
        .collect();
    if fields.is_empty() {
        return TokenStream::new();
    }
    let user = &user.ident;
    let constants = fields.iter().map(|(constant, field)| {
        let (vis, ty, name) = (&field.vis, &field.ty, field.name());
        match field.json() {
            None => quote!(__rt::field!(#vis #constant: #ty = #name);),
            Some(Json { is_option }) => {
                quote!(__rt::field!(#vis #constant: __rt::AsJson<#ty, #is_option> = #name);)
            }
        }
    });
    // Named here, so that no lint reports those that the application does not use.
    let mentions = fields
        .iter()
        .map(|(constant, _)| quote!(#user::#constant.name()));
    quote! {
        impl #user {
            #(#constants)*
        }
        const _: &[&__rt::str] = &[#(#mentions),*];
    }
}
