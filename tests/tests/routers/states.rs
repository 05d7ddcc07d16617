//! What the attributes say of the routes, and where an application's state has its users.

use axum::{
    Router,
    extract::{FromRef, State},
    routing::get,
};
use serde_json::json;
use users_runtime::{
    CurrentUser, PasswordHash, UserModel, Users, value::Value, web::ProvidesUsers,
};
use users_tests::{App, Client, Database, SECRET, User, serve};
use uuid::Uuid;

use crate::registration;

/// A user whose attributes mount every route under other prefixes, for verified users only.
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

/// The state of an application that says itself where its users are.
impl FromRef<Shop> for Users<User> {
    fn from_ref(shop: &Shop) -> Self {
        shop.users.clone()
    }
}

#[derive(Clone)]
struct Club(Users<User>);

impl ProvidesUsers<User> for Club {
    fn users(&self) -> Users<User> {
        self.0.clone()
    }
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
