//! The declared backends and routes.

use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    attr::{Strategy, Transport},
    model::{Backend, Routes, User},
};

/// The value of the trait's `CONFIG`.
pub(super) fn value(user: &User) -> TokenStream {
    let backends = user.backends.iter().map(backend);
    let routes = user.routes.as_ref().map(routes);
    quote!(__rt::Config::new(&[#(#backends),*]) #routes)
}

fn backend(backend: &Backend) -> TokenStream {
    let name = &backend.name;
    let constructor = match backend.transport {
        Transport::Bearer => quote!(bearer),
        Transport::Cookie => quote!(cookie),
    };
    let strategy = match backend.strategy {
        Strategy::Jwt => quote!(Jwt),
        Strategy::Database => quote!(Database),
        Strategy::Redis => quote!(Redis),
        Strategy::Custom => quote!(Custom),
    };
    let prefix = backend
        .prefix
        .as_ref()
        .map(|prefix| quote!(.under(#prefix)));
    quote!(__rt::BackendSpec::#constructor(#name, __rt::StrategyKind::#strategy) #prefix)
}

fn routes(routes: &Routes) -> TokenStream {
    let Routes {
        auth,
        register,
        reset_password,
        verify,
        users,
        requires_verification,
    } = routes;
    let prefix = |prefix: &Option<String>| {
        prefix
            .as_ref()
            .map_or_else(|| quote!(__rt::None), |prefix| quote!(__rt::Some(#prefix)))
    };
    let [register, reset_password, verify, users] =
        [register, reset_password, verify, users].map(prefix);
    quote! {
        .routes(__rt::Routes {
            auth: #auth,
            register: #register,
            reset_password: #reset_password,
            verify: #verify,
            users: #users,
            requires_verification: #requires_verification,
        })
    }
}
