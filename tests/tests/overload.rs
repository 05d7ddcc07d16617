//! More passwords than can be hashed: who is turned away, how, and that the rest of the application goes on.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{Extension, extract::ConnectInfo};
use serde_json::json;
use tokio::{sync::Semaphore, task::JoinSet};
use users_runtime::{
    Compat, HookError, Hooks, RequestParts, async_trait, password::PasswordsConfig, value::Value,
    web::ClientAddresses,
};
use users_tests::{Answer, App, Call, Event, PASSWORD, TestHasher, User, until};

/// Far more than anything here takes; a test that waits longer has failed.
const BOUND: Duration = Duration::from_mins(5);

/// An application that hashes one password at a time while one more may wait.
async fn start(compat: Compat) -> (App, TestHasher) {
    let hasher = TestHasher::default();
    let used = hasher.clone();
    let hashing = PasswordsConfig::new().max_parallel(1).max_queued(1);
    let app = App::builder()
        .configure(move |builder| {
            builder
                .compat(compat)
                .password_hasher(used)
                .hashing(hashing)
        })
        .start()
        .await;
    (app, hasher)
}

/// Starts logins.
fn logins(app: &App, count: usize) -> JoinSet<Answer> {
    let mut logins = JoinSet::new();
    for _ in 0..count {
        let client = app.client();
        logins.spawn(async move { client.login("jwt", "jo@example.com", PASSWORD).await });
    }
    logins
}

async fn next(logins: &mut JoinSet<Answer>) -> Answer {
    let answer = tokio::time::timeout(BOUND, logins.join_next())
        .await
        .expect("an answer in time");
    answer.expect("a login").expect("no panic")
}

#[track_caller]
fn assert_turned_away(answer: &Answer) {
    answer.assert_detail(503, "Service Unavailable");
    let seconds: u64 = answer
        .header("retry-after")
        .parse()
        .expect("a number of seconds");
    assert!((1..=60).contains(&seconds), "{answer:?}");
}

/// Fills the hasher and its queue; the two logins that wait there.
async fn fill(app: &App, hasher: &TestHasher) -> JoinSet<Answer> {
    hasher.hold();
    let mut logins = logins(app, 6);
    for _ in 0..4 {
        assert_turned_away(&next(&mut logins).await);
    }
    logins
}

#[tokio::test]
async fn who_finds_the_queue_full_is_told_to_come_back_and_the_others_are_served() {
    let (app, hasher) = start(Compat::Off).await;
    app.user("jo@example.com").await;
    let mut waiting = fill(&app, &hasher).await;
    assert_eq!(waiting.len(), 2);
    hasher.release();
    for _ in 0..2 {
        let answer = next(&mut waiting).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    assert_eq!(
        app.client()
            .login("jwt", "jo@example.com", PASSWORD)
            .await
            .status,
        200,
        "the overload is over"
    );
}

#[tokio::test]
async fn every_route_that_hashes_is_turned_away_and_every_other_goes_on() {
    let (app, hasher) = start(Compat::Off).await;
    let user = app.user("jo@example.com").await;
    let client = app.client_of(&user).await;
    let mut waiting = fill(&app, &hasher).await;

    let new = json!({ "email": "new@example.com", "password": PASSWORD });
    assert_turned_away(&app.client().post("/auth/register", &new).await);
    assert_turned_away(
        &client
            .json(
                "PATCH",
                "/users/me",
                &json!({ "password": "a new one", "first_name": "Jo" }),
            )
            .await,
    );
    for backend in ["jwt", "cookie", "db"] {
        for email in ["jo@example.com", "nobody@example.com"] {
            assert_turned_away(&app.client().login(backend, email, "wrong").await);
        }
    }

    assert_eq!(
        client.get("/users/me").await.json()["first_name"],
        serde_json::Value::Null,
        "nothing was changed"
    );
    assert_eq!(
        client
            .json("PATCH", "/users/me", &json!({ "first_name": "Jo" }))
            .await
            .status,
        200
    );
    assert_eq!(client.send("POST", "/auth/jwt/logout").await.status, 204);
    for path in ["/auth/forgot-password", "/auth/request-verify-token"] {
        for email in ["jo@example.com", "nobody@example.com"] {
            assert_eq!(
                app.client()
                    .post(path, &json!({ "email": email }))
                    .await
                    .status,
                202,
                "{path} {email}"
            );
        }
    }
    assert_eq!(
        app.client().post("/auth/register", &json!({})).await.status,
        422
    );
    app.client()
        .get("/users/me")
        .await
        .assert_detail(401, "Unauthorized");
    hasher.release();
    while !waiting.is_empty() {
        next(&mut waiting).await;
    }
    assert_eq!(app.client().post("/auth/register", &new).await.status, 201);
}

#[tokio::test]
async fn one_client_does_not_keep_the_others_out() {
    for compat in [Compat::Off, Compat::FastApiUsers15] {
        others_get_in_beside_one_client(compat).await;
    }
}

async fn others_get_in_beside_one_client(compat: Compat) {
    let hasher = TestHasher::default();
    let used = hasher.clone();
    let app = App::builder()
        .configure(move |builder| {
            builder
                .compat(compat)
                .password_hasher(used)
                .hashing(PasswordsConfig::new().max_parallel(1).max_queued(30))
                .client_addresses(ClientAddresses::x_forwarded_for(["127.0.0.1"]))
        })
        .routes(|users| {
            let proxy = SocketAddr::from(([127, 0, 0, 1], 4711));
            users.router().layer(Extension(ConnectInfo(proxy)))
        })
        .start()
        .await;
    app.user("jo@example.com").await;
    let login = |logins: &mut JoinSet<Answer>, address: &str| {
        let client = app.client().header("x-forwarded-for", address);
        logins.spawn(async move { client.login("jwt", "jo@example.com", PASSWORD).await });
    };
    hasher.hold();
    let mut attack = JoinSet::new();
    for _ in 0..150 {
        login(&mut attack, "192.0.2.1");
    }
    // One runs and 30 wait, which fill the queue; the rest is turned away.
    for _ in 0..119 {
        assert_turned_away(&next(&mut attack).await);
    }
    let mut others = JoinSet::new();
    for number in 0..25 {
        login(&mut others, &format!("2001:db8:0:{number}::1"));
    }
    // Each of them displaces a request of the attacker.
    for _ in 0..25 {
        assert_turned_away(&next(&mut attack).await);
    }
    hasher.release();
    for _ in 0..25 {
        let answer = next(&mut others).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    while !attack.is_empty() {
        assert_eq!(next(&mut attack).await.status, 200);
    }
}

/// How many later logins one must outlive to be known to wait.
const OUTLIVED: usize = 20;

/// Logs in until one is not answered although many that came later are turned away; that login, which waits in the queue.
async fn takes_a_place(app: &App) -> JoinSet<Answer> {
    let mut logins = JoinSet::new();
    let log_in = |logins: &mut JoinSet<Answer>| {
        let client = app.client();
        logins
            .spawn(async move { client.login("jwt", "jo@example.com", PASSWORD).await })
            .id()
    };
    let (mut waiting, mut outlived) = (log_in(&mut logins), 0);
    while outlived < OUTLIVED {
        let later = log_in(&mut logins);
        let ended = logins.join_next_with_id().await.expect("two logins");
        let (ended, answer) = ended.expect("no panic");
        assert_turned_away(&answer);
        if ended == waiting {
            (waiting, outlived) = (later, 0);
        } else {
            outlived += 1;
        }
    }
    logins
}

#[tokio::test]
async fn whoever_goes_away_gives_up_their_place() {
    let (app, hasher) = start(Compat::Off).await;
    app.user("jo@example.com").await;
    let mut waiting = fill(&app, &hasher).await;
    waiting.abort_all();
    // One hash has begun and runs to its end; the place in the queue is free as soon as the connection is seen to be closed.
    let mut login = tokio::time::timeout(BOUND, takes_a_place(&app))
        .await
        .expect("a free place in time");
    hasher.release();
    assert_eq!(next(&mut login).await.status, 200);
}

#[tokio::test]
async fn known_and_unknown_addresses_cost_the_same_work() {
    for (compat, forgotten) in [(Compat::Off, 0), (Compat::FastApiUsers15, 1)] {
        let (app, hasher) = start(compat).await;
        app.user("jo@example.com").await;
        let inactive = app.user("gone@example.com").await;
        app.set(&inactive, "is_active", Value::Bool(false)).await;
        let odd = app.user("odd@example.com").await;
        app.set(&odd, "hashed_password", Value::Text("!".to_owned()))
            .await;
        hasher.take_calls();
        for email in [
            "jo@example.com",
            "gone@example.com",
            "odd@example.com",
            "nobody@example.com",
            "no address",
            "",
        ] {
            let answer = app.client().login("jwt", email, "wrong").await;
            let expected = match email {
                "nobody@example.com" | "no address" => &[Call::VerifyNobody][..],
                // Judged before anybody is looked for.
                "" => &[],
                _ => &[Call::Verify],
            };
            assert_eq!(
                answer.status,
                if email.is_empty() { 422 } else { 400 },
                "{email}"
            );
            assert_eq!(hasher.take_calls(), expected, "{compat:?} {email}");
        }
        for email in [
            "jo@example.com",
            "gone@example.com",
            "odd@example.com",
            "nobody@example.com",
        ] {
            // No call of the hasher can end now, so what is answered has waited for none.
            hasher.hold();
            for path in ["/auth/forgot-password", "/auth/request-verify-token"] {
                let answer = app.client().post(path, &json!({ "email": email })).await;
                assert_eq!(answer.status, 202, "{compat:?} {path} {email}");
            }
            hasher.release();
            app.users.drain().await;
            let gets_a_token = ["jo@example.com", "odd@example.com"].contains(&email);
            let expected = vec![Call::Hash; if gets_a_token { forgotten } else { 0 }];
            assert_eq!(hasher.take_calls(), expected, "{compat:?} {email}");
        }
    }
}

/// Waits until the hasher was asked to do something.
async fn next_calls(hasher: &TestHasher) -> Vec<Call> {
    let calls = async {
        loop {
            let calls = hasher.take_calls();
            if !calls.is_empty() {
                return calls;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(BOUND, calls).await.expect("a call")
}

#[tokio::test]
async fn fingerprints_of_reset_tokens_are_hashed_one_at_a_time_and_take_no_place_from_logins() {
    let (app, hasher) = start(Compat::FastApiUsers15).await;
    app.user("jo@example.com").await;
    hasher.take_calls();
    hasher.hold();
    for _ in 0..3 {
        let answer = app
            .client()
            .post(
                "/auth/forgot-password",
                &json!({ "email": "jo@example.com" }),
            )
            .await;
        assert_eq!(answer.status, 202);
    }
    assert_eq!(next_calls(&hasher).await, [Call::Hash]);
    // One login is hashed beside it, one more waits, and the others are turned away, as ever.
    let mut waiting = logins(&app, 6);
    for _ in 0..4 {
        assert_turned_away(&next(&mut waiting).await);
    }
    assert_eq!(
        next_calls(&hasher).await,
        [Call::Verify],
        "the other fingerprints wait for the first"
    );
    hasher.release();
    for _ in 0..2 {
        assert_eq!(next(&mut waiting).await.status, 200);
    }
    app.users.drain().await;
    let sent = app
        .hooks
        .events()
        .iter()
        .filter(|event| matches!(event, Event::ForgotPassword(..)))
        .count();
    assert_eq!(sent, 3);
}

/// A mail server that is slow: each letter waits for a permit. To whom letters were begun.
#[derive(Clone)]
struct SlowMail {
    permits: Arc<Semaphore>,
    begun: Arc<Mutex<Vec<String>>>,
}

impl SlowMail {
    fn begun_to(&self, email: &str) -> usize {
        let begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        begun.iter().filter(|known| *known == email).count()
    }
}

#[async_trait]
impl Hooks<User> for SlowMail {
    async fn on_after_forgot_password(
        &self,
        user: &User,
        _: &str,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.begun
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(user.email.clone());
        self.permits.acquire().await?.forget();
        Ok(())
    }
}

#[tokio::test]
async fn sixteen_letters_to_one_user_wait_and_others_get_theirs() {
    const MOST: usize = 16;
    let mail = SlowMail {
        permits: Arc::new(Semaphore::new(0)),
        begun: Arc::default(),
    };
    let hooks = mail.clone();
    let app = App::builder()
        .configure(move |builder| builder.hooks(hooks))
        .start()
        .await;
    for email in ["jo@example.com", "al@example.com"] {
        app.user(email).await;
    }
    let ask = async |email: &str| {
        let body = json!({ "email": email });
        let answer = app.client().post("/auth/forgot-password", &body).await;
        answer.assert(202, &serde_json::Value::Null);
    };
    // More than there are permits for all users: each answer is the same.
    for _ in 0..100 {
        ask("jo@example.com").await;
    }
    ask("al@example.com").await;
    until("a letter to the other user", || {
        (mail.begun_to("al@example.com") == 1).then_some(())
    })
    .await;
    assert_eq!(mail.begun_to("jo@example.com"), MOST);
    mail.permits.add_permits(MOST + 1);
    app.users.drain().await;
    assert_eq!(
        mail.begun_to("jo@example.com"),
        MOST,
        "the others are not sent later"
    );
    mail.permits.add_permits(1);
    ask("jo@example.com").await;
    app.users.drain().await;
    assert_eq!(mail.begun_to("jo@example.com"), MOST + 1);
}
