//! Routing as FastAPI does it, for front ends that depend on its 404s, 405s and redirects.

use std::{
    any::Any,
    borrow::Cow,
    convert::Infallible,
    future::{Ready, ready},
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    Router,
    body::Body,
    extract::{OriginalUri, Request},
    response::Response,
    serve::{IncomingStream, Listener},
};
use http::{
    Extensions, HeaderMap, HeaderValue, Method, StatusCode, Uri, Version, header, uri::PathAndQuery,
};
use hyper::body::Body as _;
use percent_encoding::{
    AsciiSet, CONTROLS, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode,
};
use tokio::net::TcpStream;
use tower::Service;

use super::{
    origin::{LocalAddress, origin},
    respond,
};
use crate::wire::compat::Compat;

/// What a decoded path must be encoded for again before axum can read it.
const IN_PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}');
/// What Starlette encodes in the address of a redirect: all but letters, digits and `_.-~:/%#?=@[]!$&'()*+,;`.
const IN_LOCATION: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'_')
    .remove(b'.')
    .remove(b'-')
    .remove(b'~')
    .remove(b':')
    .remove(b'/')
    .remove(b'%')
    .remove(b'#')
    .remove(b'?')
    .remove(b'=')
    .remove(b'@')
    .remove(b'[')
    .remove(b']')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';');

/// Marks the answer of a path that no route has.
#[derive(Clone, Copy)]
struct NoRoute;

/// Answers like FastAPI where no route answers:
///
/// - an unknown path is 404 `{"detail":"Not Found"}`, and so is every absolute URL as the target of a request,
/// - a wrong method is 405 `{"detail":"Method Not Allowed"}`, for `HEAD` and `OPTIONS`, too, and `Allow` has one method,
/// - slashes too many or one too few are a 307 to the absolute URL that the `Host` header names.
///
/// Paths are routed as they come, so that a rule of a proxy for `/login` cannot be avoided by `/%6Cogin`. FastAPI decodes them
/// first, and so does [`.compat(Compat::FastApiUsers15)`](FastApiRouting::compat).
///
/// The service goes to [`serve`](crate::serve()) or [`axum::serve`](axum::serve()), which provide the server's own address, for
/// redirects of requests whose `Host` header is invalid. As a part of another router (`.fallback_service(…)`) it does not know it;
/// such a redirect has the path only.
///
/// ```
/// use axum::{Router, routing::get};
///
/// let app: Router = Router::new().route("/hello", get(|| async { "Hello!" }));
/// let app = users_runtime::fastapi_routing(app);
/// # drop(app);
/// ```
pub fn fastapi_routing(router: Router) -> FastApiRouting {
    FastApiRouting::new(Routes {
        router: router.fallback(no_route),
        decodes_paths: false,
    })
}

/// What [`fastapi_routing`] makes of a router.
#[derive(Clone, Debug)]
pub struct FastApiRouting {
    routes: Routes,
    local: Option<SocketAddr>,
}

impl FastApiRouting {
    const fn new(routes: Routes) -> Self {
        Self {
            routes,
            local: None,
        }
    }

    /// Whether percent-encoded paths are decoded before they are routed, as FastAPI does it: with
    /// [`Compat::FastApiUsers15`] `/users/%6De` is `/users/me`, and `/auth%2Fregister` is `/auth/register`. The default is
    /// [`Compat::Off`].
    ///
    /// A proxy that limits or forbids paths must decode them in the same way then.
    #[must_use]
    pub fn compat(self, compat: Compat) -> Self {
        Self::new(Routes {
            decodes_paths: compat == Compat::FastApiUsers15,
            ..self.routes
        })
    }
}

impl<L: Listener> Service<IncomingStream<'_, L>> for FastApiRouting {
    type Response = Self;
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, stream: IncomingStream<'_, L>) -> Self::Future {
        let io: &dyn Any = stream.io();
        let local = io
            .downcast_ref::<TcpStream>()
            .and_then(|stream| stream.local_addr().ok());
        ready(Ok(Self {
            local,
            ..self.clone()
        }))
    }
}

impl Service<Request> for FastApiRouting {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        if let Some(local) = self.local {
            request.extensions_mut().insert(LocalAddress(local));
        }
        let routes = self.routes.clone();
        let method = request.method().clone();
        Box::pin(async move { Ok(finished(answer(routes, request).await, &method)) })
    }
}

async fn no_route() -> Response {
    let mut response = respond::detail(StatusCode::NOT_FOUND, "Not Found");
    response.extensions_mut().insert(NoRoute);
    response
}

/// The application's routes, asked as FastAPI would ask them.
#[derive(Clone, Debug)]
struct Routes {
    router: Router,
    decodes_paths: bool,
}

/// What a redirect needs of a request that was passed on.
struct Asked {
    uri: Uri,
    host: Option<HeaderValue>,
    local: Option<LocalAddress>,
}

impl Asked {
    fn of(request: &Request) -> Self {
        Self {
            uri: request.uri().clone(),
            host: request.headers().get(header::HOST).cloned(),
            local: request.extensions().get().copied(),
        }
    }

    fn origin(&self) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.extend(self.host.clone().map(|host| (header::HOST, host)));
        let mut extensions = Extensions::new();
        if let Some(local) = self.local {
            extensions.insert(local);
        }
        origin(&headers, &self.uri, &extensions)
    }
}

async fn answer(routes: Routes, mut request: Request) -> Response {
    if request.version() < Version::HTTP_2 && request.uri().authority().is_some() {
        // To the original, the whole URL is the path.
        return no_route().await;
    }
    if routes.decodes_paths {
        decode_path(&mut request);
    }
    if request.method() == Method::HEAD {
        // axum would answer it with the `GET` route; asking with a method that no route has returns the methods that exist.
        *request.method_mut() = Method::TRACE;
    }
    let asked = Asked::of(&request);
    let response = call(&routes.router, request).await;
    if response.extensions().get::<NoRoute>().is_some() {
        return redirect(&routes, &asked).await.unwrap_or(response);
    }
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        as_fastapi(&response)
    } else {
        response
    }
}

/// Decodes what is encoded in the path that is routed. Most paths have nothing to decode.
fn decode_path(request: &mut Request) {
    let encoded: Cow<'_, str> = utf8_percent_encode(request.uri().path(), IN_PATH).into();
    if let Cow::Borrowed(_) = encoded {
        return;
    }
    let path = decoded(request.uri().path());
    if let Some(uri) = with_decoded_path(request.uri(), &path) {
        let original = std::mem::replace(request.uri_mut(), uri);
        if request.extensions().get::<OriginalUri>().is_none() {
            request.extensions_mut().insert(OriginalUri(original));
        }
    }
}

async fn call(router: &Router, request: Request) -> Response {
    match router.clone().call(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// An answer as axum's outermost router finishes it: with its length, and without a body to `HEAD`.
fn finished(mut response: Response, method: &Method) -> Response {
    if method == Method::CONNECT && response.status().is_success() {
        return response;
    }
    let length = response.body().size_hint().exact();
    if let Some(length) = length {
        response
            .headers_mut()
            .entry(header::CONTENT_LENGTH)
            .or_insert_with(|| length.into());
    }
    if method == Method::HEAD {
        *response.body_mut() = Body::empty();
    }
    response
}

/// The redirect to the path without its last slashes, or with one if it has none, where that is the path of a route.
async fn redirect(routes: &Routes, asked: &Asked) -> Option<Response> {
    let uri = &asked.uri;
    let path = if routes.decodes_paths {
        decoded(uri.path())
    } else {
        uri.path().to_owned()
    };
    let other = if path.ends_with('/') {
        path.trim_end_matches('/').to_owned()
    } else {
        format!("{path}/")
    };
    if other.is_empty() {
        return None;
    }
    let mut probe = Request::new(Body::empty());
    *probe.method_mut() = Method::TRACE;
    *probe.uri_mut() = if routes.decodes_paths {
        with_decoded_path(uri, &other)?
    } else {
        with_path(uri, other.clone())?
    };
    if call(&routes.router, probe)
        .await
        .extensions()
        .get::<NoRoute>()
        .is_some()
    {
        return None;
    }
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::TEMPORARY_REDIRECT;
    // axum gives an empty answer to `HEAD` none.
    response
        .headers_mut()
        .insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
    let origin = asked.origin();
    response.headers_mut().insert(
        header::LOCATION,
        location(origin.as_deref(), &other, uri.query())?,
    );
    Some(response)
}

/// The address of a redirect, escaped as Starlette does: a `%` of the path stays as it is.
fn location(origin: Option<&str>, path: &str, query: Option<&str>) -> Option<HeaderValue> {
    let mut url = path
        .replace('?', "%3F")
        .replace('#', "%23")
        .replace('\\', "%5C");
    match origin {
        Some(origin) => url.insert_str(0, origin),
        // What follows two slashes would be a host.
        None if url.starts_with("//") => url.replace_range(1..2, "%2F"),
        None => {}
    }
    if let Some(query) = query.filter(|query| !query.is_empty()) {
        url.push('?');
        url.push_str(query);
    }
    HeaderValue::try_from(utf8_percent_encode(&url, IN_LOCATION).to_string()).ok()
}

fn decoded(path: &str) -> String {
    percent_decode_str(path).decode_utf8_lossy().into_owned()
}

fn with_decoded_path(uri: &Uri, path: &str) -> Option<Uri> {
    with_path(uri, utf8_percent_encode(path, IN_PATH).to_string())
}

fn with_path(uri: &Uri, mut path: String) -> Option<Uri> {
    if let Some(query) = uri.query() {
        path = format!("{path}?{query}");
    }
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(path).ok()?);
    Uri::from_parts(parts).ok()
}

/// A 405 with the body that FastAPI gives it and the one method that Starlette names.
fn as_fastapi(response: &Response) -> Response {
    let allowed = response
        .headers()
        .get(header::ALLOW)
        .and_then(|allow| allow.to_str().ok());
    let first = allowed
        .and_then(|methods| methods.split(',').next())
        .unwrap_or_default();
    let mut answer = respond::detail(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
    if let Ok(first) = HeaderValue::from_str(first) {
        answer.headers_mut().insert(header::ALLOW, first);
    }
    answer
}

#[cfg(test)]
#[path = "routing_tests.rs"]
mod tests;
