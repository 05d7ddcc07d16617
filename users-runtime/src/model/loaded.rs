//! Computed fields of the read schema that ask the store: where their functions find the application's state.

use std::{
    any::{Any, TypeId, type_name},
    collections::HashMap,
    error::Error,
    fmt,
    future::Future,
};

/// What functions of the application fail with, as hooks do.
type Failure = Box<dyn Error + Send + Sync>;

/// The values of a user's computed fields that ask the store: the derive implements it for a tuple of them.
///
/// `()` is for users without such fields.
pub trait Loaded<U>: Sized + Send + 'static {
    /// Loads the values of these users, in their order.
    ///
    /// # Errors
    ///
    /// At once, when the builder was not given what a function needs; later, those of the functions.
    fn load<'a>(
        from: Loading<'a>,
        of: &'a [U],
    ) -> Result<impl Future<Output = Result<Vec<Self>, Failure>> + Send, MissingState>;
}

impl<U> Loaded<U> for () {
    fn load<'a>(
        _: Loading<'a>,
        of: &'a [U],
    ) -> Result<impl Future<Output = Result<Vec<Self>, Failure>> + Send, MissingState> {
        // Values without a size need no memory.
        let values = vec![(); of.len()];
        Ok(async { Ok(values) })
    }
}

/// What [`UserModel::Loaded`](super::UserModel::Loaded) is for users that can be shown without asking the store.
#[diagnostic::on_unimplemented(
    message = "this user has computed fields that ask the store",
    label = "a user cannot be shown without them",
    note = "write `users.show(&user, viewer).await?`, or `users.show_all(&list, viewer).await?` for several"
)]
pub trait NothingToLoad {
    /// The only value.
    const NONE: Self;
}

impl NothingToLoad for () {
    const NONE: Self = ();
}

/// Where the functions of computed fields find their first argument: the builder's states, and the users.
#[derive(Clone, Copy)]
pub struct Loading<'a> {
    users: &'a (dyn Any + Send + Sync),
    states: &'a States,
}

impl<'a> Loading<'a> {
    pub(crate) fn new(users: &'a (dyn Any + Send + Sync), states: &'a States) -> Self {
        Self { users, states }
    }

    /// What the function of a field gets: the `Users<U>` themselves, or a state of the builder.
    ///
    /// # Errors
    ///
    /// When the builder was given no state of this type.
    pub fn state<S: Any>(self, field: &'static str) -> Result<&'a S, MissingState> {
        let users = self.users.downcast_ref();
        users.or_else(|| self.states.get()).ok_or(MissingState {
            field,
            state: type_name::<S>(),
        })
    }
}

impl fmt::Debug for Loading<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Loading(…)")
    }
}

/// That the function of a computed field needs a state that the builder was not given.
#[derive(Clone, Copy, Debug)]
pub struct MissingState {
    /// The field.
    pub(crate) field: &'static str,
    /// The type of the state.
    pub(crate) state: &'static str,
}

/// What the builder was given for the functions of computed fields, one of each type.
#[derive(Default)]
pub(crate) struct States(HashMap<TypeId, Box<dyn Any + Send + Sync>>);

impl States {
    pub(crate) fn insert<S: Any + Send + Sync>(&mut self, state: S) {
        self.0.insert(TypeId::of::<S>(), Box::new(state));
    }

    pub(crate) fn get<S: Any>(&self) -> Option<&S> {
        self.0.get(&TypeId::of::<S>())?.downcast_ref()
    }
}
