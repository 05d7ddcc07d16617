//! The routes, one file per router of FastAPI Users.
//!
//! Each function on [`Users`] returns a finished `Router<S>` for any state `S`: nest it under a prefix, wrap it in layers, merge
//! it with the application's own routes. [`Users::router`] mounts everything that the struct's attributes declare.

mod auth;
mod group;
#[cfg(feature = "oauth")]
mod oauth;
pub(crate) mod register;
pub(crate) mod reset;
pub(crate) mod users;
pub(crate) mod verify;

use axum::Router;

pub(crate) use group::Group;

use super::respond;
use crate::{manager::Users, model::UserModel};

/// One route of the user system; [`Users::router_without`] leaves it to the application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Route {
    /// `POST …/login` of every backend
    Login,
    /// `POST …/logout` of every backend
    Logout,
    /// `POST /register`
    Register,
    /// `POST /forgot-password`
    ForgotPassword,
    /// `POST /reset-password`
    ResetPassword,
    /// `POST /request-verify-token`
    RequestVerifyToken,
    /// `POST /verify`
    Verify,
    /// `GET /me`
    ReadMe,
    /// `PATCH /me`
    UpdateMe,
    /// `GET /{id}`
    ReadUser,
    /// `PATCH /{id}`
    UpdateUser,
    /// `DELETE /{id}`
    DeleteUser,
}

impl<U: UserModel> Users<U> {
    /// Every route that the struct's attributes declare, under their prefixes.
    pub fn router<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        self.router_without(&[])
    }

    /// [`router`](Self::router) without some routes, which the application then answers itself.
    pub fn router_without<S: Clone + Send + Sync + 'static>(
        &self,
        left_out: &[Route],
    ) -> Router<S> {
        let groups = self.declared_groups().into_iter();
        let router = groups.fold(Router::new(), |router, (prefix, group)| {
            mount(router, &prefix, group.router(left_out))
        });
        router.with_state(self.clone())
    }

    /// What [`router`](Self::router) mounts, and where.
    pub(crate) fn declared_groups(&self) -> Vec<(String, Group<U>)> {
        let declared = U::CONFIG.routes;
        let backends = if declared.auth { self.backends() } else { &[] };
        let auth = |backend| auth::group(backend, declared.requires_verification);
        let groups = backends
            .iter()
            .map(|backend| (backend.path_prefix().to_owned(), auth(backend)));
        let others = [
            (declared.register, register::group()),
            (declared.reset_password, reset::group()),
            (declared.verify, verify::group()),
            (declared.users, users::group(declared.requires_verification)),
        ];
        let groups = groups.chain(
            others
                .into_iter()
                .filter_map(|(prefix, group)| Some((prefix?.to_owned(), group))),
        );
        #[cfg(feature = "oauth")]
        let groups = groups.chain(self.declared_oauth_groups());
        groups.collect()
    }

    /// `POST /login` and `POST /logout` of one backend; `None` when there is no backend of this name.
    pub fn auth_router<S: Clone + Send + Sync + 'static>(
        &self,
        backend: &str,
        requires_verification: bool,
    ) -> Option<Router<S>> {
        self.auth_group(backend, requires_verification)
            .map(|group| self.mounted(group))
    }

    /// `POST /register`
    pub fn register_router<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        self.mounted(register::group())
    }

    /// `POST /forgot-password` and `POST /reset-password`
    pub fn reset_password_router<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        self.mounted(reset::group())
    }

    /// `POST /request-verify-token` and `POST /verify`
    pub fn verify_router<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        self.mounted(verify::group())
    }

    /// `GET` and `PATCH /me`; for superusers `GET`, `PATCH` and `DELETE /{id}`
    pub fn users_router<S: Clone + Send + Sync + 'static>(
        &self,
        requires_verification: bool,
    ) -> Router<S> {
        self.mounted(users::group(requires_verification))
    }

    fn mounted<S: Clone + Send + Sync + 'static>(&self, group: Group<U>) -> Router<S> {
        group.router(&[]).with_state(self.clone())
    }

    pub(crate) fn auth_group(
        &self,
        backend: &str,
        requires_verification: bool,
    ) -> Option<Group<U>> {
        self.backend(backend)
            .map(|backend| auth::group(backend, requires_verification))
    }
}

/// Nests a router under a prefix; at the root it is merged, since axum nests nothing there.
fn mount<S: Clone + Send + Sync + 'static>(
    router: Router<S>,
    prefix: &str,
    inner: Router<S>,
) -> Router<S> {
    match prefix {
        "" | "/" => router.merge(inner),
        prefix => router.nest(prefix, inner),
    }
}
