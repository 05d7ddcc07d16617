//! The example `web` in processes of its own, and a user of it.

use serde_json::{Value, json};
use users_tests::{Answer, Client};

use crate::process::Process;

pub(crate) const PASSWORD: &str = "correct horse battery";

/// Everything that the crate and the database's drivers say.
const LOG: &str = "warn,users_runtime=trace,web=trace,sqlx=trace";

/// Starts a process and waits until it serves.
pub(crate) async fn start(database: &str) -> Process {
    let environment = vec![
        ("DATABASE_URL", database.to_owned()),
        ("RUST_LOG", LOG.to_owned()),
    ];
    Process::start("web", environment).await
}

/// The tokens of a session.
#[derive(Clone, Debug)]
pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) refresh: String,
}

impl Tokens {
    #[track_caller]
    pub(crate) fn of(answer: &Answer) -> Self {
        assert_eq!(answer.status, 200, "{answer:?}");
        let body = answer.json();
        let text = |name: &str| body[name].as_str().expect("a token").to_owned();
        Self {
            access: text("access_token"),
            refresh: text("refresh_token"),
        }
    }
}

/// Starts a process behind a proxy at loopback, which also counts attempts in this Redis.
pub(crate) async fn start_behind_proxy(database: &str, redis: Option<&str>) -> Process {
    let environment = vec![
        ("DATABASE_URL", database.to_owned()),
        ("REDIS_URL", redis.unwrap_or_default().to_owned()),
        ("TRUSTED_PROXIES", "127.0.0.1".to_owned()),
    ];
    Process::start("web", environment).await
}

/// Registers a user and verifies the address, whose letter is at the process that was asked.
pub(crate) async fn register(client: &Client, email: &str) {
    let body = json!({ "email": email, "password": PASSWORD, "first_name": "Jo" });
    let registered = client.post("/auth/register", &body).await;
    registered.assert(202, &Value::Null);
    let token = loop {
        if let Some(token) = letters(client, email, "verify").await.into_iter().next() {
            break token;
        }
        tokio::task::yield_now().await;
    };
    let verified = client
        .post("/auth/verify", &json!({ "token": token }))
        .await;
    assert_eq!(verified.status, 200, "{verified:?}");
}

/// The tokens in a user's letters of a kind, the newest first.
pub(crate) async fn letters(client: &Client, email: &str, kind: &str) -> Vec<String> {
    let letters = client.get("/outbox").await.json();
    let letters = letters.as_array().expect("a list").iter();
    let to_user = letters.filter(|letter| letter["to"] == json!(email));
    let texts = to_user.filter_map(|letter| letter["text"].as_str());
    let link = format!("/{kind}#");
    let tokens = texts.filter_map(|text| text.split_once(&link)?.1.lines().next());
    tokens.map(str::to_owned).collect()
}

pub(crate) async fn login(client: &Client, email: &str) -> Tokens {
    Tokens::of(&client.login("api", email, PASSWORD).await)
}

pub(crate) async fn refresh(client: &Client, token: &str) -> Answer {
    let body = json!({ "refresh_token": token });
    client.post("/auth/api/refresh", &body).await
}

/// The sessions that an access token shows.
pub(crate) async fn sessions(client: &Client, access: &str) -> Vec<Value> {
    let answer = client.bearer(access).get("/users/me/sessions").await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json().as_array().expect("a list").clone()
}
