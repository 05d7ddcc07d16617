//! `routes`

use super::{
    Io,
    failure::{Failure, Outcome},
};
use crate::{http::Route, manager::Users, model::UserModel};

/// A mounted route.
struct Mounted {
    method: &'static str,
    path: String,
    /// The original's name of it.
    name: String,
}

/// The routers in the order in which `Users::router` mounts them, and the routes of each.
const AUTH: [Route; 2] = [Route::Login, Route::Logout];
const REGISTER: [Route; 1] = [Route::Register];
const RESET_PASSWORD: [Route; 2] = [Route::ForgotPassword, Route::ResetPassword];
const VERIFY: [Route; 2] = [Route::RequestVerifyToken, Route::Verify];
const USERS: [Route; 5] = [Route::ReadMe, Route::UpdateMe, Route::ReadUser, Route::UpdateUser, Route::DeleteUser];

pub(super) fn print<U: UserModel>(users: &Users<U>, io: &mut Io<'_>) -> Result<Outcome, Failure> {
    let routes = mounted(users);
    let width = routes.iter().map(|route| route.path.chars().count()).max().unwrap_or_default();
    for Mounted { method, path, name } in routes {
        io.say(format_args!("{method:6}  {path:width$}  {name}"))?;
    }
    Ok(Outcome::Done)
}

fn mounted<U: UserModel>(users: &Users<U>) -> Vec<Mounted> {
    let declared = U::CONFIG.routes;
    let mut routes = Vec::new();
    if declared.auth {
        for backend in users.backends() {
            routes.extend(AUTH.map(|route| at(backend.path_prefix(), route, backend.name())));
        }
    }
    let mut under = |prefix: Option<&str>, group: &[Route]| {
        routes.extend(prefix.iter().flat_map(|prefix| group.iter().map(|route| at(prefix, *route, ""))));
    };
    under(declared.register, &REGISTER);
    under(declared.reset_password, &RESET_PASSWORD);
    under(declared.verify, &VERIFY);
    under(declared.users, &USERS);
    #[cfg(feature = "oauth")]
    routes.extend(providers(users));
    routes
}

fn at(prefix: &str, route: Route, backend: &str) -> Mounted {
    let (method, path, name) = place(route);
    let path = format!("{}{path}", prefix.trim_end_matches('/'));
    Mounted { method, path, name: name.replace("BACKEND", backend) }
}

/// Every route's method, path and name.
const fn place(route: Route) -> (&'static str, &'static str, &'static str) {
    match route {
        Route::Login => ("POST", "/login", "auth:BACKEND.login"),
        Route::Logout => ("POST", "/logout", "auth:BACKEND.logout"),
        Route::Register => ("POST", "/register", "register:register"),
        Route::ForgotPassword => ("POST", "/forgot-password", "reset:forgot_password"),
        Route::ResetPassword => ("POST", "/reset-password", "reset:reset_password"),
        Route::RequestVerifyToken => ("POST", "/request-verify-token", "verify:request-token"),
        Route::Verify => ("POST", "/verify", "verify:verify"),
        Route::ReadMe => ("GET", "/me", "users:current_user"),
        Route::UpdateMe => ("PATCH", "/me", "users:patch_current_user"),
        Route::ReadUser => ("GET", "/{id}", "users:user"),
        Route::UpdateUser => ("PATCH", "/{id}", "users:patch_user"),
        Route::DeleteUser => ("DELETE", "/{id}", "users:delete_user"),
    }
}

/// The routes of the providers that the builder was given.
#[cfg(feature = "oauth")]
fn providers<U: UserModel>(users: &Users<U>) -> impl Iterator<Item = Mounted> {
    users.inner.oauth.iter().flat_map(|(oauth, backend)| {
        let provider = oauth.client.name();
        let (login, link) = (format!("oauth:{provider}.{backend}"), format!("oauth-associate:{provider}"));
        let route = |prefix: &str, name: &str, step: &str| Mounted {
            method: "GET",
            path: format!("{prefix}/{provider}/{step}"),
            name: format!("{name}.{step}"),
        };
        let steps = ["authorize", "callback"];
        let login = steps.map(|step| route("/auth", &login, step));
        let link = steps.map(|step| route("/auth/associate", &link, step));
        login.into_iter().chain(link)
    })
}
