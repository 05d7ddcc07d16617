//! The check in front of the routes of the user system, before a body is read.

use axum::{
    body::Body,
    extract::Request,
    middleware::{Next, from_fn},
    routing::MethodRouter,
};

use crate::{model::UserModel, session::Backend, users::Users, web::outcome, wire::respond};

/// When a route refuses requests of other sites.
#[derive(Clone, Debug)]
pub(crate) enum Judged<U: UserModel> {
    /// Where every credential that is presented is a cookie: the route has a guard.
    Guarded,
    /// Always, if this backend has a cookie: the route sets or clears it.
    Backend(Backend<U>),
}

/// Puts the check in front of a route.
pub(crate) fn own_site_only<U: UserModel>(
    users: &Users<U>,
    judged: Judged<U>,
    route: MethodRouter<Users<U>>,
) -> MethodRouter<Users<U>> {
    let rules = users.cross_site();
    let is_needless = match &judged {
        Judged::Guarded => !rules.is_on,
        Judged::Backend(backend) => !rules.judges(backend.transport()),
    };
    if is_needless {
        return route;
    }
    let users = users.clone();
    route.layer(from_fn(move |request: Request<Body>, next: Next| {
        let (parts, body) = request.into_parts();
        let is_refused = match &judged {
            Judged::Guarded => users.refuses_all_credentials(&parts),
            Judged::Backend(backend) => users.cross_site().refuses(&parts, backend.transport()),
        };
        async move {
            if is_refused {
                return respond::with_safe_headers(outcome::CROSS_SITE_REQUEST.answer());
            }
            next.run(Request::from_parts(parts, body)).await
        }
    }))
}
