//! The routes that stand under one prefix: what is mounted, and what the OpenAPI document says of it, from one list.

use axum::{
    Router,
    handler::Handler,
    response::Response,
    routing::{MethodFilter, MethodRouter, on},
};

use tower::util::MapResponseLayer;

#[cfg(feature = "openapi")]
use crate::openapi::{Context, Operation, Page};
use crate::{
    features::{
        cross_site::{Judged, own_site_only},
        limits::in_shares,
        tenants::in_tenant,
    },
    model::UserModel,
    session::Backend,
    store::tenant_column,
    users::{Requirements, Users},
    web::{
        any_handler::{Answering, AnyHandler},
        documented::Endpoint,
        route::Route,
    },
    wire::respond,
};

/// Adds the headers that every answer has.
fn safe_headers() -> MapResponseLayer<fn(Response) -> Response> {
    MapResponseLayer::new(respond::with_safe_headers)
}

/// A path under a prefix, as `Router::nest` joins them.
fn under(prefix: &str, path: &str) -> String {
    match (prefix.trim_end_matches('/'), path) {
        ("", path) => path.to_owned(),
        (prefix, "/") => prefix.to_owned(),
        (prefix, path) => format!("{prefix}{path}"),
    }
}

/// Routes under one prefix.
pub(crate) struct Group<U: UserModel> {
    routes: Vec<Mounted<U>>,
    #[cfg(feature = "openapi")]
    pub(crate) context: Context,
}

/// A method at a path.
struct Mounted<U: UserModel> {
    /// What the application may leave out.
    route: Option<Route>,
    /// FastAPI Users' name of it; empty for one that is no route of its own.
    name: String,
    method: &'static str,
    path: &'static str,
    answer: MethodRouter<Users<U>>,
    /// Whether requests of other sites are refused before their body is read.
    judged: Option<Judged<U>>,
    #[cfg(feature = "openapi")]
    operation: Option<Operation>,
    #[cfg(feature = "openapi")]
    document: fn(&mut Page<'_>),
}

impl<U: UserModel> Group<U> {
    pub(crate) fn new() -> Self {
        Self {
            routes: Vec::new(),
            #[cfg(feature = "openapi")]
            context: Context::default(),
        }
    }

    /// Says what the answers depend on.
    #[cfg(feature = "openapi")]
    pub(crate) fn within(mut self, context: Context) -> Self {
        self.context = context;
        self
    }

    /// Says whether the routes have limits.
    pub(crate) fn limited(self, is_limited: bool) -> Self {
        #[cfg(feature = "openapi")]
        {
            let mut group = self;
            group.context.is_limited = is_limited;
            group
        }
        #[cfg(not(feature = "openapi"))]
        {
            let _ = is_limited;
            self
        }
    }

    /// `GET` at a path.
    pub(crate) fn get<H, M, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<M, Users<U>, Future = Answering> + Endpoint<T>,
        M: 'static,
    {
        self.on(MethodFilter::GET, "GET", path, handler)
    }

    /// `POST` at a path.
    pub(crate) fn post<H, M, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<M, Users<U>, Future = Answering> + Endpoint<T>,
        M: 'static,
    {
        self.on(MethodFilter::POST, "POST", path, handler)
    }

    /// `PATCH` at a path.
    pub(crate) fn patch<H, M, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<M, Users<U>, Future = Answering> + Endpoint<T>,
        M: 'static,
    {
        self.on(MethodFilter::PATCH, "PATCH", path, handler)
    }

    /// `DELETE` at a path.
    pub(crate) fn delete<H, M, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<M, Users<U>, Future = Answering> + Endpoint<T>,
        M: 'static,
    {
        self.on(MethodFilter::DELETE, "DELETE", path, handler)
    }

    fn on<H, M, T>(
        self,
        filter: MethodFilter,
        method: &'static str,
        path: &'static str,
        handler: H,
    ) -> Self
    where
        H: Handler<M, Users<U>, Future = Answering> + Endpoint<T>,
        M: 'static,
    {
        #[cfg(feature = "openapi")]
        let document = H::document;
        self.mount(
            filter,
            method,
            path,
            AnyHandler::of(handler),
            #[cfg(feature = "openapi")]
            document,
        )
    }

    fn mount(
        mut self,
        filter: MethodFilter,
        method: &'static str,
        path: &'static str,
        handler: AnyHandler<U>,
        #[cfg(feature = "openapi")] document: fn(&mut Page<'_>),
    ) -> Self {
        let handler = if tenant_column::<U>().is_some() {
            in_tenant(handler)
        } else {
            handler
        };
        self.routes.push(Mounted {
            route: None,
            name: String::new(),
            method,
            path,
            // At the handler: a layer of the route would box it once more, and copy it for each request.
            answer: on(filter, handler.layer(safe_headers())),
            judged: None,
            #[cfg(feature = "openapi")]
            operation: None,
            #[cfg(feature = "openapi")]
            document,
        });
        self
    }

    /// Names the route just added: for applications that leave it out, by FastAPI Users' name, and for readers.
    ///
    /// A route without a name is not in the document.
    pub(crate) fn named(
        mut self,
        route: Option<Route>,
        name: &str,
        summary: &str,
        guard: Option<Requirements>,
    ) -> Self {
        if let Some(mounted) = self.routes.last_mut() {
            mounted.route = route;
            name.clone_into(&mut mounted.name);
            let changes = mounted.method != "GET";
            mounted.judged = guard.filter(|_| changes).map(|_| Judged::Guarded);
            #[cfg(feature = "openapi")]
            {
                mounted.operation = Some(Operation::new(name, summary, guard, changes));
            }
        }
        #[cfg(not(feature = "openapi"))]
        let _ = summary;
        self
    }

    /// Leaves the route just added to applications, under another one's name.
    pub(crate) fn part_of(mut self, route: Route) -> Self {
        if let Some(mounted) = self.routes.last_mut() {
            mounted.route = Some(route);
        }
        self
    }

    /// Says that the route just added sets or clears the cookie of a backend that has one.
    pub(crate) fn of_backend(mut self, backend: &Backend<U>) -> Self {
        if let Some(mounted) = self.routes.last_mut() {
            mounted.judged = Some(Judged::Backend(backend.clone()));
        }
        self
    }

    /// The routes but those that are left out, under a prefix. Their paths have it, because `Router::nest` would take it away from the
    /// URI of each request in two more layers.
    ///
    /// FastAPI answers 405 to every other method of a path, `HEAD` included, and names only the first in `Allow`.
    pub(crate) fn router(
        self,
        users: &Users<U>,
        left_out: &[Route],
        prefix: &str,
    ) -> Router<Users<U>> {
        let mut paths: Vec<(&'static str, &'static str, MethodRouter<Users<U>>)> = Vec::new();
        for Mounted {
            method,
            path,
            answer,
            judged,
            ..
        } in self.kept(left_out)
        {
            let answer = match judged {
                Some(judged) => own_site_only(users, judged, answer),
                None => answer,
            };
            let answer = if method == "GET" {
                answer
            } else {
                in_shares(users, answer)
            };
            match paths.iter_mut().find(|(known, ..)| *known == path) {
                Some((_, _, methods)) => *methods = std::mem::take(methods).merge(answer),
                None => paths.push((path, method, answer)),
            }
        }
        paths
            .into_iter()
            .fold(Router::new(), |router, (path, first, methods)| {
                let refuse = move || async move {
                    respond::with_safe_headers(respond::method_not_allowed(first))
                };
                let methods = methods.fallback(refuse);
                let methods = if first == "GET" {
                    methods.merge(on(MethodFilter::HEAD, refuse))
                } else {
                    methods
                };
                router.route(&under(prefix, path), methods)
            })
    }

    /// The named routes: method, path and name.
    #[cfg(feature = "cli")]
    pub(crate) fn listed(self) -> impl Iterator<Item = (&'static str, &'static str, String)> {
        let named = self.kept(&[]).filter(|mounted| !mounted.name.is_empty());
        named.map(|mounted| (mounted.method, mounted.path, mounted.name))
    }

    fn kept(self, left_out: &[Route]) -> impl Iterator<Item = Mounted<U>> {
        let declared = U::CONFIG.routes.except;
        let is_left_out = move |route| left_out.contains(&route) || declared.contains(&route);
        self.routes
            .into_iter()
            .filter(move |mounted| !mounted.route.is_some_and(is_left_out))
    }

    /// The documented routes but those that are left out: method, path, and what fills the operation's page.
    #[cfg(feature = "openapi")]
    pub(crate) fn operations(
        self,
        left_out: &[Route],
    ) -> impl Iterator<Item = (&'static str, &'static str, Operation, fn(&mut Page<'_>))> {
        self.kept(left_out).filter_map(|mounted| {
            Some((
                mounted.method,
                mounted.path,
                mounted.operation?,
                mounted.document,
            ))
        })
    }
}
