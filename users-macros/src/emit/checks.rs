//! What is asked of the fields' types even where the attributes have mistakes, so that all of it is reported in one compile.

use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    attr::{FieldAttrs, UserAttrs},
    model::{Role, claimed},
};

/// The checks, as statements.
pub(crate) fn checks(user: &UserAttrs) -> TokenStream {
    let checks = user
        .fields
        .iter()
        .filter(|field| !field.keys.skip.is_present())
        .map(check);
    quote!(#(#checks)*)
}

fn check(field: &FieldAttrs) -> TokenStream {
    let ty = &field.ty;
    match claimed(field).as_slice() {
        [] => quote!(let _ = __rt::Column::new::<#ty>("");),
        [Role::Id { .. }] => quote!(let _ = __rt::id::<#ty>();),
        [Role::Email] => quote!(let _ = __rt::email::<#ty>();),
        [Role::HashedPassword] => quote!(let _ = __rt::hashed_password::<#ty>();),
        [role] => {
            let role = role.variant();
            quote!(let _ = __rt::flag::<#ty>(__rt::Role::#role);)
        }
        // Which one is meant is asked first.
        _ => TokenStream::new(),
    }
}
