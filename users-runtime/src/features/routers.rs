//! The routers that applications mount.
//!
//! Each function on [`Users`] returns a finished `Router<S>` for any state `S`: nest it under a prefix, wrap it in layers, merge
//! it with the application's own routes. [`Users::router`] mounts everything that the struct's attributes declare.

use axum::Router;

use super::{
    account, administration, events,
    limits::{self, Limited},
    login, refresh, register, reset, sessions, verify,
};
use crate::{
    model::{Limits, UserModel},
    session::Backend,
    users::Users,
    web::{group::Group, route::Route},
};

impl<U: UserModel> Users<U> {
    /// Every route that the struct's attributes declare, under their prefixes.
    pub fn router<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        self.router_without(&[])
    }

    /// [`router`](Self::router) without some routes, which the application implements itself.
    pub fn router_without<S: Clone + Send + Sync + 'static>(
        &self,
        left_out: &[Route],
    ) -> Router<S> {
        self.inner.limiter.warn_of_memory();
        let groups = self.declared_groups().into_iter();
        let router = groups.fold(Router::new(), |router, (prefix, group)| {
            router.merge(group.router(self, left_out, &prefix))
        });
        router.with_state(self.clone())
    }

    /// What [`router`](Self::router) mounts, and where.
    pub(crate) fn declared_groups(&self) -> Vec<(String, Group<U>)> {
        let declared = U::CONFIG.routes;
        let backends = if declared.auth { self.backends() } else { &[] };
        let auth = |backend| self.backend_group(backend, declared.requires_verification);
        let groups = backends
            .iter()
            .filter(|backend| backend.has_routes)
            .map(|backend| (backend.path_prefix().to_owned(), auth(backend)));
        let others = [
            (declared.register, self.register_group()),
            (declared.reset_password, self.reset_group()),
            (declared.verify, self.verify_group()),
            // Beside the password reset, the other route for the tokens of letters.
            (
                U::CONFIG
                    .unlock
                    .then_some(declared.reset_password.unwrap_or("/auth")),
                limits::unlock_route::group(),
            ),
            (
                declared.users,
                self.users_group(declared.requires_verification),
            ),
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

    /// `POST /login` and `POST /logout` of one backend, and `POST /refresh` where it has refresh tokens; `None` when there is no backend with this name.
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
        self.mounted(self.register_group())
    }

    /// `POST /forgot-password` and `POST /reset-password`
    pub fn reset_password_router<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        self.mounted(self.reset_group())
    }

    /// `POST /request-verify-token` and `POST /verify`
    pub fn verify_router<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        self.mounted(self.verify_group())
    }

    /// `POST /unlock`, which takes the token of [`on_account_locked`](crate::Hooks::on_account_locked).
    pub fn unlock_router<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        self.mounted(limits::unlock_route::group())
    }

    /// `GET` and `PATCH /me`; for superusers `GET`, `PATCH` and `DELETE /{id}`
    pub fn users_router<S: Clone + Send + Sync + 'static>(
        &self,
        requires_verification: bool,
    ) -> Router<S> {
        self.mounted(self.users_group(requires_verification))
    }

    pub(super) fn mounted<S: Clone + Send + Sync + 'static>(&self, group: Group<U>) -> Router<S> {
        self.inner.limiter.warn_of_memory();
        group.router(self, &[], "").with_state(self.clone())
    }

    pub(crate) fn auth_group(
        &self,
        backend: &str,
        requires_verification: bool,
    ) -> Option<Group<U>> {
        self.backend(backend)
            .map(|backend| self.backend_group(backend, requires_verification))
    }

    /// `/me` and `/{id}`, which share a prefix.
    pub(crate) fn users_group(&self, requires_verification: bool) -> Group<U> {
        let group = account::routes::group(requires_verification);
        let group = administration::routes::add_to(group, requires_verification);
        let group = if U::CONFIG.secure {
            administration::reset::add_to(group, requires_verification)
        } else {
            group
        };
        let group = if self.keeps_sessions() {
            sessions::routes::add_to(group, requires_verification)
        } else {
            group
        };
        let group = if U::CONFIG.events.is_some() {
            events::routes::add_to(group, requires_verification)
        } else {
            group
        };
        if matches!(U::CONFIG.limits, Limits::Rules(_)) {
            limits::routes::add_to(group, requires_verification)
        } else {
            group
        }
    }

    /// The routes of a backend.
    fn backend_group(&self, backend: &Backend<U>, requires_verification: bool) -> Group<U> {
        let group = login::routes::group(backend, requires_verification);
        refresh::routes::add_to(group, backend).limited(self.limits(Limited::Login))
    }

    pub(crate) fn register_group(&self) -> Group<U> {
        register::routes::group(self.options().uniform_registration)
            .limited(self.limits(Limited::Register))
    }

    pub(crate) fn reset_group(&self) -> Group<U> {
        reset::routes::group().limited(self.limits(Limited::Forgot))
    }

    pub(crate) fn verify_group(&self) -> Group<U> {
        verify::routes::group().limited(self.limits(Limited::Verify))
    }

    fn limits(&self, limited: Limited) -> bool {
        !self.inner.limiter.rules(limited).is_empty()
    }
}
