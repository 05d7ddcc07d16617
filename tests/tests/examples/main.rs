//! The small examples, started as a newcomer starts them and asked what they say one should ask.

#[cfg(feature = "servers")]
mod mongodb;
#[cfg(feature = "servers")]
#[path = "../../../users-runtime/tests/mongodb/server.rs"]
#[expect(
    dead_code,
    reason = "the suite of the store stops and starts servers, too"
)]
mod mongodb_server;
#[cfg(feature = "servers")]
mod postgres;
#[cfg(feature = "servers")]
#[path = "../../../users-runtime/tests/postgres/server.rs"]
#[expect(
    dead_code,
    reason = "the suite of the store stops and starts servers, too"
)]
mod server;
mod web;

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

use serde_json::{Value, json};
use tempfile::TempDir;
use users_tests::{Answer, Client, example_binary, keep};

/// How long an example may take to say something, on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_mins(5);

/// A running example with a folder of its own, which ends with this value.
struct Example {
    process: Child,
    lines: Receiver<String>,
    client: Client,
    folder: TempDir,
}

impl Example {
    /// Starts an example, which cargo builds unless it is there.
    fn start(name: &str) -> Self {
        let mut command = Command::new(example_binary(name));
        command
            .env_remove("BASE_URL")
            .env_remove("DATABASE_URL")
            .env_remove("REDIS_URL")
            .env_remove("SMTP_URL")
            .env_remove("TRUSTED_PROXIES");
        Self::start_as(command)
    }

    /// Starts an example by a command.
    fn start_as(mut command: Command) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        command.env("BIND", "127.0.0.1:0").current_dir(&folder);
        let mut process = keep(&command, "KILL", Some(folder.path()))
            .stdout(Stdio::piped())
            .spawn()
            .expect("the example");
        let stdout = process.stdout.take().expect("its output");
        let (send, lines) = channel();
        std::thread::spawn(move || {
            BufReader::new(stdout)
                .lines()
                .map_while(Result::ok)
                .all(|line| send.send(line).is_ok())
        });
        let url = said(&lines, "Serving on ");
        let url = url
            .split_whitespace()
            .next()
            .expect("a URL")
            .trim_end_matches('.');
        Self {
            process,
            lines,
            client: Client::new(url),
            folder,
        }
    }

    /// What the example prints behind these words.
    fn said(&self, words: &str) -> String {
        said(&self.lines, words)
    }
}

impl Drop for Example {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn said(lines: &Receiver<String>, words: &str) -> String {
    loop {
        let line = lines
            .recv_timeout(PATIENCE)
            .unwrap_or_else(|_| panic!("the example does not say `{words}`"));
        if let Some((_, rest)) = line.split_once(words) {
            return rest.to_owned();
        }
    }
}

async fn logged_in(client: &Client, backend_path: &str, email: &str, password: &str) -> Client {
    let form = format!("username={email}&password={}", password.replace(' ', "+"));
    let answer = client
        .raw(
            "POST",
            backend_path,
            "application/x-www-form-urlencoded",
            form,
        )
        .await;
    assert_eq!(answer.status, 200, "{answer:?}");
    client.bearer(answer.json()["access_token"].as_str().expect("a token"))
}

fn types(answer: &Answer) -> Vec<Value> {
    let entries = answer.json()["detail"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    entries
        .iter()
        .map(|entry| entry["loc"][1].clone())
        .collect()
}

/// Whether port 8000 is free is not asked: an example that cannot have it says so.
#[test]
fn an_empty_address_is_the_default_one() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut command = Command::new(example_binary("quickstart"));
    command.env("BIND", "").current_dir(&folder);
    let mut process = keep(&command, "KILL", Some(folder.path()))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the example");
    let stdout = process.stdout.take().expect("its output");
    let first = BufReader::new(stdout).lines().next();
    let _ = process.kill();
    let ended = process.wait_with_output().expect("the example");
    let errors = String::from_utf8_lossy(&ended.stderr);
    let is_taken = errors.contains("AddrInUse");
    assert!(first.is_some() || is_taken, "{errors}");
}

#[tokio::test]
async fn the_quickstart_does_what_it_says() {
    let example = Example::start("quickstart");
    let client = &example.client;
    let email = json!({ "email": "jo@example.com" });
    let body = json!({ "email": "jo@example.com", "password": "correct horse" });
    let registered = client.post("/auth/register", &body).await;
    assert_eq!(registered.status, 201, "{registered:?}");
    let jo = logged_in(client, "/auth/jwt/login", "jo@example.com", "correct horse").await;
    assert_eq!(jo.get("/users/me").await.json(), registered.json());
    assert_eq!(jo.get("/hello").await.text, "Hello jo@example.com!\n");
    let page = client.get("/").await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    for path in [
        "/auth/register",
        "/auth/cookie/login",
        "/auth/cookie/logout",
        "/users/me",
    ] {
        assert!(page.text.contains(&format!("\"{path}\"")), "{path}");
    }

    assert_eq!(
        client
            .post("/auth/request-verify-token", &email)
            .await
            .status,
        202
    );
    let token = example.said("send this token to /auth/verify: ");
    assert_eq!(
        client
            .post("/auth/verify", &json!({ "token": token }))
            .await
            .json()["is_verified"],
        json!(true)
    );
    assert_eq!(
        client.post("/auth/forgot-password", &email).await.status,
        202
    );
    let token = example.said("send this token to /auth/reset-password: ");
    assert_eq!(
        client
            .post(
                "/auth/reset-password",
                &json!({ "token": token, "password": "a new password" })
            )
            .await
            .status,
        200
    );
    logged_in(
        client,
        "/auth/jwt/login",
        "jo@example.com",
        "a new password",
    )
    .await;

    let admin = logged_in(
        client,
        "/auth/jwt/login",
        "admin@example.com",
        "administrator",
    )
    .await;
    let path = format!(
        "/users/{}",
        registered.json()["id"].as_str().expect("an id")
    );
    assert_eq!(admin.get(&path).await.status, 200);
    assert_eq!(
        admin
            .json("PATCH", &path, &json!({ "is_active": false }))
            .await
            .json()["is_active"],
        json!(false)
    );
    assert_eq!(jo.get("/users/me").await.status, 401);
    assert_eq!(admin.send("DELETE", &path).await.status, 204);
}

#[test]
fn the_quickstart_is_short() {
    let lines = include_str!("../../../examples/quickstart/src/main.rs")
        .lines()
        .count();
    assert!(lines < 120, "{lines} lines");
}

#[tokio::test]
async fn the_attributes_work() {
    let example = Example::start("custom-fields");
    let client = &example.client;
    let wrong = json!({ "email": "jo", "password": "correct horse", "name": "Jo 7", "country": "de", "birthday": "soon" });
    let refused = client.post("/customers/register", &wrong).await;
    assert_eq!(
        (refused.status, types(&refused)),
        (
            422,
            ["email", "name", "country", "birthday"]
                .map(Value::from)
                .to_vec()
        )
    );
    let good = json!({
        "email": "jo@example.com", "password": "correct horse", "name": "Jo", "country": "DE", "birthday": "2000-01-02",
        "plan": "paid", "points": 7, "note": "x",
    });
    let registered = client.post("/customers/register", &good).await;
    assert_eq!(registered.status, 201, "{registered:?}");
    let customer = registered.json();
    assert_eq!(
        (&customer["plan"], &customer["points"], &customer["country"]),
        (&json!("free"), &json!(0), &json!("DE"))
    );
    assert!(
        customer.get("note").is_none() && customer.get("last_seen").is_none(),
        "{customer}"
    );
    let jo = logged_in(client, "/session/login", "jo@example.com", "correct horse").await;
    let change = json!({ "settings": { "theme": "dark" }, "plan": "paid", "points": 1000 });
    let changed = jo.json("PATCH", "/customers/me", &change).await.json();
    assert_eq!(
        (&changed["settings"], &changed["plan"]),
        (&json!({ "theme": "dark" }), &json!("free"))
    );
    jo.get("/offers").await.assert_detail(403, "Forbidden");
}

#[tokio::test]
async fn the_club_has_its_own_rules() {
    let example = Example::start("custom-manager");
    let client = &example.client;
    let message = json!({ "message": "Look into your mailbox." });
    let body =
        json!({ "email": "jo@example.com", "password": "correct horse", "is_superuser": true });
    client.post("/join", &body).await.assert(202, &message);
    assert_eq!(
        example.said("Member 1 joined with "),
        "None.",
        "the test's client has no name"
    );
    client.post("/join", &body).await.assert(202, &message);
    let short = client
        .post(
            "/join",
            &json!({ "email": "al@example.com", "password": "nine char" }),
        )
        .await;
    let reason = "Choose a password of at least 12 characters.";
    short.assert(
        400,
        &json!({ "detail": { "code": "REGISTER_INVALID_PASSWORD", "reason": reason } }),
    );
    let wrong = client.post("/join", &json!({ "email": "al" })).await;
    assert_eq!(
        (wrong.status, wrong.header("content-type")),
        (422, "application/json")
    );
    assert_eq!(
        client.post("/auth/register", &body).await.status,
        404,
        "left to the application"
    );

    let login = client.login("web", "jo@example.com", "correct horse").await;
    assert_eq!((login.status, login.header("x-member")), (204, "1"));
    let cookie = login.header("set-cookie");
    assert!(
        cookie.starts_with("club=")
            && cookie.contains("Max-Age=1209600")
            && cookie.contains("SameSite=strict"),
        "{cookie}"
    );
    let jo = client.cookie(login.cookie());
    jo.get("/club").await.assert_detail(403, "Forbidden");
}

#[tokio::test]
async fn the_seaorm_example_does_what_it_says() {
    let example = Example::start("seaorm");
    let client = &example.client;
    let body = json!({ "email": "jo@example.com", "password": "correct horse", "name": "Jo" });
    let registered = client.post("/auth/register", &body).await;
    assert_eq!(registered.status, 201, "{registered:?}");
    let jo = logged_in(client, "/auth/jwt/login", "jo@example.com", "correct horse").await;
    assert_eq!(jo.get("/users/me").await.json(), registered.json());
    assert_eq!(
        client
            .post("/posts", &json!({ "title": "Hello" }))
            .await
            .status,
        401
    );
    assert_eq!(
        jo.post("/posts", &json!({ "title": "Hello" })).await.status,
        201
    );
    jo.get("/posts/mine").await.assert(200, &json!(["Hello"]));
    client
        .get("/posts")
        .await
        .assert(200, &json!([{ "title": "Hello", "author": "Jo" }]));
}
