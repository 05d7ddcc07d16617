//! Redirects, against what the original answers.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use axum::{
    Router,
    extract::Path,
    routing::{get, post},
};
use http::StatusCode;
use tokio::net::TcpListener;
use tower::ServiceExt as _;

use super::*;
use crate::wire::origin::{host_of, is_host};

/// The routing of the original.
fn app() -> FastApiRouting {
    default_app().compat(Compat::FastApiUsers15)
}

fn default_app() -> FastApiRouting {
    let user = |Path(id): Path<String>| async move { id };
    let users = Router::new()
        .route("/users/me", get(|| async { "me" }))
        .route("/users/{id}", get(user));
    fastapi_routing(
        users
            .route("/login", post(|| async {}))
            .route("/list/", get(|| async {})),
    )
}

async fn ask(method: Method, target: &str, host: Option<&str>) -> Response {
    let mut request = Request::builder().method(method).uri(target);
    if let Some(host) = host {
        request = request.header(header::HOST, host);
    }
    app()
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap()
}

async fn ask_default(method: Method, target: &str) -> Response {
    let request = Request::builder().method(method).uri(target);
    let request = request.header(header::HOST, "h");
    default_app()
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap()
}

#[tokio::test]
async fn by_default_an_encoded_path_is_another_path() {
    // A proxy that limits `/login` has not limited these.
    for target in [
        "/%6Cogin",
        "/%6cogin",
        "/logi%6E",
        "/%2Flogin",
        "/login%2F",
        "/%6Cogin/",
        "/%2E/login",
        "/login%00",
    ] {
        let answer = ask_default(Method::POST, target).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{target}");
    }
    assert_eq!(
        ask_default(Method::POST, "/login").await.status(),
        StatusCode::OK
    );
    for target in ["/users%2Fme", "/%75sers/me", "/users%2Fme/"] {
        let answer = ask_default(Method::GET, target).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{target}");
    }
    // Parameters are decoded after the routing.
    for (target, id) in [("/users/a%2Fb", "a/b"), ("/users/%6De", "me")] {
        let answer = ask_default(Method::GET, target).await;
        let body = axum::body::to_bytes(answer.into_body(), 100).await.unwrap();
        assert_eq!(body, id, "{target}");
    }
}

#[tokio::test]
async fn by_default_a_redirect_keeps_the_encoding_of_the_path() {
    for (target, path) in [
        ("/users/me/", "/users/me"),
        ("/users/me//?a=b", "/users/me?a=b"),
        ("/list", "/list/"),
        ("/users/%C3%A9/", "/users/%C3%A9"),
        ("/users/a%2Fb/", "/users/a%2Fb"),
        ("/users/a%25/", "/users/a%25"),
        ("/users/a%3Fb/?c", "/users/a%3Fb?c"),
    ] {
        let answer = ask_default(Method::GET, target).await;
        assert_eq!(location_of(&answer), format!("http://h{path}"), "{target}");
    }
    for target in [
        "/users/me%2F",
        "/login%2F%2F",
        "/nope/",
        "http://h/users/me",
    ] {
        let answer = ask_default(Method::DELETE, target).await;
        assert!(!answer.headers().contains_key(header::LOCATION), "{target}");
    }
}

fn location_of(response: &Response) -> &str {
    assert_eq!(response.status(), StatusCode::TEMPORARY_REDIRECT);
    response.headers()[header::LOCATION].to_str().unwrap()
}

#[tokio::test]
async fn a_redirect_names_the_decoded_path_without_its_last_slashes() {
    for (target, path) in [
        ("/users/me/", "/users/me"),
        ("/users/me//", "/users/me"),
        ("/users/me///", "/users/me"),
        ("/users/me%2F", "/users/me"),
        ("/users/me%2f%2F", "/users/me"),
        ("/users/me/%2F/", "/users/me"),
        ("/users/me/?", "/users/me"),
        ("/users/me/?a=b&c", "/users/me?a=b&c"),
        ("/users/me/?a=/", "/users/me?a=/"),
        (
            "/users/me/?a=%20b&c=%3F?^[]|",
            "/users/me?a=%20b&c=%3F?%5E[]%7C",
        ),
        ("/users/a/", "/users/a"),
        ("/list", "/list/"),
        ("/list?x", "/list/?x"),
    ] {
        assert_eq!(
            location_of(&ask(Method::GET, target, Some("h")).await),
            format!("http://h{path}"),
            "{target}"
        );
    }
}

#[tokio::test]
async fn a_redirect_escapes_like_the_original() {
    for (target, path) in [
        ("/users/%E9/", "/users/%EF%BF%BD"),
        ("/users/%c3%a9/", "/users/%C3%A9"),
        ("/users/%F0%9F%98%80/", "/users/%F0%9F%98%80"),
        ("/users/a%3Fb/", "/users/a%3Fb"),
        ("/users/a%3fb/?c", "/users/a%3Fb?c"),
        ("/users/a%23/", "/users/a%23"),
        ("/users/a%5Cb/", "/users/a%5Cb"),
        ("/users/a\\b/", "/users/a%5Cb"),
        ("/users/a%25/", "/users/a%"),
        ("/users/a%2525/", "/users/a%25"),
        ("/users/a%252F/", "/users/a%2F"),
        ("/users/%zz/", "/users/%zz"),
        ("/users/%20/", "/users/%20"),
        (
            "/users/%20%5E%60%7B%7D%7C%22%27%3C%3E/",
            "/users/%20%5E%60%7B%7D%7C%22'%3C%3E",
        ),
        ("/users/{x}|\"/", "/users/%7Bx%7D%7C%22"),
        ("/users/a%00%0D%0A%7F/", "/users/a%00%0D%0A%7F"),
        (
            "/users/~-._!$&'()*+,;=:@%5B%5D/",
            "/users/~-._!$&'()*+,;=:@[]",
        ),
        ("/users/%21%24%7E/", "/users/!$~"),
    ] {
        assert_eq!(
            location_of(&ask(Method::GET, target, Some("h")).await),
            format!("http://h{path}"),
            "{target}"
        );
    }
}

#[tokio::test]
async fn a_redirect_is_for_every_method_and_has_no_body() {
    for method in [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::OPTIONS,
        Method::DELETE,
    ] {
        let response = ask(method, "/login/", Some("example.org:81")).await;
        assert_eq!(location_of(&response), "http://example.org:81/login");
        assert!(!response.headers().contains_key(header::CONTENT_TYPE));
        assert_eq!(response.headers()[header::CONTENT_LENGTH], "0");
    }
}

#[tokio::test]
async fn what_no_slash_leads_to_a_route_is_not_found() {
    for target in [
        "/",
        "//",
        "/%2F",
        "/users/",
        "/users",
        "/users//",
        "/users//me",
        "//users/me",
        "/nope/",
        "/users/a/b/",
        "/users/me/%20",
        "*",
    ] {
        assert_eq!(
            ask(Method::GET, target, Some("h")).await.status(),
            StatusCode::NOT_FOUND,
            "{target}"
        );
    }
    for target in ["http://h/users/me", "http://h/users/me/"] {
        assert_eq!(
            ask(Method::GET, target, Some("h")).await.status(),
            StatusCode::NOT_FOUND,
            "{target}"
        );
    }
    for target in [
        "/users/me",
        "/users/%",
        "/users/%zz",
        "/users/%ff",
        "/users%2Fme",
        "/users/me?",
    ] {
        assert_eq!(
            ask(Method::GET, target, Some("h")).await.status(),
            StatusCode::OK,
            "{target}"
        );
    }
}

#[tokio::test]
async fn without_a_host_and_an_address_the_path_alone_is_named() {
    for host in [None, Some("a b"), Some("a/b"), Some("")] {
        assert_eq!(
            location_of(&ask(Method::GET, "/users/me/?x", host).await),
            "/users/me?x"
        );
    }
    assert_eq!(location(None, "//users/a", None).unwrap(), "/%2Fusers/a");
    assert_eq!(
        location(Some("http://h"), "//users/a", Some("")).unwrap(),
        "http://h//users/a"
    );
}

#[test]
fn a_host_is_what_starlette_takes_for_one() {
    for host in [
        "h",
        "example.org",
        "EXAMPLE.org:8080",
        "[::1]:80",
        "127.0.0.1",
        "a.b-c_d",
        "x:443",
        "h:0065535",
        "h:0",
        "a%zz",
        "A_b:1",
        "[::1.2.3.4]",
        "[v1.x]",
        "[vF.a:b]:1",
        "[1:2:3:4:5:6:7::]",
    ] {
        assert!(is_host(host), "{host}");
    }
    for host in [
        "",
        ":80",
        "a b",
        "a/b",
        "h:",
        "h:65536",
        "h:+1",
        "h:1:2",
        "a:b",
        "u@h",
        "h#",
        "[::1",
        "::1",
        "[::1]x",
        "[::1]:",
        "[]",
        "[V1.x]",
        "[v.x]",
        "[v1.]",
        "[::01.2.3.4]",
        "[1:2:3:4:5:6:7:8:9]",
        "[fe80::1%25en0]",
        "é",
    ] {
        assert!(!is_host(host), "{host}");
    }
}

#[test]
fn the_servers_own_address_is_a_host() {
    for (address, scheme, host) in [
        ("127.0.0.1:8000", "http", "127.0.0.1:8000"),
        ("127.0.0.1:80", "http", "127.0.0.1"),
        ("127.0.0.1:80", "https", "127.0.0.1:80"),
        ("[::1]:443", "https", "[::1]"),
        ("[::1]:8000", "http", "[::1]:8000"),
    ] {
        assert_eq!(host_of(address.parse().unwrap(), scheme), host);
    }
}

/// What the server sends back, to the end of the connection.
fn sent_back(address: SocketAddr, head: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_is_none_is_replaced_by_the_servers_address() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move { axum::serve(listener, app()).await });
    for (host, expected) in [
        ("a b", address.to_string()),
        ("", address.to_string()),
        ("\u{e9}", address.to_string()),
        ("h:1", "h:1".into()),
    ] {
        let head = format!("GET /users/me/? HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        let answer = tokio::task::spawn_blocking(move || sent_back(address, &head))
            .await
            .unwrap();
        assert!(answer.starts_with("HTTP/1.1 307 "), "{answer}");
        assert!(
            answer.contains(&format!("location: http://{expected}/users/me\r\n")),
            "{answer}"
        );
        assert!(
            answer.contains("content-length: 0\r\n") && !answer.contains("content-type"),
            "{answer}"
        );
    }
    server.abort();
}
