//! From the annotated struct to the generated code, in stages that tests can call one by one.

use darling::Error;
use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::{
    attr::{UserAttrs, reworded},
    emit,
    model::User,
};

/// The derive as a function of tokens: the generated code, or every mistake at once and stand-ins for what it would have been, with
/// checks of the fields' types.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let (attrs, mut errors) = UserAttrs::read(&input);
    let checks = attrs.as_ref().map(emit::checks);
    let user = attrs.and_then(|attrs| User::new(attrs).map_err(|error| errors.push(error)).ok());
    match user {
        Some(user) if errors.is_empty() => emit::user(&user),
        _ => {
            let mut output = reworded(Error::multiple(errors)).write_errors();
            output.extend(emit::stand_ins(&input, checks.as_ref()));
            output
        }
    }
}
