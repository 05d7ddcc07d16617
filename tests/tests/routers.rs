//! The routers one by one: under other prefixes, in layers, with routes left out, beside the application's own.

use axum::{
    Router,
    extract::{FromRef, State},
    http::HeaderValue,
    middleware::map_response,
    response::Response,
    routing::{MethodFilter, get, on},
};
use serde_json::json;
use users_runtime::{
    Compat, CurrentUser, PasswordHash, ProvidesUsers, Route, UserModel, Users, Value,
    fastapi_routing,
};
use users_tests::{App, Client, Database, PASSWORD, SECRET, User, serve};
use uuid::Uuid;

/// A user whose attributes mount everything elsewhere, for verified users only.
#[derive(Clone, Debug, UserModel)]
#[fastapi_users(
    table = "people",
    backend(name = "web", transport = bearer, strategy = jwt, prefix = "/session"),
    routes(register = "/join", users = "/people", verify = false, requires_verification)
)]
struct Person {
    id: Uuid,
    email: String,
    hashed_password: PasswordHash,
    is_active: bool,
    is_superuser: bool,
    is_verified: bool,
}

/// The state of an application that has more than its users.
#[derive(Clone)]
struct Shop {
    users: Users<User>,
    name: &'static str,
}

impl FromRef<Shop> for Users<User> {
    fn from_ref(shop: &Shop) -> Self {
        shop.users.clone()
    }
}

/// The state of an application that says itself where its users are.
#[derive(Clone)]
struct Club(Users<User>);

impl ProvidesUsers<User> for Club {
    fn users(&self) -> Users<User> {
        self.0.clone()
    }
}

fn registration() -> serde_json::Value {
    json!({ "email": "jo@example.com", "password": PASSWORD })
}

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

/// Every route with its method and one of its paths.
const ROUTES: [(Route, &str, &str); 12] = [
    (Route::Login, "POST", "/auth/jwt/login"),
    (Route::Logout, "POST", "/auth/cookie/logout"),
    (Route::Register, "POST", "/auth/register"),
    (Route::ForgotPassword, "POST", "/auth/forgot-password"),
    (Route::ResetPassword, "POST", "/auth/reset-password"),
    (
        Route::RequestVerifyToken,
        "POST",
        "/auth/request-verify-token",
    ),
    (Route::Verify, "POST", "/auth/verify"),
    (Route::ReadMe, "GET", "/users/me"),
    (Route::UpdateMe, "PATCH", "/users/me"),
    (Route::ReadUser, "GET", "/users/{id}"),
    (Route::UpdateUser, "PATCH", "/users/{id}"),
    (Route::DeleteUser, "DELETE", "/users/{id}"),
];

fn filter(method: &str) -> MethodFilter {
    match method {
        "GET" => MethodFilter::GET,
        "PATCH" => MethodFilter::PATCH,
        "DELETE" => MethodFilter::DELETE,
        _ => MethodFilter::POST,
    }
}

#[tokio::test]
async fn a_route_that_is_left_out_is_the_applications_to_answer() {
    for (route, method, path) in ROUTES {
        let own = on(filter(method), || async { "the application's own" });
        let app = App::builder()
            .routes(move |users| {
                users
                    .router_without::<Users<User>>(&[route])
                    .route(path, own)
            })
            .start()
            .await;
        let asked = path.replace("{id}", &Uuid::new_v4().to_string());
        let answer = app.client().send(method, &asked).await;
        assert_eq!(
            (answer.status, answer.text.as_str()),
            (200, "the application's own"),
            "{route:?}"
        );
        for (other, method, path) in ROUTES.into_iter().filter(|(other, ..)| *other != route) {
            let answer = app.client().send(method, &path.replace("{id}", "1")).await;
            assert!(
                matches!(answer.status, 401 | 422),
                "{other:?} without {route:?}: {answer:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_route_that_is_left_out_and_not_replaced_is_gone() {
    for (route, method, path) in ROUTES {
        let app = App::builder()
            .routes(move |users| users.router_without(&[route]))
            .start()
            .await;
        let answer = app.client().send(method, &path.replace("{id}", "1")).await;
        let expected = if path.starts_with("/users") { 405 } else { 404 };
        assert_eq!(answer.status, expected, "{route:?}: {answer:?}");
    }
    let all = ROUTES.map(|(route, ..)| route);
    let app = App::builder()
        .routes(move |users| users.router_without(&all))
        .start()
        .await;
    for (_, method, path) in ROUTES {
        assert_eq!(
            app.client()
                .send(method, &path.replace("{id}", "1"))
                .await
                .status,
            404,
            "{method} {path}"
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
async fn the_attributes_say_where_and_for_whom() {
    let database = Database::new();
    let store = database.store::<Person>().await;
    let users = Users::<Person>::builder(store.clone(), SECRET)
        .build()
        .expect("a sound configuration");
    let router: Router = users.router();
    let client = Client::new(&serve(|listener| axum::serve(listener, router)).await);
    assert_eq!(
        client.post("/join/register", &registration()).await.status,
        201
    );
    let form = (
        "application/x-www-form-urlencoded",
        "username=jo%40example.com&password=correct+horse",
    );
    client
        .raw("POST", "/session/login", form.0, form.1)
        .await
        .assert_detail(400, "LOGIN_USER_NOT_VERIFIED");
    let user = users
        .find_by_email("jo@example.com")
        .await
        .expect("an answer")
        .expect("the user");
    let token = users
        .backend("web")
        .expect("the backend")
        .strategy()
        .write(&user)
        .await
        .expect("a token");
    let me = client.bearer(&token);
    me.get("/people/me").await.assert_detail(403, "Forbidden");
    me.send("POST", "/session/logout")
        .await
        .assert_detail(403, "Forbidden");
    sqlx::query("UPDATE people SET is_verified = 1")
        .execute(store.pool())
        .await
        .expect("an update");
    assert_eq!(me.get("/people/me").await.status, 200);
    assert_eq!(
        client
            .raw("POST", "/session/login", form.0, form.1)
            .await
            .status,
        200
    );
    me.get("/people/1").await.assert_detail(403, "Forbidden");
    assert_eq!(
        client
            .post("/auth/verify", &json!({ "token": "x" }))
            .await
            .status,
        404,
        "left out by its attribute"
    );
    assert_eq!(
        client
            .post(
                "/auth/forgot-password",
                &json!({ "email": "jo@example.com" })
            )
            .await
            .status,
        202
    );
}

#[tokio::test]
async fn users_routes_for_the_verified_answer_403_to_the_others() {
    let app = App::builder()
        .routes(|users| Router::new().nest("/users", users.users_router(true)))
        .start()
        .await;
    let user = app.user("jo@example.com").await;
    let user = app.set(&user, "is_superuser", Value::Bool(true)).await;
    let client = app.client_of(&user).await;
    let path = format!("/users/{}", user.id);
    for (method, path) in [
        ("GET", "/users/me"),
        ("PATCH", "/users/me"),
        ("GET", &path),
        ("PATCH", &path),
        ("DELETE", &path),
    ] {
        client
            .json(method, path, &json!({}))
            .await
            .assert_detail(403, "Forbidden");
        app.client()
            .json(method, path, &json!({}))
            .await
            .assert_detail(401, "Unauthorized");
    }
    app.set(&user, "is_verified", Value::Bool(true)).await;
    assert_eq!(client.get("/users/me").await.status, 200);
    assert_eq!(client.get(&path).await.status, 200);
}

#[tokio::test]
async fn an_application_with_a_state_of_its_own_has_both() {
    async fn greet(State(shop): State<Shop>, user: CurrentUser<User>) -> String {
        format!("{} greets {}", shop.name, user.email)
    }
    async fn count(State(users): State<Users<User>>) -> String {
        users.backends().len().to_string()
    }
    let app = App::builder()
        .routes(|users| {
            let state = Shop {
                users: users.clone(),
                name: "the shop",
            };
            let router = Router::<Shop>::new()
                .route("/greet", get(greet))
                .route("/count", get(count));
            router.merge(users.router()).with_state(state)
        })
        .start()
        .await;
    let user = app.user("jo@example.com").await;
    assert_eq!(
        app.client_of(&user).await.get("/greet").await.text,
        "the shop greets jo@example.com"
    );
    app.client()
        .get("/greet")
        .await
        .assert_detail(401, "Unauthorized");
    assert_eq!(app.client().get("/count").await.text, "3");
    assert_eq!(
        app.client_of(&user).await.get("/users/me").await.status,
        200
    );
}

#[tokio::test]
async fn a_state_may_say_itself_where_its_users_are() {
    async fn whoami(user: CurrentUser<User>) -> String {
        user.into_user().email
    }
    let app = App::builder()
        .routes(|users| {
            Router::<Club>::new()
                .route("/whoami", get(whoami))
                .with_state(Club(users.clone()))
        })
        .start()
        .await;
    let user = app.user("jo@example.com").await;
    assert_eq!(
        app.client_of(&user).await.get("/whoami").await.text,
        "jo@example.com"
    );
    app.client()
        .get("/whoami")
        .await
        .assert_detail(401, "Unauthorized");
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
