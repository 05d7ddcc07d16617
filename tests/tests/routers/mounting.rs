//! Routers under prefixes and layers, and what answers beside their routes.

use axum::{Router, http::HeaderValue, middleware::map_response, response::Response};
use serde_json::json;
use users_runtime::{Compat, fastapi_routing, web::Route};
use users_tests::{App, Client, serve};

use crate::{left_out::ROUTES, registration};

async fn layered(mut response: Response) -> Response {
    response
        .headers_mut()
        .insert("x-layer", HeaderValue::from_static("here"));
    response
}

#[tokio::test]
async fn each_router_stands_alone_under_any_prefix() {
    let app = App::builder()
        .routes(|users| {
            Router::new()
                .nest("/api/v1/join", users.register_router())
                .nest(
                    "/login",
                    users.auth_router("jwt", false).expect("the backend"),
                )
                .nest("/a/b", users.reset_password_router())
                .nest("/proof", users.verify_router())
                .nest("/people", users.users_router(false))
        })
        .start()
        .await;
    let client = app.client();
    let created = client.post("/api/v1/join/register", &registration()).await;
    assert_eq!(created.status, 201, "{created:?}");
    let form = "username=jo%40example.com&password=correct+horse";
    let login = client
        .raw(
            "POST",
            "/login/login",
            "application/x-www-form-urlencoded",
            form,
        )
        .await;
    let me = client.bearer(login.json()["access_token"].as_str().expect("a token"));
    assert_eq!(me.get("/people/me").await.json(), created.json());
    assert_eq!(me.send("POST", "/login/logout").await.status, 204);
    let email = json!({ "email": "jo@example.com" });
    assert_eq!(
        client.post("/a/b/forgot-password", &email).await.status,
        202
    );
    client
        .post(
            "/a/b/reset-password",
            &json!({ "token": "x", "password": "y" }),
        )
        .await
        .assert_detail(400, "RESET_PASSWORD_BAD_TOKEN");
    assert_eq!(
        client
            .post("/proof/request-verify-token", &email)
            .await
            .status,
        202
    );
    client
        .post("/proof/verify", &json!({ "token": "x" }))
        .await
        .assert_detail(400, "VERIFY_USER_BAD_TOKEN");
    for path in [
        "/auth/register",
        "/auth/jwt/login",
        "/auth/forgot-password",
        "/auth/verify",
        "/login/register",
        "/a/b/verify",
    ] {
        assert_eq!(
            client.post(path, &registration()).await.status,
            404,
            "{path}"
        );
    }
    assert_eq!(me.get("/users/me").await.status, 404);
}

#[tokio::test]
async fn there_is_no_router_of_an_unknown_backend() {
    let app = App::start().await;
    for name in ["", "JWT", "jwt ", "redis"] {
        assert!(
            app.users.auth_router::<()>(name, false).is_none(),
            "{name:?}"
        );
    }
}

#[tokio::test]
async fn a_layer_around_one_router_is_around_that_one_alone() {
    let app = App::builder()
        .routes(|users| {
            Router::new()
                .nest(
                    "/auth",
                    users.register_router().layer(map_response(layered)),
                )
                .nest("/users", users.users_router(false))
        })
        .start()
        .await;
    let answer = app.client().post("/auth/register", &registration()).await;
    assert_eq!((answer.status, answer.header("x-layer")), (201, "here"));
    let answer = app.client().post("/auth/register", &json!({})).await;
    assert_eq!(
        (answer.status, answer.header("x-layer")),
        (422, "here"),
        "errors pass the layer, too"
    );
    let answer = app.client().get("/users/me").await;
    assert_eq!((answer.status, answer.header("x-layer")), (401, ""));
}

#[tokio::test]
async fn a_layer_around_everything_reaches_every_route() {
    let app = App::builder()
        .routes(|users| users.router().layer(map_response(layered)))
        .start()
        .await;
    for (method, path) in ROUTES.iter().map(|(_, method, path)| (*method, *path)) {
        let answer = app.client().send(method, path).await;
        assert_eq!(answer.header("x-layer"), "here", "{method} {path}");
        assert!(
            matches!(answer.status, 401 | 422),
            "{method} {path}: {answer:?}"
        );
    }
}

#[tokio::test]
async fn a_wrong_method_is_405_with_the_first_right_one() {
    let app = App::start().await;
    for (method, path, allow) in [
        ("GET", "/auth/register", "POST"),
        ("HEAD", "/users/me", "GET"),
        ("POST", "/users/me", "GET"),
        ("PUT", "/users/1", "GET"),
        ("OPTIONS", "/auth/jwt/login", "POST"),
    ] {
        let answer = app.client().send(method, path).await;
        assert_eq!(
            (answer.status, answer.header("allow")),
            (405, allow),
            "{method} {path}"
        );
        if method != "HEAD" {
            answer.assert_detail(405, "Method Not Allowed");
        }
    }
    let app = App::builder()
        .routes(|users| users.router_without(&[Route::ReadMe]))
        .start()
        .await;
    assert_eq!(app.client().get("/users/me").await.header("allow"), "PATCH");
}

#[tokio::test]
async fn fastapis_routing_redirects_and_answers_what_no_route_does() {
    let app = App::start().await;
    let user = app.user("jo@example.com").await;
    let routing = fastapi_routing(app.users.router()).compat(Compat::FastApiUsers15);
    let url = serve(|listener| axum::serve(listener, routing)).await;
    let client = Client::new(&url);
    for (path, location) in [
        ("/users/me/", format!("{url}/users/me")),
        ("/users/me/?a=1&b=%20", format!("{url}/users/me?a=1&b=%20")),
    ] {
        let answer = client.get(path).await;
        assert_eq!(
            (
                answer.status,
                answer.header("location"),
                answer.text.as_str()
            ),
            (307, location.as_str(), "")
        );
    }
    let answer = client.post("/auth/register/", &registration()).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (307, format!("{url}/auth/register").as_str())
    );
    client.get("/nowhere").await.assert_detail(404, "Not Found");
    client
        .get("/nowhere/")
        .await
        .assert_detail(404, "Not Found");
    let answer = client.get("/auth/register").await;
    answer.assert_detail(405, "Method Not Allowed");
    assert_eq!(answer.header("allow"), "POST");
    let token = app
        .users
        .backend("jwt")
        .expect("the backend")
        .strategy()
        .write(&user)
        .await
        .expect("a token");
    assert_eq!(client.bearer(&token).get("/users/me").await.status, 200);
    assert_eq!(
        client.bearer(&token).get("/users/%6De").await.status,
        200,
        "paths are decoded before they are routed"
    );

    let routing = fastapi_routing(app.users.router());
    let client = Client::new(&serve(|listener| axum::serve(listener, routing)).await);
    let form = "application/x-www-form-urlencoded";
    let login = "username=jo%40example.com&password=correct+horse";
    let answer = client.raw("POST", "/auth/jwt/%6Cogin", form, login).await;
    answer.assert_detail(404, "Not Found");
    let answer = client.raw("POST", "/auth/jwt/login", form, login).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let answer = client.bearer(&token).get("/users%2Fme").await;
    answer.assert_detail(404, "Not Found");
}
