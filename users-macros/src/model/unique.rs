//! Names that must differ from each other.

use syn::Ident;

use super::{Field, Kind, Role, Schemas, names};
use crate::{
    attr::{SchemaChecksAttr, SchemasAttr},
    error::Errors,
};

/// Names that the schemas have besides the application's fields.
const TAKEN: [&str; 1] = ["password"];

/// The schemas' names, which differ from each other and from the struct's.
pub(super) fn schemas(given: SchemasAttr, ident: &Ident, errors: &mut Errors) -> Schemas {
    let SchemasAttr {
        read,
        create,
        update,
    } = given;
    // A name that is given is the one to blame, so it is compared with the usual ones, too.
    let usual =
        |suffix: &str| Ident::new(&format!("{}{suffix}", names::plain(ident)), ident.span());
    let all = [
        (read, usual("Read")),
        (create, usual("Create")),
        (update, usual("Update")),
    ];
    let mut taken = vec![ident.clone()];
    taken.extend(
        all.iter()
            .filter(|(given, _)| given.is_none())
            .map(|(_, usual)| usual.clone()),
    );
    let [read, create, update] = all.map(|(given, usual)| {
        let Some(name) = given else { return usual };
        if !taken.contains(&name) {
            taken.push(name.clone());
            return name;
        }
        let message =
            format!("`{name}` is the name of two types: choose another one for this schema");
        errors.at(&name, message);
        // One that no other type has.
        Ident::new(&format!("__{usual}"), usual.span())
    });
    Schemas {
        read,
        create,
        update,
        deny_unknown: false,
        checks: SchemaChecksAttr::default(),
    }
}

/// Whether every field has a name and a column of its own.
pub(super) fn fields(fields: &[Field], errors: &mut Errors) {
    let stored: Vec<_> = fields
        .iter()
        .filter(|field| !matches!(field.kind, Kind::Skipped))
        .collect();
    for (position, field) in stored.iter().enumerate() {
        let name = field.name();
        let own = names::plain(&field.ident);
        if let Some(name) = [&name, &own].into_iter().find(|name| is_taken(name))
            && field.is_extra()
        {
            let message =
                format!("the schemas have a field `{name}` of their own: rename this one");
            errors.at(&field.ident, message);
            continue;
        }
        // A flag that `rename_all` renames.
        let is_role = |other: &&Field| matches!(other.kind, Kind::Role(_)) && other.name() == name;
        if field.is_extra() && stored.iter().copied().any(|other| is_role(&other)) {
            let message = format!(
                "the schemas have a field `{name}` of their own: give this one another `rename`"
            );
            errors.at(&field.ident, message);
        }
        // The names of the struct differ, so one of the two is renamed.
        let mut before = stored.iter().take(position);
        if field.is_extra()
            && let Some(other) = before.find(|other| other.is_extra() && other.name() == name)
        {
            let renamed = if field.rename.is_some() { field } else { other };
            let message = format!(
                "another field is called `{name}` in the schemas: give this one another `rename`"
            );
            errors.at(&renamed.ident, message);
        }
        let column = field.column_name();
        // Two fields of one role are reported already.
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
            errors.at(&field.ident, message);
        }
    }
}

/// Whether at most one field holds the tenant.
pub(super) fn tenant(fields: &[Field], errors: &mut Errors) {
    let mark = |field: &Field| match &field.kind {
        Kind::Extra(extra) => extra.tenant,
        Kind::Role(_) | Kind::Skipped => None,
    };
    let mut marked = fields
        .iter()
        .filter_map(|field| Some((field, mark(field)?)));
    let Some((first, _)) = marked.next() else {
        return;
    };
    for (_, span) in marked {
        let message = format!(
            "`{}` is the user's tenant already, and there is only one: remove this mark",
            first.ident
        );
        errors.at(&span, message);
    }
}

/// Whether the schemas have a field of this name that is not the application's own.
pub(super) fn is_taken(name: &str) -> bool {
    TAKEN.contains(&name) || Role::ALL.iter().any(|role| role.name() == name)
}
