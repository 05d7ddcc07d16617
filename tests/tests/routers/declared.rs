//! Routes that the struct leaves out, and what layers and prefixes do with the others.

use axum::{
    Router,
    body::Body,
    http::{Request, Response, StatusCode, header},
    middleware::{Next, from_fn},
    routing::get,
};
use serde_json::json;
use tower::ServiceExt as _;
use users_runtime::{
    Backend, BearerTransport, DatabaseStrategy, PasswordHash, SqliteStore, UserModel, Users,
    fastapi_routing,
};
use users_tests::{PASSWORD, SECRET};

#[derive(Clone, Debug, UserModel)]
#[fastapi_users(
    backend(name = "jwt", transport = bearer, strategy = jwt),
    backend(name = "quiet", transport = bearer, strategy = database, routes = false),
    routes(except(delete_user, update_me))
)]
struct Member {
    id: i64,
    email: String,
    hashed_password: PasswordHash,
    is_active: bool,
    is_superuser: bool,
    is_verified: bool,
}

async fn users() -> Users<Member> {
    let store = SqliteStore::<Member>::connect("sqlite::memory:").await;
    let store = store.expect("a database");
    store.migrate().await.expect("tables");
    let added = Backend::new(
        "added",
        BearerTransport::new(),
        DatabaseStrategy::new(store.clone()),
    );
    let users = Users::<Member>::builder(store, SECRET).backend(added.without_routes());
    users.build().expect("users")
}

async fn sent(router: &Router, method: &str, path: &str, token: &str) -> StatusCode {
    let bearer = format!("Bearer {token}");
    let request = Request::builder().method(method).uri(path);
    let request = request.header(header::AUTHORIZATION, bearer);
    let request = request.body(Body::empty()).expect("a request");
    let answer = router.clone().oneshot(request).await;
    answer.expect("an answer").status()
}

#[tokio::test]
async fn a_route_that_the_struct_leaves_out_is_in_no_router_and_not_in_the_document() {
    let users = users().await;
    let single = Router::new().nest("/users", users.users_router(false));
    for router in [users.router(), single] {
        for (method, path) in [("DELETE", "/users/1"), ("PATCH", "/users/me")] {
            let status = sent(&router, method, path, "").await;
            assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
        }
        for (method, path) in [("PATCH", "/users/1"), ("GET", "/users/me")] {
            let status = sent(&router, method, path, "").await;
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{method} {path}");
        }
    }
    let document = users.api().router().build().expect("a document");
    let document = serde_json::to_value(&document).expect("JSON");
    let methods = |path: &str| {
        let item = document["paths"][path].as_object().expect("a path");
        item.keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(methods("/users/me"), ["get"]);
    assert_eq!(methods("/users/{id}"), ["get", "patch"]);
}

#[tokio::test]
async fn a_backend_without_routes_only_authenticates() {
    let users = users().await;
    let router = users.router();
    let logout = sent(&router, "POST", "/auth/jwt/logout", "").await;
    assert_eq!(logout, StatusCode::UNAUTHORIZED);
    let create = json!({ "email": "jo@example.com", "password": PASSWORD });
    let create = serde_json::from_value(create).expect("a registration");
    let jo = users.create(create, None).await.expect("a new user");
    for name in ["quiet", "added"] {
        for route in ["login", "logout"] {
            let path = format!("/auth/{name}/{route}");
            let status = sent(&router, "POST", &path, "").await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        }
        let strategy = users.backend(name).expect("the backend").strategy();
        let token = strategy.write(&jo).await.expect("a token");
        let me = sent(&router, "GET", "/users/me", &token).await;
        assert_eq!(me, StatusCode::OK, "{name}");
    }
}

/// A layer that lets nothing through.
async fn refuse(_: Request<Body>, _: Next) -> Response<Body> {
    let mut answer = Response::new(Body::empty());
    *answer.status_mut() = StatusCode::IM_A_TEAPOT;
    answer
}

/// As axum has it for every router: `route_layer` wraps a path with all of its methods, those that it refuses included.
#[tokio::test]
async fn a_route_layer_runs_before_a_method_is_refused_in_our_routers_as_in_others() {
    let users = users().await;
    let own = Router::new().route("/users/me", get(async || "me"));
    for router in [own, users.router()] {
        let refused = sent(&router, "PUT", "/users/me", "").await;
        assert_eq!(refused, StatusCode::METHOD_NOT_ALLOWED);
        let layered = router.route_layer(from_fn(refuse));
        let refused = sent(&layered, "PUT", "/users/me", "").await;
        assert_eq!(refused, StatusCode::IM_A_TEAPOT);
        let unknown = sent(&layered, "PUT", "/nowhere", "").await;
        assert_eq!(unknown, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn slashes_of_nested_routes_are_redirected() {
    let users = users().await;
    let at_root = Router::new().merge(users.router());
    let below = Router::new().nest("/api", users.router());
    let with_slash = Router::new().nest("/api/", users.router());
    for (router, prefix) in [(at_root, ""), (below, "/api"), (with_slash, "/api")] {
        let routing = fastapi_routing(router);
        for (path, location) in [
            ("/users/me/", "/users/me"),
            ("/auth/register//", "/auth/register"),
        ] {
            let request = Request::get(format!("{prefix}{path}")).header(header::HOST, "h");
            let request = request.body(Body::empty()).expect("a request");
            let answer = routing.clone().oneshot(request).await.expect("an answer");
            assert_eq!(
                answer.status(),
                StatusCode::TEMPORARY_REDIRECT,
                "{prefix}{path}"
            );
            let location = format!("http://h{prefix}{location}");
            assert_eq!(answer.headers()[header::LOCATION], location);
        }
    }
}
