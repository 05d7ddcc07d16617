//! What the compiler reports where a builder is used as the users that it would build: first of all, an error that names `build`.
//!
//! A builder has no router and cannot be cloned. It has both in name: `router` reports what is missing, and so does `clone` where
//! nothing else did, once it is compiled into a program; a missing `Clone` alone would be reported five times in a usual `main`. It is
//! not a router's state in name, too: with two types of state that have users, the compiler no longer infers which one is meant.

use axum::Router;

use super::UsersBuilder;
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
