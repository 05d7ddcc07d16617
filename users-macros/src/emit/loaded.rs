//! The computed fields that ask the store.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned as _;

use crate::{
    model::{Computed, User},
    place::{at, local, local_of},
};

/// The fields whose functions are called once for all users; none where the attributes have mistakes, so that no function is checked
/// twice.
fn fields(user: &User) -> impl Iterator<Item = &Computed> {
    let fields = user.computed.iter().filter(|field| field.is_loaded);
    fields.filter(|_| !user.has_mistakes)
}

/// The name of the struct of their values; `None` where there are none.
pub(super) fn ident(user: &User) -> Option<Ident> {
    let first = fields(user).next();
    first.map(|_| format_ident!("{}Loaded", user.ident))
}

/// The type of their values.
pub(super) fn ty(user: &User) -> TokenStream {
    ident(user).map_or_else(|| quote!(()), |ident| quote!(#ident))
}

/// The struct of their values.
///
/// It is no tuple, since the fields may have types that are less visible than the user, and it stands beside the schemas, since lints
/// ask for public types that can be named.
pub(super) fn definition(user: &User) -> Option<TokenStream> {
    let loaded = ident(user)?;
    let (vis, krate) = (&user.vis, &user.krate);
    let docs = format!(
        " The values of the computed fields of a [`{}`] that ask the store.",
        user.ident
    );
    let fields = fields(user).map(|Computed { ident, ty, .. }| quote!(#ident: #ty));
    Some(quote! {
        #[doc = #docs]
        #[derive(#krate::__private::Debug)]
        #vis struct #loaded {
            #(#fields,)*
        }
    })
}

/// What calls their functions.
pub(super) fn implementation(user: &User) -> Option<TokenStream> {
    let loaded = ident(user)?;
    let [from, of, each] = [local("from"), local("of"), local("each")];
    let names: Vec<_> = fields(user).map(|field| local_of(&field.ident)).collect();
    let calls = fields(user).zip(&names).map(|(field, local)| {
        let (name, function) = (&field.name, &field.function);
        let called = quote_spanned!(at(function.span())=> (#function)(#from.state(#name)?, #of));
        quote!(let #local = #called;)
    });
    let values = fields(user).zip(&names).map(|(field, local)| {
        let (name, ty, span) = (&field.name, &field.ty, at(field.function.span()));
        quote_spanned! {span=>
            let mut #local = __rt::loaded::<#ty, _>(#name, #of.len(), #local.await)?;
        }
    });
    let idents = fields(user).map(|field| &field.ident);
    let user = &user.ident;
    Some(quote! {
        impl __rt::Loaded<#user> for #loaded {
            fn load<'__a>(#from: __rt::Loading<'__a>, #of: &'__a [#user]) -> __rt::Result<
                impl __rt::Future<Output = __rt::Result<__rt::Vec<Self>, __rt::HookError>> + __rt::Send,
                __rt::MissingState,
            > {
                #(#calls)*
                __rt::Ok(async move {
                    #(#values)*
                    let #each = || __rt::Some(Self { #(#idents: __rt::Iterator::next(&mut #names)?,)* });
                    __rt::Ok(__rt::Iterator::collect(__rt::from_fn(#each)))
                })
            }
        }
    })
}
