//! What the compiler reports where a builder is used as the users that it would build: one error that names `build`.
//!
//! A builder has no router, cannot be cloned and is not a router's state. Each of these alone would be reported with axum's bounds, six
//! errors in a usual `main`. So the builder has all of them in name: `router` reports what is missing, and the others are not compiled
//! into a program.

use axum::{Router, extract::FromRef};

use super::{Users, UsersBuilder};
use crate::model::UserModel;

/// Users that are built. No type implements it: [`UsersBuilder`] is its only subject.
#[diagnostic::on_unimplemented(
    message = "the users are not built yet: write `.build()?` after the builder's last option",
    label = "this is a `UsersBuilder`, which has no routes",
    note = "`let users = Users::<User>::builder(store, secret).build()?;`"
)]
pub trait Built {}

impl<U: UserModel> UsersBuilder<U> {
    const NOT_BUILT: () =
        panic!("the users are not built yet: write `.build()?` after the builder's last option");

    #[doc(hidden)]
    pub fn router<S>(&self) -> Router<S>
    where
        Self: Built,
        S: Clone + Send + Sync + 'static,
    {
        Router::new()
    }
}

#[doc(hidden)]
impl<U: UserModel> Clone for UsersBuilder<U> {
    fn clone(&self) -> Self {
        let () = Self::NOT_BUILT;
        unreachable!("it does not compile")
    }
}

#[doc(hidden)]
impl<U: UserModel> FromRef<UsersBuilder<U>> for Users<U> {
    fn from_ref(_: &UsersBuilder<U>) -> Self {
        let () = UsersBuilder::<U>::NOT_BUILT;
        unreachable!("it does not compile")
    }
}
