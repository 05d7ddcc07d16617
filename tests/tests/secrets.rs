//! What reaches the log, events that an operator wants to see, and what a 422 repeats: not one secret.

use std::{
    io,
    sync::{Arc, Mutex},
};

use axum::response::Response;
use serde_json::json;
use tracing_subscriber::{EnvFilter, fmt::MakeWriter};
use users_runtime::{
    HookError, Hooks, Password, RequestParts, async_trait,
    hooks::{InvalidPassword, PasswordOf},
    value::Value,
};
use users_tests::{App, Client, Event, PASSWORD, Recorder, SECRET, User, UserUpdate, until};

/// A password that a client sends and the server refuses.
const REFUSED: &str = "refused-password-jo@example.com";
/// A password that replaces the first one.
const NEW: &str = "another correct horse";
/// A cookie of the application's own.
const CSRF: &str = "csrf=a-cookie-of-the-application";

/// Everything that was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .lock()
            .expect("nobody panics with it")
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// Hooks that print every request, as one does who looks for a mistake.
#[derive(Clone, Default)]
struct Printing(Recorder);

fn print(hook: &str, request: Option<&RequestParts>) {
    tracing::info!("{hook} {:?} {:#?}", request.expect("a request"), request);
}

#[async_trait]
impl Hooks<User> for Printing {
    async fn validate_password(
        &self,
        password: &Password,
        user: PasswordOf<'_, User>,
    ) -> Result<(), InvalidPassword> {
        self.0.validate_password(password, user).await
    }

    async fn on_after_register(
        &self,
        _: &User,
        request: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        print("hook of a registration", request);
        Ok(())
    }

    async fn on_after_login(
        &self,
        _: &User,
        request: Option<&RequestParts>,
        _: &mut Response,
    ) -> Result<(), HookError> {
        print("hook of a login", request);
        Ok(())
    }

    async fn on_after_update(
        &self,
        _: &User,
        _: &UserUpdate,
        request: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        print("hook of an update", request);
        Ok(())
    }

    async fn on_after_forgot_password(
        &self,
        user: &User,
        token: &str,
        request: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        print("hook of a forgotten password", request);
        self.0.on_after_forgot_password(user, token, None).await
    }

    async fn on_after_request_verify(
        &self,
        user: &User,
        token: &str,
        request: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        print("hook of a verification", request);
        self.0.on_after_request_verify(user, token, None).await
    }

    async fn on_before_delete(
        &self,
        _: &User,
        request: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        print("hook of a deletion", request);
        Ok(())
    }
}

/// The token that a hook was given last.
fn sent(hooks: &Printing) -> Option<String> {
    hooks
        .0
        .events()
        .into_iter()
        .rev()
        .find_map(|event| match event {
            Event::ForgotPassword(_, token) | Event::RequestedVerify(_, token) => Some(token),
            _ => None,
        })
}

async fn next_sent(hooks: &Printing, before: Option<&str>) -> String {
    until("a token is sent", || {
        sent(hooks).filter(|token| Some(token.as_str()) != before)
    })
    .await
}

/// Logs in everywhere; the tokens.
async fn tokens(client: &Client, password: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    for backend in ["jwt", "db"] {
        let answer = client
            .login(backend, "jo@example.com", password)
            .await
            .json();
        tokens.push(answer["access_token"].as_str().expect("a token").to_owned());
    }
    let cookie = client
        .login("cookie", "jo@example.com", password)
        .await
        .header("set-cookie")
        .to_owned();
    tokens.push(cookie.split(['=', ';']).nth(1).expect("a value").to_owned());
    tokens
}

/// The life of a user, with every kind of refusal on the way; the secrets that were about.
#[expect(clippy::too_many_lines, reason = "one life, told in its order")]
async fn life(app: &App, hooks: &Printing) -> Vec<String> {
    // What no request needs, and some browsers send with every one.
    let client = app.client().cookie(CSRF);
    let register = |password: &str| json!({ "email": "jo@example.com", "password": password });
    assert_eq!(
        client
            .post("/auth/register", &register(REFUSED))
            .await
            .status,
        400
    );
    assert_eq!(
        client
            .post(
                "/auth/register",
                &json!({ "email": "no address", "password": PASSWORD })
            )
            .await
            .status,
        422
    );
    assert_eq!(
        client
            .raw(
                "POST",
                "/auth/register",
                "text/plain",
                register(PASSWORD).to_string()
            )
            .await
            .status,
        422
    );
    assert_eq!(
        client
            .post("/auth/register", &register(PASSWORD))
            .await
            .status,
        201
    );
    assert_eq!(
        client
            .post("/auth/register", &register(PASSWORD))
            .await
            .status,
        400
    );
    assert_eq!(
        client.login("jwt", "jo@example.com", REFUSED).await.status,
        400
    );
    assert_eq!(
        client
            .login("jwt", "nobody@example.com", REFUSED)
            .await
            .status,
        400
    );
    let mut secrets = tokens(&client, PASSWORD).await;
    client
        .post(
            "/auth/request-verify-token",
            &json!({ "email": "jo@example.com" }),
        )
        .await;
    let verify = next_sent(hooks, None).await;
    assert_eq!(
        client
            .post("/auth/verify", &json!({ "token": verify }))
            .await
            .status,
        200
    );
    client
        .post(
            "/auth/forgot-password",
            &json!({ "email": "jo@example.com" }),
        )
        .await;
    let reset = next_sent(hooks, Some(&verify)).await;
    let body = json!({ "token": reset, "password": NEW });
    assert_eq!(client.post("/auth/reset-password", &body).await.status, 200);
    assert_eq!(client.post("/auth/reset-password", &body).await.status, 400);
    secrets.extend(tokens(&client, NEW).await);
    let cookie = client.cookie(&format!("{CSRF}; fastapiusersauth={}", secrets[5]));
    assert_eq!(
        cookie
            .json("PATCH", "/users/me", &json!({ "first_name": "Jo" }))
            .await
            .status,
        200
    );
    let jo = client.bearer(&secrets[4]);
    delete_another(app, &jo).await;
    assert_eq!(
        jo.json("PATCH", "/users/me", &json!({ "password": PASSWORD }))
            .await
            .status,
        200
    );
    assert_eq!(jo.send("POST", "/auth/db/logout").await.status, 204);
    let user = app
        .users
        .find_by_email("jo@example.com")
        .await
        .expect("a store")
        .expect("the user");
    secrets.extend([verify, reset, user.hashed_password.expose().to_owned()]);
    secrets.extend([PASSWORD, NEW, REFUSED, SECRET, CSRF].map(str::to_owned));
    secrets
}

/// Jo, who becomes an administrator for that, deletes somebody.
async fn delete_another(app: &App, jo: &Client) {
    let user = app
        .users
        .find_by_email("jo@example.com")
        .await
        .expect("a store")
        .expect("the user");
    app.set(&user, "is_superuser", Value::Bool(true)).await;
    let other = app
        .client()
        .post(
            "/auth/register",
            &json!({ "email": "al@example.com", "password": PASSWORD }),
        )
        .await
        .json();
    let path = format!("/users/{}", other["id"].as_str().expect("an id"));
    assert_eq!(jo.send("DELETE", &path).await.status, 204);
}

#[tokio::test]
async fn the_log_tells_what_happened_and_no_secret() {
    let log = Log::default();
    // Everything of ours and of the database's driver; the client of the test logs what it likes.
    let filter = EnvFilter::new("off,users_runtime=trace,sqlx=trace,secrets=info");
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(log.clone())
        .with_ansi(false)
        .finish();
    tracing::subscriber::set_global_default(subscriber).expect("the only test that sets one");
    let hooks = Printing::default();
    let given = hooks.clone();
    let app = App::builder()
        .configure(|builder| builder.hooks(given))
        .start()
        .await;
    let secrets = life(&app, &hooks).await;
    let log =
        String::from_utf8(log.0.lock().expect("nobody panics with it").clone()).expect("text");
    for secret in &secrets {
        assert!(!log.contains(secret.as_str()), "`{secret}` is in the log");
    }
    let user = app
        .users
        .find_by_email("jo@example.com")
        .await
        .expect("a store")
        .expect("the user");
    for event in [
        "registered",
        "logged in",
        "wrong_password",
        "unknown_user",
        "logged out",
    ] {
        assert!(log.contains(event), "`{event}` is not in the log:\n{log}");
    }
    for hook in [
        "a registration",
        "a login",
        "an update",
        "a forgotten password",
        "a verification",
        "a deletion",
    ] {
        assert!(
            log.contains(&format!("hook of {hook} Parts {{ method: ")),
            "no request of {hook} is in the log"
        );
    }
    for header in ["\"authorization\": Sensitive", "\"cookie\": Sensitive"] {
        assert!(log.contains(header), "{header} is not in the log");
    }
    assert!(
        log.contains(&user.id.to_string()),
        "the log does not say who"
    );
}

/// A secret in a place where the server does not expect it.
const MISPLACED: &str = "hunter2, misplaced";

/// Bodies that are 422, each with the secret under another name than the right one.
fn misspelt() -> Vec<(&'static str, &'static str, serde_json::Value)> {
    let (post, register) = ("POST", "/auth/register");
    vec![
        (
            post,
            register,
            json!({ "email": "jo@example.com", "passwd": MISPLACED }),
        ),
        (post, register, json!({ "passwd": MISPLACED })),
        (
            post,
            register,
            json!({ "e-mail": "jo@example.com", "pass_word": MISPLACED }),
        ),
        (post, register, json!({ "Password": MISPLACED })),
        (post, register, json!({ "user": { "secret": MISPLACED } })),
        (
            post,
            register,
            json!({ "email": { "passwd": MISPLACED }, "password": "x" }),
        ),
        (
            post,
            register,
            json!({ "email": [MISPLACED], "password": "x" }),
        ),
        (
            post,
            register,
            json!({ "email": "jo@example.com", "password": "x", "first_name": { "token": MISPLACED } }),
        ),
        (
            post,
            register,
            json!({ "email": "jo@example.com", "password": [MISPLACED] }),
        ),
        (
            post,
            register,
            json!([["email", "jo@example.com"], ["password", MISPLACED]]),
        ),
        (post, register, json!(MISPLACED)),
        (
            post,
            "/auth/forgot-password",
            json!({ "email": [MISPLACED] }),
        ),
        (
            post,
            "/auth/forgot-password",
            json!({ "mail": "jo@example.com", "passwd": MISPLACED }),
        ),
        (
            post,
            "/auth/request-verify-token",
            json!({ "address": MISPLACED }),
        ),
        (post, "/auth/verify", json!({ "tokn": MISPLACED })),
        (post, "/auth/verify", json!({ "token": [MISPLACED] })),
        (
            post,
            "/auth/reset-password",
            json!({ "token": { "token": MISPLACED }, "passwd": MISPLACED }),
        ),
        (
            "PATCH",
            "/users/me",
            json!({ "first_name": { "passwd": MISPLACED } }),
        ),
        (
            "PATCH",
            "/users/me",
            json!({ "is_active": [MISPLACED], "email": { "secret": MISPLACED } }),
        ),
        ("PATCH", "/users/me", json!([MISPLACED])),
    ]
}

#[tokio::test]
async fn a_422_repeats_no_secret_under_a_misspelt_name() {
    let app = App::start().await;
    let user = app.user("al@example.com").await;
    let client = app.client_of(&user).await;
    for (method, path, body) in misspelt() {
        let answer = client.json(method, path, &body).await;
        assert_eq!(answer.status, 422, "{method} {path} {body}: {answer:?}");
        assert!(!answer.text.contains("hunter2"), "{method} {path} {body}");
    }
    for form in [
        format!("grant_type={MISPLACED}&username=jo@example.com&password=x"),
        format!("grant_type={MISPLACED}"),
        format!("grant_type=x&passwd={MISPLACED}"),
    ] {
        let kind = "application/x-www-form-urlencoded";
        let answer = client.raw("POST", "/auth/jwt/login", kind, form).await;
        assert_eq!(answer.status, 422, "{answer:?}");
        assert!(!answer.text.contains("hunter2"), "{}", answer.text);
    }
    let body = json!({ "email": "no address", "password": PASSWORD });
    let answer = client.post("/auth/register", &body).await;
    assert_eq!(
        answer.json()["detail"][0]["input"],
        "no address",
        "what helps is still said"
    );
}

#[tokio::test]
async fn with_the_preset_a_422_repeats_what_the_original_repeats_without_passwords_and_tokens() {
    let app = App::start_compatible().await;
    let body = json!({ "passwd": MISPLACED });
    let answer = app.client().post("/auth/register", &body).await.json();
    assert_eq!(answer["detail"][0]["input"], body, "the field `email`");
    assert_eq!(
        answer["detail"][1].get("input"),
        None,
        "the field `password`"
    );
    for body in [
        json!({ "password": MISPLACED }),
        json!({ "user": { "token": MISPLACED } }),
    ] {
        let answer = app.client().post("/auth/register", &body).await;
        assert_eq!(answer.status, 422);
        assert!(!answer.text.contains("hunter2"), "{}", answer.text);
    }
}
