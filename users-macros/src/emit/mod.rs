//! The generated code: small, and nothing but calls into the runtime where the fields decide what is called.

mod config;
mod constants;
mod input;
mod loaded;
mod model;
mod schema;

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::User;

/// Everything that the derive generates for a struct.
///
/// The schemas stand beside the struct. The implementations stand in a block of their own, where `__rt` is the runtime; whatever
/// else is imported or shadowed around the struct, they name nothing but what they find there.
pub(crate) fn user(user: &User) -> TokenStream {
    let krate = &user.krate;
    let [read, create, update] = [
        schema::read(user),
        schema::create(user),
        schema::update(user),
    ];
    let structs = [&read, &create, &update].map(|schema| schema.definition(user));
    let implementations = [&read, &create, &update].map(schema::Schema::implementations);
    let (model, tenant) = (model::implementation(user), model::tenant_model(user));
    let [values, loaded] = [loaded::definition(user), loaded::implementation(user)];
    let checks = [config::features(user), model::checks(user)];
    let constants = constants::constants(user);
    let inputs = [input::create(user), input::update(user)];
    quote! {
        #(#structs)*
        #values
        const _: () = {
            use #krate::__private::{self as __rt, Unsupported as _, UnsupportedInput as _};
            #(#checks)*
            #model
            #tenant
            #loaded
            #constants
            #(#implementations)*
            #(#inputs)*
        };
    }
}
