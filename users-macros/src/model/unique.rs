//! Names that must differ from each other.

use darling::{Error, Result};
use syn::Ident;

use super::{Field, Kind, Role, Schemas};

/// Names that the schemas have besides the application's fields.
const TAKEN: [&str; 1] = ["password"];

/// Whether the schemas' names differ from each other and from the struct's.
pub(super) fn schemas(ident: &Ident, schemas: &Schemas) -> Result<()> {
    let mut errors = Error::accumulator();
    let all = [ident, &schemas.read, &schemas.create, &schemas.update];
    for (position, name) in all.iter().enumerate().skip(1) {
        if all.iter().take(position).any(|other| other == name) {
            let message = format!("`{name}` is the name of two types: choose another one for this schema");
            errors.push(Error::custom(message).with_span(*name));
        }
    }
    errors.finish()
}

/// Whether every field has a name and a column of its own.
pub(super) fn fields(fields: &[Field]) -> Result<()> {
    let mut errors = Error::accumulator();
    let stored: Vec<_> = fields.iter().filter(|field| !matches!(field.kind, Kind::Skipped)).collect();
    for (position, field) in stored.iter().enumerate() {
        let name = field.name();
        if let Kind::Extra(_) = field.kind
            && (TAKEN.contains(&name.as_str()) || Role::ALL.iter().any(|role| role.name() == name))
        {
            let message = format!("the schemas have a field `{name}` of their own: rename this one");
            errors.push(Error::custom(message).with_span(&field.ident));
            continue;
        }
        let column = field.column_name();
        let taken = stored.iter().take(position).any(|other| other.column_name().eq_ignore_ascii_case(&column));
        // Two fields of one role are told so already.
        if taken && matches!(field.kind, Kind::Extra(_)) {
            let message = format!("another field has the column `{column}` already: give this one `column = \"…\"` of its own");
            errors.push(Error::custom(message).with_span(&field.ident));
        }
    }
    errors.finish()
}
