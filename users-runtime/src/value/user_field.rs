//! The name of a field with the types of the user and of the field.

use std::{fmt, marker::PhantomData};

/// A field of the application's own, by its name and type: for each such field, the derive makes a constant of the struct, such as
/// `User::LAST_SEEN` for `last_seen`.
///
/// [`Users::set`](crate::Users::set), [`NewUser::set`](crate::users::NewUser::set) and
/// [`UserSearch::field`](crate::store::UserSearch::field) take it, and then only values of the field's type.
pub struct UserField<U, T> {
    name: &'static str,
    types: PhantomData<fn() -> (U, T)>,
}

impl<U, T> UserField<U, T> {
    /// The field of this name, which [`Column::field`](crate::value::Column::field) has. The derive calls it.
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            types: PhantomData,
        }
    }

    /// The field's name in the schemas.
    pub const fn name(self) -> &'static str {
        self.name
    }
}

impl<U, T> Clone for UserField<U, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<U, T> Copy for UserField<U, T> {}

impl<U, T> fmt::Debug for UserField<U, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("UserField").field(&self.name).finish()
    }
}
