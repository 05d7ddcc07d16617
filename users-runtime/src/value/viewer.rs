//! Who looks at a user, or changes one.

use super::Presence;

/// Who looks at a user, or changes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Viewer {
    /// Anybody who registers, or the user themselves.
    Owner,
    /// A superuser at the administration routes.
    Admin,
}

impl Viewer {
    /// A field that only administrators see.
    pub fn shown_to_admin<T: Clone>(self, field: &T) -> Presence<T> {
        match self {
            Self::Admin => Presence::Present(field.clone()),
            Self::Owner => Presence::Absent,
        }
    }
}
