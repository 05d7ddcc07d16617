//! Who may read and set a field.

use crate::{
    attr::{self, Audience, FieldAttrs},
    error::Errors,
};

/// Who may read a field, set it at registration, and change it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Access {
    pub(crate) read: Audience,
    pub(crate) create: Audience,
    pub(crate) update: Audience,
}

impl From<attr::Access> for Access {
    fn from(access: attr::Access) -> Self {
        use Audience::{Admin, Private, Public};
        let (read, create, update) = match access {
            attr::Access::Public => (Public, Public, Public),
            attr::Access::ReadOnly => (Public, Private, Private),
            attr::Access::AdminOnly => (Admin, Admin, Admin),
            attr::Access::Private => (Private, Private, Private),
        };
        Self {
            read,
            create,
            update,
        }
    }
}

impl Access {
    /// Whether the field is in no schema.
    pub(crate) fn is_hidden(self) -> bool {
        self.read == Audience::Private && !self.is_input()
    }

    /// Whether a client can send the field at all.
    pub(super) fn is_input(self) -> bool {
        self.create != Audience::Private || self.update != Audience::Private
    }
}

/// The access that a field's keys give.
pub(super) fn access(field: &FieldAttrs, errors: &mut Errors) -> Access {
    let keys = &field.keys;
    let single = [
        ("read", keys.read),
        ("create", keys.create),
        ("update", keys.update),
    ];
    if let Some(access) = keys.access {
        let also = single
            .iter()
            .find_map(|(name, word)| word.map(|word| (name, word.span)));
        if let Some((name, span)) = also {
            let message = format!(
                "`access` sets `read`, `create` and `update`: remove `{name}`, or write the three without `access`"
            );
            errors.at(&span, message);
            // What is in every schema is missing in none that the application uses.
            return attr::Access::Public.into();
        }
        return access.value.into();
    }
    let [read, create, update] =
        single.map(|(_, word)| word.map_or(Audience::Public, |word| word.value));
    if keys.updated_at.is_some() || keys.tenant.is_some() {
        return Access {
            read,
            ..attr::Access::ReadOnly.into()
        };
    }
    Access {
        read,
        create,
        update,
    }
}
