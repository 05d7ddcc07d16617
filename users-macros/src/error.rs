//! Mistakes in the attributes, each at its place, collected so that one compile reports all of them.

use std::fmt::Display;

pub(crate) use darling::{Error, Result};
use proc_macro2::TokenStream;
use syn::spanned::Spanned;

/// One mistake, reported as a compile error at a place.
pub(crate) fn at(place: &impl Spanned, message: impl Display) -> Error {
    Error::custom(message).with_span(&place.span())
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
        self.push(at(place, message));
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
        let errors = self.0.iter().cloned();
        errors.map(Error::write_errors).collect()
    }
}
