//! Routing as FastAPI does it, for front ends that depend on its 404s, 405s and redirects.

use std::{
    any::Any,
    convert::Infallible,
    future::{Ready, ready},
    net::{IpAddr, Ipv6Addr, SocketAddr},
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    Router,
    body::Body,
    extract::Request,
    response::Response,
    routing::future::RouteFuture,
    serve::{IncomingStream, Listener},
};
use http::{
    Extensions, HeaderMap, HeaderValue, Method, StatusCode, Uri, Version, header, uri::PathAndQuery,
};
use percent_encoding::{
    AsciiSet, CONTROLS, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode,
};
use tokio::net::TcpStream;
use tower::{Service, ServiceExt as _};

use super::respond;
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

/// The server's own address on the connection that a request came on.
#[derive(Clone, Copy)]
pub(crate) struct LocalAddress(pub(crate) SocketAddr);

/// Answers like FastAPI where no route answers:
///
/// - an unknown path is 404 `{"detail":"Not Found"}`, and so is every absolute URL as the target of a request,
/// - a wrong method is 405 `{"detail":"Method Not Allowed"}`, for `HEAD` and `OPTIONS`, too, and `Allow` has one method,
/// - slashes too many or one too few are a 307 to the absolute URL that the `Host` header names.
///
/// Paths are routed as they come, so that a rule of a proxy for `/login` cannot be avoided by `/%6Cogin`. FastAPI decodes them
/// first, and so does [`.compat(Compat::FastApiUsers15)`](FastApiRouting::compat).
///
/// The service goes to [`serve`](crate::serve()) or [`axum::serve`](axum::serve()), which tell it the server's own address, for
/// redirects of requests whose `Host` header is none. As a part of another router (`.fallback_service(…)`) it does not know it;
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
    router: Router,
    local: Option<SocketAddr>,
}

impl FastApiRouting {
    fn new(routes: Routes) -> Self {
        Self {
            router: Router::new().fallback_service(routes.clone()),
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
    type Future = RouteFuture<Infallible>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        if let Some(local) = self.local {
            request.extensions_mut().insert(LocalAddress(local));
        }
        self.router.call(request)
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

impl Service<Request> for Routes {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let routes = self.clone();
        Box::pin(async move { Ok(answer(routes, request).await) })
    }
}

async fn answer(routes: Routes, mut request: Request) -> Response {
    let Routes {
        router,
        decodes_paths,
    } = routes;
    if request.version() < Version::HTTP_2 && request.uri().authority().is_some() {
        // To the original, the whole URL is the path.
        return no_route().await;
    }
    let path = if decodes_paths {
        let path = decoded(request.uri().path());
        if let Some(uri) = with_decoded_path(request.uri(), &path) {
            *request.uri_mut() = uri;
        }
        path
    } else {
        request.uri().path().to_owned()
    };
    if request.method() == Method::HEAD {
        // axum would answer it with the `GET` route; asking with a method that no route has tells what there is.
        *request.method_mut() = Method::TRACE;
    }
    let uri = request.uri().clone();
    let origin = origin(request.headers(), &uri, request.extensions());
    let response = call(router.clone(), request).await;
    if response.extensions().get::<NoRoute>().is_some() {
        return redirect(router, decodes_paths, origin.as_deref(), &uri, &path)
            .await
            .unwrap_or(response);
    }
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        as_fastapi(&response)
    } else {
        response
    }
}

async fn call(router: Router, request: Request) -> Response {
    match router.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// The redirect to the path without its last slashes, or with one if it has none, where that is the path of a route.
async fn redirect(
    router: Router,
    is_decoded: bool,
    origin: Option<&str>,
    uri: &Uri,
    path: &str,
) -> Option<Response> {
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
    *probe.uri_mut() = if is_decoded {
        with_decoded_path(uri, &other)?
    } else {
        with_path(uri, other.clone())?
    };
    if call(router, probe)
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
    response
        .headers_mut()
        .insert(header::LOCATION, location(origin, &other, uri.query())?);
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

/// Scheme and host of a request's URL: the host that the client names, or else the address that it has connected to.
pub(crate) fn origin(headers: &HeaderMap, uri: &Uri, extensions: &Extensions) -> Option<String> {
    let scheme = uri.scheme_str().unwrap_or("http");
    let local = || {
        extensions
            .get()
            .map(|LocalAddress(address)| host_of(*address, scheme))
    };
    let host = named_host(headers, uri).map(str::to_owned).or_else(local)?;
    Some(format!("{scheme}://{host}"))
}

/// The host that the client names, if it is one.
fn named_host<'a>(headers: &'a HeaderMap, uri: &'a Uri) -> Option<&'a str> {
    let host = match headers.get(header::HOST) {
        Some(host) => host.to_str().ok()?,
        None => uri.authority()?.as_str(),
    };
    is_host(host).then_some(host)
}

/// The server's address as a host; the scheme's own port is left out.
fn host_of(address: SocketAddr, scheme: &str) -> String {
    let host = match address.ip() {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => format!("[{ip}]"),
    };
    let is_default = address.port() == if scheme == "https" { 443 } else { 80 };
    if is_default {
        host
    } else {
        format!("{host}:{}", address.port())
    }
}

/// Whether a text is a host with or without a port, as Starlette judges it: by RFC 3986, but the name must not be empty and `%`
/// may stand anywhere.
fn is_host(text: &str) -> bool {
    let (is_host, rest) = match text.strip_prefix('[').map(|rest| rest.split_once(']')) {
        Some(Some((literal, rest))) => (is_ip_literal(literal), rest),
        Some(None) => return false,
        None => {
            let (name, rest) = text.split_at(text.find(':').unwrap_or(text.len()));
            (
                !name.is_empty() && name.bytes().all(|byte| byte == b'%' || is_plain(byte)),
                rest,
            )
        }
    };
    is_host && (rest.is_empty() || rest.strip_prefix(':').is_some_and(is_port))
}

/// Whether a text may stand in the brackets of a host.
fn is_ip_literal(text: &str) -> bool {
    let Some((version, address)) = text
        .strip_prefix('v')
        .and_then(|future| future.split_once('.'))
    else {
        return text.parse::<Ipv6Addr>().is_ok();
    };
    let is_version = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_version && !address.is_empty() && address.bytes().all(|byte| byte == b':' || is_plain(byte))
}

fn is_port(text: &str) -> bool {
    let number = text.trim_start_matches('0');
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && (number.is_empty() || number.parse::<u16>().is_ok())
}

/// What RFC 3986 calls the unreserved characters and the sub-delimiters.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"._~!$&'()*+,;=-".contains(&byte)
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
