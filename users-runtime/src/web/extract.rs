//! The current user as an extractor for handlers.

use std::{fmt, marker::PhantomData, ops::Deref};

use axum::extract::{FromRef, FromRequestParts, OptionalFromRequestParts};
use http::request::Parts;

use crate::{
    model::UserModel,
    users::{Authenticated, Refused, Requirements, Session, Users},
};

/// What a [`CurrentUser`] must fulfil. The usual ones are ready made; a custom one restricts the backends:
///
/// ```
/// use users_runtime::guards::{Guard, Requirements};
///
/// struct OnlyApi;
///
/// impl Guard for OnlyApi {
///     const REQUIREMENTS: Requirements =
///         Requirements { active: true, verified: false, superuser: false, backends: Some(&["jwt"]) };
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a guard of the current user",
    label = "this handler asks for what `{Self}` does not say",
    note = "use `AnyUser`, `Active`, `ActiveVerified`, `ActiveSuperuser` or `ActiveVerifiedSuperuser`, or implement \
            `users_runtime::guards::Guard` for `{Self}`"
)]
pub trait Guard: Send + Sync + 'static {
    /// What the user must fulfil.
    const REQUIREMENTS: Requirements;
}

macro_rules! guards {
    ($($(#[$doc:meta])* $name:ident { active: $active:literal, verified: $verified:literal, superuser: $superuser:literal })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub enum $name {}

        impl Guard for $name {
            const REQUIREMENTS: Requirements =
                Requirements { active: $active, verified: $verified, superuser: $superuser, backends: None };
        }
    )*};
}

guards! {
    /// Any user who is logged in, inactive users included.
    AnyUser { active: false, verified: false, superuser: false }
    /// An active user. The default of [`CurrentUser`].
    Active { active: true, verified: false, superuser: false }
    /// An active user whose address is verified.
    ActiveVerified { active: true, verified: true, superuser: false }
    /// An active superuser.
    ActiveSuperuser { active: true, verified: false, superuser: true }
    /// An active superuser whose address is verified.
    ActiveVerifiedSuperuser { active: true, verified: true, superuser: true }
}

/// A router state that has the user system in it: `Users<U>` itself, or a struct with `#[derive(FromRef)]`.
#[diagnostic::on_unimplemented(
    message = "the state `{Self}` has no `Users<{U}>`: write `.with_state(users)` at the router and `#[debug_handler(state = Users<{U}>)]` \
               at the handler",
    label = "this handler needs the users of the router's state, and `{Self}` has none",
    note = "for a state of your own, put a field `users: Users<{U}>` into it, derive `axum::extract::FromRef`, and name it in \
            `#[debug_handler(state = …)]`"
)]
pub trait ProvidesUsers<U: UserModel> {
    /// The user system.
    fn users(&self) -> Users<U>;
}

#[diagnostic::do_not_recommend]
impl<U: UserModel, S> ProvidesUsers<U> for S
where
    Users<U>: FromRef<S>,
{
    fn users(&self) -> Users<U> {
        Users::from_ref(self)
    }
}

/// The current user, who fulfils the guard `G`: active unless another is named.
///
/// Answers 401 without (valid) credentials or for an inactive user, 403 for one who is not verified or no superuser.
/// `Option<CurrentUser<U, G>>` is `None` in all these cases. Both answer 403 `CROSS_SITE_REQUEST` where a cookie authenticates a
/// request that may change something or opens a WebSocket, and [another site](crate::docs::cross_site) caused it.
///
/// It derefs to the user, so `user.email` just works; [`session`](Self::session) has the token beside it.
///
/// The router's state must have the user system in it ([`ProvidesUsers`]): anything else does not compile. Where the compiler says
/// only that the handler is no `Handler`, put `#[axum::debug_handler]` on it (with `state = …` for a state of your own): then it
/// says which state lacks which users, and what to add.
pub struct CurrentUser<U, G = Active> {
    /// The user, as stored now.
    pub user: U,
    /// The session that the request presented.
    pub session: Session,
    guard: PhantomData<fn() -> G>,
}

impl<U, G> CurrentUser<U, G> {
    /// The user alone.
    pub fn into_user(self) -> U {
        self.user
    }

    fn new(found: Authenticated<U>) -> Self {
        Self {
            user: found.user,
            session: found.session,
            guard: PhantomData,
        }
    }
}

impl<U, G> Deref for CurrentUser<U, G> {
    type Target = U;

    fn deref(&self) -> &U {
        &self.user
    }
}

impl<U: fmt::Debug, G> fmt::Debug for CurrentUser<U, G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CurrentUser")
            .field("user", &self.user)
            .field("session", &self.session)
            .finish()
    }
}

impl<U, G, S> FromRequestParts<S> for CurrentUser<U, G>
where
    U: UserModel,
    G: Guard,
    S: ProvidesUsers<U> + Send + Sync,
{
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        state
            .users()
            .current(parts, G::REQUIREMENTS)
            .await
            .map(Self::new)
    }
}

impl<U, G, S> OptionalFromRequestParts<S> for CurrentUser<U, G>
where
    U: UserModel,
    G: Guard,
    S: ProvidesUsers<U> + Send + Sync,
{
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Refused> {
        match state.users().current(parts, G::REQUIREMENTS).await {
            Ok(found) => Ok(Some(Self::new(found))),
            Err(Refused::Unauthorized | Refused::Forbidden) => Ok(None),
            Err(refused) => Err(refused),
        }
    }
}
