//! Names that must differ from each other.

use darling::{Error, Result};
use syn::Ident;

use super::{Field, Kind, Role, Schemas, names};
use crate::attr::SchemasAttr;

/// Names that the schemas have besides the application's fields.
const TAKEN: [&str; 1] = ["password"];

/// The schemas' names, which differ from each other and from the struct's.
pub(super) fn schemas(given: Option<SchemasAttr>, ident: &Ident) -> Result<Schemas> {
    let SchemasAttr {
        read,
        create,
        update,
    } = given.unwrap_or_default();
    let mut errors = Error::accumulator();
    // A name that is given is the one to blame, so it is compared with the usual ones, too.
    let usual =
        |suffix: &str| Ident::new(&format!("{}{suffix}", names::plain(ident)), ident.span());
    let all = [
        (read, usual("Read")),
        (create, usual("Create")),
        (update, usual("Update")),
    ];
    let mut taken = vec![ident];
    taken.extend(
        all.iter()
            .filter(|(given, _)| given.is_none())
            .map(|(_, usual)| usual),
    );
    for name in all.iter().filter_map(|(given, _)| given.as_ref()) {
        if taken.contains(&name) {
            let message =
                format!("`{name}` is the name of two types: choose another one for this schema");
            errors.push(Error::custom(message).with_span(name));
        }
        taken.push(name);
    }
    let [read, create, update] = all.map(|(given, usual)| given.unwrap_or(usual));
    errors.finish_with(Schemas {
        read,
        create,
        update,
    })
}

/// Whether every field has a name and a column of its own.
pub(super) fn fields(fields: &[Field]) -> Result<()> {
    let mut errors = Error::accumulator();
    let stored: Vec<_> = fields
        .iter()
        .filter(|field| !matches!(field.kind, Kind::Skipped))
        .collect();
    for (position, field) in stored.iter().enumerate() {
        let name = field.name();
        if let Kind::Extra(_) = field.kind
            && (TAKEN.contains(&name.as_str()) || Role::ALL.iter().any(|role| role.name() == name))
        {
            let message =
                format!("the schemas have a field `{name}` of their own: rename this one");
            errors.push(Error::custom(message).with_span(&field.ident));
            continue;
        }
        let column = field.column_name();
        // Two fields of one role are told so already.
        let is_same_role = |other: &Field| match (&field.kind, &other.kind) {
            (Kind::Role(one), Kind::Role(other)) => one.is_same(*other),
            _ => false,
        };
        let mut before = stored
            .iter()
            .take(position)
            .filter(|other| !is_same_role(other));
        if before.any(|other| other.column_name().eq_ignore_ascii_case(&column)) {
            let message = format!(
                "another field has the column `{column}` already: give this one `column = \"…\"` of its own"
            );
            errors.push(Error::custom(message).with_span(&field.ident));
        }
    }
    errors.finish()
}
