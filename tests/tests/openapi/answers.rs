//! Every answer that the document shows is answered, and every answer is in the document.

use axum::Router;
use serde_json::{Value, json};
use users_runtime::{Users, value::Value as Stored};
use users_tests::{Answer, App, Client, Event, PASSWORD, User, Witness};

/// What a request sends.
enum Sent {
    Nothing,
    Json(Value),
    Raw(&'static str, Vec<u8>),
}

impl Sent {
    fn form(username: &str, password: &str) -> Self {
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("username", username)
            .append_pair("password", password)
            .finish();
        Self::Raw("application/x-www-form-urlencoded", form.into_bytes())
    }
}

async fn send(client: &Client, method: &str, path: &str, sent: Sent) -> Answer {
    match sent {
        Sent::Nothing => client.send(method, path).await,
        Sent::Json(body) => client.json(method, path, &body).await,
        Sent::Raw(content_type, body) => client.raw(method, path, content_type, body).await,
    }
}

/// Every route, and those for verified users under `/strict`.
fn routes(users: &Users<User>) -> Router<Users<User>> {
    let auth = users.auth_router("jwt", true).expect("the backend `jwt`");
    users
        .router()
        .nest("/strict/auth/jwt", auth)
        .nest("/strict/users", users.users_router(true))
}

async fn start() -> (App, Witness) {
    let app = App::builder()
        .configure(|builder| builder.notify_in_background(false).body_limit(8192))
        .routes(routes);
    let app = app.start().await;
    let api = app
        .users
        .api()
        .router()
        .auth("/strict/auth/jwt", "jwt", true)
        .users("/strict/users", true);
    let witness = Witness::new(&api.build().expect("a document"));
    (app, witness)
}

/// A user whose tokens, to reset and to verify, the hooks were told.
async fn with_tokens(app: &App, email: &str) -> (User, String, String) {
    let user = app.user(email).await;
    for path in ["/auth/forgot-password", "/auth/request-verify-token"] {
        assert_eq!(
            app.client()
                .post(path, &json!({ "email": email }))
                .await
                .status,
            202
        );
    }
    let events = app.hooks.events();
    let [
        Event::ForgotPassword(_, reset),
        Event::RequestedVerify(_, verify),
    ] = &events[events.len() - 2..]
    else {
        panic!("no tokens: {events:?}")
    };
    (user, reset.clone(), verify.clone())
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table of requests")]
async fn every_documented_error_is_answered() {
    let (app, witness) = start().await;
    let (user, reset, verify) = with_tokens(&app, "jo@example.com").await;
    app.set(&user, "is_verified", Stored::Bool(true)).await;
    app.user("al@example.com").await;
    let unverified = app.client_of(&app.user("new@example.com").await).await;
    let admin = app
        .set(
            &app.user("admin@example.com").await,
            "is_superuser",
            Stored::Bool(true),
        )
        .await;
    let broken = app.client_of(&app.user("x@example.com").await).await;
    sqlx::query("UPDATE user SET is_verified = 'perhaps' WHERE email = 'x@example.com'")
        .execute(app.store.pool())
        .await
        .expect("a row that cannot be read");
    let (nobody, jo, admin) = (
        app.client(),
        app.client_of(&user).await,
        app.client_of(&admin).await,
    );
    let foreign = app.client().header("sec-fetch-site", "cross-site");
    let stranger = "/users/00000000-0000-4000-8000-000000000000";
    let register =
        |email: &str, password: &str| Sent::Json(json!({ "email": email, "password": password }));
    let reset_by =
        |token: &str, password: &str| Sent::Json(json!({ "token": token, "password": password }));
    let form = "application/x-www-form-urlencoded";
    let requests = [
        (
            "UNREADABLE_BODY",
            &nobody,
            "POST",
            "/auth/register",
            Sent::Raw("application/json", vec![0xff]),
        ),
        (
            "MALFORMED_FORM",
            &nobody,
            "POST",
            "/auth/jwt/login",
            Sent::Raw(form, b"a=&".repeat(1001)),
        ),
        (
            "BODY_TOO_LONG",
            &nobody,
            "POST",
            "/auth/verify",
            Sent::Raw("application/json", vec![b' '; 8193]),
        ),
        (
            "BODY_TOO_LONG",
            &nobody,
            "POST",
            "/auth/cookie/login",
            Sent::Raw(form, vec![b'a'; 8193]),
        ),
        (
            "VALIDATION_ERROR",
            &nobody,
            "POST",
            "/auth/register",
            Sent::Json(json!({ "email": 1 })),
        ),
        (
            "VALIDATION_ERROR",
            &nobody,
            "POST",
            "/auth/register",
            Sent::Raw("application/json", b"{".to_vec()),
        ),
        (
            "VALIDATION_ERROR",
            &nobody,
            "POST",
            "/auth/db/login",
            Sent::Raw(form, Vec::new()),
        ),
        (
            "VALIDATION_ERROR",
            &jo,
            "PATCH",
            "/users/me",
            Sent::Json(json!({ "first_name": "x".repeat(101) })),
        ),
        ("UNAUTHORIZED", &nobody, "GET", "/users/me", Sent::Nothing),
        (
            "UNAUTHORIZED",
            &nobody,
            "POST",
            "/auth/cookie/logout",
            Sent::Nothing,
        ),
        ("FORBIDDEN", &jo, "DELETE", stranger, Sent::Nothing),
        (
            "FORBIDDEN",
            &unverified,
            "GET",
            "/strict/users/me",
            Sent::Nothing,
        ),
        (
            "FORBIDDEN",
            &unverified,
            "POST",
            "/strict/auth/jwt/logout",
            Sent::Nothing,
        ),
        ("NOT_FOUND", &admin, "GET", stranger, Sent::Nothing),
        (
            "NOT_FOUND",
            &admin,
            "PATCH",
            "/users/nobody",
            Sent::Json(json!({})),
        ),
        ("NOT_FOUND", &admin, "DELETE", stranger, Sent::Nothing),
        (
            "LOGIN_BAD_CREDENTIALS",
            &nobody,
            "POST",
            "/auth/jwt/login",
            Sent::form("jo@example.com", "wrong"),
        ),
        (
            "LOGIN_USER_NOT_VERIFIED",
            &nobody,
            "POST",
            "/strict/auth/jwt/login",
            Sent::form("new@example.com", PASSWORD),
        ),
        (
            "REGISTER_USER_ALREADY_EXISTS",
            &nobody,
            "POST",
            "/auth/register",
            register("jo@example.com", PASSWORD),
        ),
        (
            "REGISTER_INVALID_PASSWORD",
            &nobody,
            "POST",
            "/auth/register",
            register("me@example.com", "a"),
        ),
        (
            "VALIDATION_ERROR",
            &nobody,
            "POST",
            "/auth/forgot-password",
            Sent::Json(json!({ "email": "" })),
        ),
        (
            "RESET_PASSWORD_BAD_TOKEN",
            &nobody,
            "POST",
            "/auth/reset-password",
            reset_by("", "new"),
        ),
        (
            "RESET_PASSWORD_INVALID_PASSWORD",
            &nobody,
            "POST",
            "/auth/reset-password",
            reset_by(&reset, "a"),
        ),
        (
            "VERIFY_USER_BAD_TOKEN",
            &nobody,
            "POST",
            "/auth/verify",
            Sent::Json(json!({ "token": "" })),
        ),
        (
            "VERIFY_USER_ALREADY_VERIFIED",
            &nobody,
            "POST",
            "/auth/verify",
            Sent::Json(json!({ "token": verify })),
        ),
        (
            "UPDATE_USER_EMAIL_ALREADY_EXISTS",
            &jo,
            "PATCH",
            "/users/me",
            Sent::Json(json!({ "email": "al@example.com" })),
        ),
        (
            "UPDATE_USER_INVALID_PASSWORD",
            &jo,
            "PATCH",
            "/users/me",
            Sent::Json(json!({ "password": "a" })),
        ),
        (
            "CROSS_SITE_REQUEST",
            &foreign,
            "POST",
            "/auth/cookie/login",
            Sent::form("jo@example.com", PASSWORD),
        ),
        ("SERVER_ERROR", &broken, "GET", "/users/me", Sent::Nothing),
    ];
    for (name, client, method, path, sent) in requests {
        let answer = send(client, method, path, sent).await;
        witness.saw(method, path, &answer, name);
    }
    app.store.pool().close().await;
    witness.saw(
        "GET",
        "/users/me",
        &jo.get("/users/me").await,
        "UNAVAILABLE",
    );
    assert_eq!(witness.seen(), witness.examples());
}

#[tokio::test]
async fn every_documented_success_is_answered() {
    let (app, witness) = start().await;
    let nobody = app.client();
    let new = json!({ "email": "jo@example.com", "password": PASSWORD, "first_name": null });
    let (user, reset, verify) = with_tokens(&app, "al@example.com").await;
    app.set(&user, "is_verified", Stored::Bool(false)).await;
    let admin = app
        .set(
            &app.user("admin@example.com").await,
            "is_superuser",
            Stored::Bool(true),
        )
        .await;
    let admin = app.set(&admin, "is_verified", Stored::Bool(true)).await;
    let (jo, admin) = (app.client_of(&user).await, app.client_of(&admin).await);
    let path = format!("/users/{}", user.id);
    let strict = format!("/strict{path}");
    let address = || Sent::Json(json!({ "email": "al@example.com" }));
    let note = || Sent::Json(json!({ "note": "nice", "is_active": true }));
    let login = || Sent::form("admin@example.com", PASSWORD);
    let requests = [
        (&nobody, "POST", "/auth/register", Sent::Json(new)),
        (&nobody, "POST", "/auth/jwt/login", login()),
        (&nobody, "POST", "/auth/cookie/login", login()),
        (&nobody, "POST", "/auth/db/login", login()),
        (&nobody, "POST", "/strict/auth/jwt/login", login()),
        (&nobody, "POST", "/auth/forgot-password", address()),
        (&nobody, "POST", "/auth/request-verify-token", address()),
        (
            &nobody,
            "POST",
            "/auth/verify",
            Sent::Json(json!({ "token": verify })),
        ),
        (&jo, "GET", "/users/me", Sent::Nothing),
        (&jo, "GET", "/strict/users/me", Sent::Nothing),
        (
            &jo,
            "PATCH",
            "/users/me",
            Sent::Json(json!({ "first_name": "Al", "password": null })),
        ),
        (
            &jo,
            "PATCH",
            "/strict/users/me",
            Sent::Json(json!({ "first_name": null })),
        ),
        (&admin, "GET", &path, Sent::Nothing),
        (&admin, "GET", &strict, Sent::Nothing),
        (&admin, "PATCH", &path, note()),
        (&admin, "PATCH", &strict, note()),
        // Behind what the user asks, whose tokens it ends.
        (
            &nobody,
            "POST",
            "/auth/reset-password",
            Sent::Json(json!({ "token": reset, "password": "another one" })),
        ),
        (&admin, "DELETE", &strict, Sent::Nothing),
        (&admin, "POST", "/auth/jwt/logout", Sent::Nothing),
        (&admin, "POST", "/auth/cookie/logout", Sent::Nothing),
        (&admin, "POST", "/auth/db/logout", Sent::Nothing),
        (&admin, "POST", "/strict/auth/jwt/logout", Sent::Nothing),
    ];
    let mut asked = vec![("DELETE".to_owned(), "/users/{id}".to_owned())];
    for (client, method, path, sent) in requests {
        let answer = send(client, method, path, sent).await;
        witness.saw(method, path, &answer, "");
        asked.push((
            method.to_owned(),
            path.replace(&user.id.to_string(), "{id}"),
        ));
    }
    let other = app.user("other@example.com").await;
    let path = format!("/users/{}", other.id);
    witness.saw("DELETE", &path, &admin.send("DELETE", &path).await, "");
    asked.sort();
    let mut documented = witness.operations();
    documented.sort();
    assert_eq!(asked, documented, "each operation was asked once");
}
