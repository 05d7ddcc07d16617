//! Places of generated code.

use proc_macro2::Span;

/// A place of the user's for generated code, whose names mean what they mean in the rest of it, and which lints do not judge as if
/// the user had written it.
pub(crate) fn at(place: Span) -> Span {
    Span::call_site().located_at(place)
}
