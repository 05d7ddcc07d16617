//! The routes, one file per router of FastAPI Users.
//!
//! Each function on [`Users`] returns a finished `Router<S>` for any state `S`: nest it under a prefix, wrap it in layers, merge
//! it with the application's own routes. [`Users::router`] mounts everything that the struct's attributes declare.

mod auth;
#[cfg(feature = "oauth")]
mod oauth;
mod register;
mod reset;
mod users;
mod verify;

use axum::{
    Router,
    handler::Handler,
    response::Response,
    routing::{MethodFilter, MethodRouter, on},
};

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
    pub fn router_without<S: Clone + Send + Sync + 'static>(&self, left_out: &[Route]) -> Router<S> {
        let declared = U::CONFIG.routes;
        let mut router = Router::new();
        if declared.auth {
            for backend in self.backends() {
                let auth = auth::router(backend, declared.requires_verification, left_out);
                router = mount(router, Some(backend.path_prefix()), auth);
            }
        }
        router = mount(router, declared.register, register::router(left_out));
        router = mount(router, declared.reset_password, reset::router(left_out));
        router = mount(router, declared.verify, verify::router(left_out));
        router = mount(router, declared.users, users::router(declared.requires_verification, left_out));
        #[cfg(feature = "oauth")]
        let router = router.merge(self.declared_oauth_routers());
        router.with_state(self.clone())
    }

    /// `POST /login` and `POST /logout` of one backend; `None` when there is no backend of this name.
    pub fn auth_router<S: Clone + Send + Sync + 'static>(&self, backend: &str, requires_verification: bool) -> Option<Router<S>> {
        let backend = self.backend(backend)?;
        Some(auth::router(backend, requires_verification, &[]).with_state(self.clone()))
    }

    /// `POST /register`
    pub fn register_router<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        register::router::<U>(&[]).with_state(self.clone())
    }

    /// `POST /forgot-password` and `POST /reset-password`
    pub fn reset_password_router<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        reset::router::<U>(&[]).with_state(self.clone())
    }

    /// `POST /request-verify-token` and `POST /verify`
    pub fn verify_router<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        verify::router::<U>(&[]).with_state(self.clone())
    }

    /// `GET` and `PATCH /me`; for superusers `GET`, `PATCH` and `DELETE /{id}`
    pub fn users_router<S: Clone + Send + Sync + 'static>(&self, requires_verification: bool) -> Router<S> {
        users::router::<U>(requires_verification, &[]).with_state(self.clone())
    }
}

/// Nests a router under a prefix; at the root it is merged, since axum nests nothing there.
fn mount<S: Clone + Send + Sync + 'static>(router: Router<S>, prefix: Option<&str>, inner: Router<S>) -> Router<S> {
    match prefix {
        None => router,
        Some("" | "/") => router.merge(inner),
        Some(prefix) => router.nest(prefix, inner),
    }
}

/// The methods of one path. FastAPI answers 405 to every other one, `HEAD` included, and names only the first in `Allow`.
struct Methods<S> {
    router: MethodRouter<S>,
    first: Option<&'static str>,
}

impl<S: Clone + Send + Sync + 'static> Methods<S> {
    fn new() -> Self {
        Self { router: MethodRouter::new(), first: None }
    }

    /// Answers a method, unless its route is left out.
    fn on<H, T>(mut self, filter: MethodFilter, name: &'static str, handler: H, keep: bool) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        if keep {
            self.router = self.router.on(filter, handler);
            self.first.get_or_insert(name);
        }
        self
    }

    fn mount(self, router: Router<S>, path: &str) -> Router<S> {
        let Some(first) = self.first else { return router };
        let refuse = move || async move { respond::method_not_allowed(first) };
        let mut methods = self.router.fallback(refuse);
        if first == "GET" {
            methods = methods.merge(on(MethodFilter::HEAD, refuse));
        }
        router.route(path, methods)
    }
}

/// `POST` at a path, unless its route is left out.
fn post<S, H, T>(router: Router<S>, path: &str, handler: H, route: Route, left_out: &[Route]) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    H: Handler<T, S>,
    T: 'static,
{
    Methods::new().on(MethodFilter::POST, "POST", handler, !left_out.contains(&route)).mount(router, path)
}

/// A user as the viewer may see it, the address normalised.
fn shown<U: UserModel>(
    user: &U,
    viewer: crate::model::Viewer,
    status: http::StatusCode,
) -> Result<Response, crate::error::Error> {
    let email = crate::schema::email::normalize(user.account().email).map_err(|_| crate::error::Error::StoredEmail)?;
    Ok(respond::serialized(status, &user.read(email, viewer)))
}
