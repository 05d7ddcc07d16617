//! From the annotated struct to the generated code, in stages that tests can call one by one.

use proc_macro2::TokenStream;
use syn::{Data, DeriveInput};

use crate::{attr::UserAttrs, emit, error::Errors, model::User};

/// The derive as a function of tokens: the generated code, after a compile error for each mistake.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let mut errors = Errors::default();
    let attrs = UserAttrs::read(&input, &mut errors);
    let user = User::new(attrs, &mut errors);
    let mut output = errors.compile_errors();
    // A union cannot be `Clone` by its derive, so that its implementation would add a false error.
    if !matches!(input.data, Data::Union(_)) {
        output.extend(emit::user(&user));
    }
    output
}
