//! Headers that every answer of the user system has, whatever it says.

use serde_json::json;
use users_runtime::{Compat, CurrentUser, value::Value};
use users_tests::{Answer, App, PASSWORD, User};

#[track_caller]
fn assert_safe(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{answer:?}");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("cache-control"), "no-store", "{answer:?}");
}

#[tokio::test]
async fn no_answer_is_sniffed_or_kept_by_a_cache() {
    for compat in [Compat::Off, Compat::FastApiUsers15] {
        let app = App::builder()
            .configure(move |builder| builder.compat(compat))
            .start()
            .await;
        let root = app.user("root@example.com").await;
        let root = app.set(&root, "is_superuser", Value::Bool(true)).await;
        let (nobody, root_client) = (app.client(), app.client_of(&root).await);
        let jo = json!({ "email": "jo@example.com", "password": PASSWORD });
        let registered = nobody.post("/auth/register", &jo).await;
        assert_safe(&registered, 201);
        let path = format!(
            "/users/{}",
            registered.json()["id"].as_str().expect("an id")
        );
        assert_safe(&nobody.post("/auth/register", &jo).await, 400);
        assert_safe(&nobody.post("/auth/register", &json!({})).await, 422);
        assert_safe(&nobody.get("/auth/register").await, 405);
        for (backend, status) in [("jwt", 200), ("cookie", 204), ("db", 200)] {
            let answer = nobody.login(backend, "jo@example.com", PASSWORD).await;
            assert_safe(&answer, status);
            let answer = nobody.login(backend, "jo@example.com", "wrong").await;
            assert_safe(&answer, 400);
            let logout = format!("/auth/{backend}/logout");
            assert_safe(&nobody.send("POST", &logout).await, 401);
        }
        assert_safe(&nobody.get("/users/me").await, 401);
        assert_safe(&nobody.send("HEAD", "/users/me").await, 405);
        assert_safe(&root_client.get("/users/me").await, 200);
        assert_safe(&root_client.get(&path).await, 200);
        let name = json!({ "first_name": "Jo" });
        assert_safe(&root_client.json("PATCH", "/users/me", &name).await, 200);
        assert_safe(&root_client.json("PATCH", &path, &name).await, 200);
        assert_safe(&root_client.send("DELETE", &path).await, 204);
        assert_safe(&root_client.get(&path).await, 404);
        for path in ["/auth/forgot-password", "/auth/request-verify-token"] {
            assert_safe(
                &nobody
                    .post(path, &json!({ "email": "al@example.com" }))
                    .await,
                202,
            );
        }
        let token = json!({ "token": "x", "password": "x" });
        assert_safe(&nobody.post("/auth/reset-password", &token).await, 400);
        assert_safe(&nobody.post("/auth/verify", &token).await, 400);
        assert_safe(&root_client.send("POST", "/auth/jwt/logout").await, 204);
    }
}

#[tokio::test]
async fn the_applications_own_answers_are_its_own() {
    async fn whoami(user: CurrentUser<User>) -> String {
        user.email.clone()
    }
    let app = App::builder()
        .routes(|users| users.router().route("/whoami", axum::routing::get(whoami)))
        .start()
        .await;
    let user = app.user("jo@example.com").await;
    let answer = app.client_of(&user).await.get("/whoami").await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, ""));
    assert_eq!(
        app.client().get("/nowhere").await.header("cache-control"),
        ""
    );
    let refused = app.client().get("/whoami").await;
    refused.assert_detail(401, "Unauthorized");
    assert_eq!(refused.header("x-content-type-options"), "nosniff");
}
