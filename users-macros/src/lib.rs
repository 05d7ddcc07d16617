//! The derive macro of [`users-runtime`](https://docs.rs/users-runtime), which re-exports it: use it from there.

mod attr;
mod emit;
mod error;
mod expand;
mod model;
mod place;
#[cfg(test)]
mod tests;

use proc_macro::TokenStream;

#[doc = include_str!("docs/reference.md")]
#[doc = "```"]
#[doc = "# use users_runtime::PasswordHash;"]
#[doc = "# use uuid::Uuid;"]
#[doc = include_str!("../snapshots/quickstart.rs")]
#[doc = "```"]
#[proc_macro_derive(UserModel, attributes(fastapi_users))]
pub fn derive_user_model(input: TokenStream) -> TokenStream {
    expand::expand(input.into()).into()
}
