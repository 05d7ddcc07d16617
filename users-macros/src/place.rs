//! Places and names of generated code.

use proc_macro2::Span;
use syn::{Ident, ext::IdentExt as _};

/// A place of the user's for generated code, whose names mean what they mean in the rest of it, and which lints do not check as if
/// the user had written it.
pub(crate) fn at(place: Span) -> Span {
    Span::call_site().located_at(place)
}

/// The name of a variable of the generated code.
///
/// No field and no expression of the user's means it, whatever they are called, since it is hygienic; and no constant or static of
/// the user's stands in its place, which hygiene does not keep from happening, since their names do not begin like this.
pub(crate) fn local(name: &str) -> Ident {
    Ident::new(&format!("__{name}"), Span::mixed_site())
}

/// The variable that holds a field while the others are read.
pub(crate) fn local_of(field: &Ident) -> Ident {
    let mut name = local(&format!("field_{}", field.unraw()));
    name.set_span(Span::mixed_site().located_at(field.span()));
    name
}
