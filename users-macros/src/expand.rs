//! From the annotated struct to the generated code, in stages that tests can call one by one.

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::{
    attr::{UserAttrs, reworded},
    emit,
    model::User,
};

/// The derive as a function of tokens: the generated code, or every mistake at once and stand-ins for what it would have been.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    match UserAttrs::read(&input).and_then(User::new) {
        Ok(user) => emit::user(&user),
        Err(errors) => {
            let mut output = reworded(errors).write_errors();
            output.extend(emit::stand_ins(&input));
            output
        }
    }
}
