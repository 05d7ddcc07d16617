//! What was decided and then waited takes effect only if what it was decided on still holds.
//!
//! The hasher of these tests waits until it is released, so that the change comes between the decision and its effect each time.

mod kept_sessions;
mod logins;
mod tokens;
mod updates;

use std::time::Duration;

use tokio::task::JoinSet;
use users_runtime::{Compat, value::Value};
use users_tests::{Answer, App, Client, PASSWORD, TestHasher};

const OLD: &str = "$old$";

const BACKENDS: [&str; 3] = ["jwt", "cookie", "db"];

const MODES: [Compat; 2] = [Compat::Off, Compat::FastApiUsers15];

async fn start(compat: Compat) -> (App, TestHasher) {
    let hasher = TestHasher::default();
    let used = hasher.clone();
    let app = App::builder()
        .configure(move |builder| builder.compat(compat).password_hasher(used))
        .start()
        .await;
    (app, hasher)
}

/// Waits until the hasher was asked this often.
async fn until_asked(hasher: &TestHasher, times: usize) {
    let mut asked = 0;
    while asked < times {
        asked += hasher.take_calls().len();
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn with_token(app: &App, backend: &str, answer: &Answer) -> Client {
    if backend == "cookie" {
        return app.client().cookie(answer.cookie());
    }
    let token = answer.json()["access_token"].clone();
    app.client().bearer(token.as_str().expect("a token"))
}

async fn logged_in(app: &App, backend: &str) -> Client {
    let answer = app
        .client()
        .login(backend, "jo@example.com", PASSWORD)
        .await;
    with_token(app, backend, &answer)
}

/// Starts a request that is in the middle of a hash when this returns.
async fn waiting(
    hasher: &TestHasher,
    request: impl Future<Output = Answer> + Send + 'static,
) -> JoinSet<Answer> {
    hasher.take_calls();
    hasher.hold();
    let mut requests = JoinSet::new();
    requests.spawn(request);
    until_asked(hasher, 1).await;
    requests
}

async fn finished(hasher: &TestHasher, mut requests: JoinSet<Answer>) -> Answer {
    hasher.release();
    let answer = requests.join_next().await;
    answer.expect("a request").expect("an answer")
}

fn hash(password: &str) -> Value {
    Value::Text(TestHasher::hash_of(password))
}
