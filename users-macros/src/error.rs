//! Mistakes in the attributes, each at its place, collected so that one compile reports all of them.

use std::fmt::Display;

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::spanned::Spanned;

/// A value, or one mistake.
pub(crate) type Result<T> = std::result::Result<T, Error>;

/// One mistake, reported as a compile error at its place.
#[derive(Clone, Debug)]
pub(crate) struct Error {
    place: Span,
    message: String,
}

impl Error {
    pub(crate) fn new(place: &impl Spanned, message: impl Display) -> Self {
        Self {
            place: place.span(),
            message: message.to_string(),
        }
    }
}

/// All mistakes that were found so far.
#[derive(Debug, Default)]
pub(crate) struct Errors(Vec<Error>);

impl Errors {
    /// Adds a mistake.
    pub(crate) fn push(&mut self, error: Error) {
        self.0.push(error);
    }

    /// Adds a mistake at a place.
    pub(crate) fn at(&mut self, place: &impl Spanned, message: impl Display) {
        self.push(Error::new(place, message));
    }

    /// The value, or `None` after its mistake is added.
    pub(crate) fn handle<T>(&mut self, result: Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// A compile error for each mistake.
    pub(crate) fn compile_errors(&self) -> TokenStream {
        let errors = self.0.iter().map(
            |Error { place, message }| quote_spanned!(*place=> ::core::compile_error! { #message }),
        );
        errors.collect()
    }
}
