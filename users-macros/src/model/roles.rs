//! The six fields that every user has.

use proc_macro2::Span;
use syn::{Ident, Type};

use super::{Field, Kind, names};
use crate::{attr::FieldAttrs, error::Errors};

/// One of the six fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Id { v7: bool },
    Email,
    HashedPassword,
    IsActive,
    IsSuperuser,
    IsVerified,
}

impl Role {
    /// All of them, in the schemas' order.
    pub(crate) const ALL: [Self; 6] = [
        Self::Id { v7: false },
        Self::Email,
        Self::HashedPassword,
        Self::IsActive,
        Self::IsSuperuser,
        Self::IsVerified,
    ];

    /// The field's name in the schemas.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Id { .. } => "id",
            Self::Email => "email",
            Self::HashedPassword => "hashed_password",
            Self::IsActive => "is_active",
            Self::IsSuperuser => "is_superuser",
            Self::IsVerified => "is_verified",
        }
    }

    /// The variant of the runtime's `Role`.
    pub(crate) fn variant(self) -> Ident {
        let name = match self {
            Self::Id { .. } => "Id",
            Self::Email => "Email",
            Self::HashedPassword => "HashedPassword",
            Self::IsActive => "IsActive",
            Self::IsSuperuser => "IsSuperuser",
            Self::IsVerified => "IsVerified",
        };
        Ident::new(name, Span::call_site())
    }

    /// Whether both are the same field, whatever their options.
    pub(crate) fn is_same(self, other: Self) -> bool {
        self.name() == other.name()
    }

    /// The type that the field has; `None` where several will do.
    const fn type_name(self) -> Option<&'static str> {
        match self {
            Self::Id { .. } => None,
            Self::Email => Some("String"),
            Self::HashedPassword => Some("PasswordHash"),
            Self::IsActive | Self::IsSuperuser | Self::IsVerified => Some("bool"),
        }
    }

    /// How the field would be written.
    const fn example(self) -> &'static str {
        match self {
            Self::Id { .. } => "id: Uuid",
            Self::Email => "email: String",
            Self::HashedPassword => "hashed_password: PasswordHash",
            Self::IsActive => "is_active: bool",
            Self::IsSuperuser => "is_superuser: bool",
            Self::IsVerified => "is_verified: bool",
        }
    }
}

/// The role of a field: marked, or found by its name. `None` for fields of the application's own.
pub(super) fn role(field: &FieldAttrs, errors: &mut Errors) -> Option<Role> {
    let marks = marks(field);
    if let [(first, _), (second, span), ..] = marks.as_slice() {
        let message = format!(
            "a field has one role: remove `{}` or `{}`",
            first.name(),
            second.name()
        );
        errors.at(span, message);
        return None;
    }
    let marked = marks.first().map(|(role, _)| *role);
    marked.or_else(|| named(&field.ident))
}

/// Every role that a field is meant to have, even if it cannot.
pub(super) fn claimed(field: &FieldAttrs) -> Vec<Role> {
    if field.keys.skip.is_some() {
        return Vec::new();
    }
    let marks: Vec<_> = marks(field).into_iter().map(|(role, _)| role).collect();
    if marks.is_empty() {
        named(&field.ident).into_iter().collect()
    } else {
        marks
    }
}

/// The roles that a field is marked with, and where.
pub(super) fn marks(field: &FieldAttrs) -> Vec<(Role, Span)> {
    let keys = &field.keys;
    let marked = |place: Option<Span>, role: Role| place.map(|place| (role, place));
    let marks = [
        keys.id
            .as_ref()
            .map(|id| (Role::Id { v7: id.v7 }, id.span())),
        marked(keys.email, Role::Email),
        marked(keys.hashed_password, Role::HashedPassword),
        marked(keys.is_active, Role::IsActive),
        marked(keys.is_superuser, Role::IsSuperuser),
        marked(keys.is_verified, Role::IsVerified),
    ];
    marks.into_iter().flatten().collect()
}

/// The role that has the field's name.
fn named(ident: &Ident) -> Option<Role> {
    Role::ALL
        .into_iter()
        .find(|role| names::plain(ident) == role.name())
}

/// Whether the type is called as the role's type. The runtime's traits ask whether it is the role's type.
pub(super) fn is_usual(role: Role, ty: &Type) -> bool {
    role.type_name()
        .is_none_or(|usual| last_segment(ty).as_deref() == Some(usual))
}

/// Whether the type is an `Option`, as it is usually written.
pub(super) fn is_option(ty: &Type) -> bool {
    last_segment(ty).as_deref() == Some("Option")
}

/// The last name of a type's path.
pub(super) fn last_segment(ty: &Type) -> Option<String> {
    match ty {
        Type::Group(group) => last_segment(&group.elem),
        Type::Path(path) => path
            .path
            .segments
            .last()
            .map(|segment| segment.ident.to_string()),
        _ => None,
    }
}

/// Whether each role has exactly one field. A field that only claims a role has a mistake of its own, which is reported already.
pub(super) fn complete(fields: &[Field], claimed: &[Role], ident: &Ident, errors: &mut Errors) {
    for role in Role::ALL {
        let name = role.name();
        let mut having = fields.iter().filter(|field| field.has_role(role));
        let first = having.next();
        if first.is_none() && !claimed.iter().any(|other| other.is_same(role)) {
            let is_left_out = |field: &&Field| {
                matches!(field.kind, Kind::Skipped) && names::plain(&field.ident) == name
            };
            if let Some(field) = fields.iter().find(is_left_out) {
                let message = format!(
                    "a user needs `{name}`: remove `skip`, or mark another field with `#[fastapi_users({name})]`"
                );
                errors.at(&field.ident, message);
                continue;
            }
            let example = role.example();
            let message = format!(
                "a user needs `{name}`: add `pub {example}`, or mark its field with `#[fastapi_users({name})]`"
            );
            errors.at(ident, message);
        }
        let Some(first) = first else { continue };
        for second in having {
            let message = format!(
                "`{}` is the user's `{name}` already, and there is only one: remove the mark, or rename this field",
                first.ident
            );
            errors.at(&second.ident, message);
        }
    }
}
