//! The log of a whole life of a user.

use std::{
    io,
    sync::{Arc, Mutex},
};

use serde_json::json;
use tracing_subscriber::{EnvFilter, fmt::MakeWriter};
use users_runtime::value::Value;
use users_tests::{App, Client, PASSWORD, SECRET};

use crate::hooks::{Printing, next_sent};

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
            .expect("no test panics while it holds the lock")
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
    let user = app.stored("jo@example.com").await;
    secrets.extend([verify, reset, user.hashed_password.expose().to_owned()]);
    secrets.extend([PASSWORD, NEW, REFUSED, SECRET, CSRF].map(str::to_owned));
    secrets
}

/// Jo, who becomes an administrator for that, deletes another user.
async fn delete_another(app: &App, jo: &Client) {
    let user = app.stored("jo@example.com").await;
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
    let log = String::from_utf8(
        log.0
            .lock()
            .expect("no test panics while it holds the lock")
            .clone(),
    )
    .expect("text");
    for secret in &secrets {
        assert!(!log.contains(secret.as_str()), "`{secret}` is in the log");
    }
    let user = app.stored("jo@example.com").await;
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
