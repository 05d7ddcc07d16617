//! Fields that may be left out.

/// A field that a client may leave out of an update, or that a viewer may not see.
///
/// It differs from `Option` in that `null` is a value: `Presence<Option<String>>` distinguishes "leave it" from "empty it".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Presence<T> {
    /// The field is not there.
    #[default]
    Absent,
    /// The field is there, with this value.
    Present(T),
}

impl<T> Presence<T> {
    /// The value, where there is one.
    pub fn into_option(self) -> Option<T> {
        match self {
            Self::Absent => None,
            Self::Present(value) => Some(value),
        }
    }

    /// A reference to the value, where there is one.
    pub const fn as_option(&self) -> Option<&T> {
        match self {
            Self::Absent => None,
            Self::Present(value) => Some(value),
        }
    }

    /// Whether there is a value.
    pub const fn is_present(&self) -> bool {
        matches!(self, Self::Present(_))
    }
}

impl<T> From<Option<T>> for Presence<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Self::Present)
    }
}
