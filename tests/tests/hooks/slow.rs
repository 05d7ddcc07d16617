//! Hooks that take long, in the background.

use std::{sync::Arc, sync::atomic::AtomicUsize, sync::atomic::Ordering};

use serde_json::json;
use tokio::{sync::Semaphore, task::JoinSet};
use users_runtime::{Compat, HookError, Hooks, RequestParts, async_trait};
use users_tests::{App, TestHasher, User};

/// Hooks of a mail server that takes its time.
#[derive(Clone, Debug)]
struct Slow {
    /// A letter goes out for each permit.
    letters: Arc<Semaphore>,
    begun: Arc<AtomicUsize>,
    ended: Arc<AtomicUsize>,
}

impl Slow {
    fn new() -> Self {
        Self {
            letters: Arc::new(Semaphore::new(0)),
            begun: Arc::default(),
            ended: Arc::default(),
        }
    }

    async fn send(&self) -> Result<(), HookError> {
        self.begun.fetch_add(1, Ordering::SeqCst);
        self.letters.acquire().await?.forget();
        self.ended.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    fn counts(&self) -> (usize, usize) {
        (
            self.begun.load(Ordering::SeqCst),
            self.ended.load(Ordering::SeqCst),
        )
    }
}

#[async_trait]
impl Hooks<User> for Slow {
    async fn on_after_forgot_password(
        &self,
        _: &User,
        _: &str,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.send().await
    }

    async fn on_after_request_verify(
        &self,
        _: &User,
        _: &str,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.send().await
    }
}

#[tokio::test]
async fn beside_a_slow_mailer_a_bounded_number_of_hooks_wait_and_all_else_is_told_to_come_back() {
    for (compat, paths) in [
        (
            Compat::Off,
            &["/auth/forgot-password", "/auth/request-verify-token"][..],
        ),
        // The answer to the other one waits for the mailer itself.
        (Compat::FastApiUsers15, &["/auth/forgot-password"]),
    ] {
        let slow = Slow::new();
        let used = slow.clone();
        let app = App::builder()
            .configure(move |builder| {
                builder
                    .compat(compat)
                    .hooks(used)
                    .password_hasher(TestHasher::default())
                    .max_background_hooks(2)
            })
            .start()
            .await;
        app.user("jo@example.com").await;
        let ask = |path: &'static str, email: &'static str| {
            let client = app.client();
            async move { client.post(path, &json!({ "email": email })).await }
        };
        for _ in 0..2 {
            let answer = ask(paths[0], "jo@example.com").await;
            answer.assert(202, &serde_json::Value::Null);
        }
        let mut refused = JoinSet::new();
        for path in paths {
            for email in ["jo@example.com", "nobody@example.com"] {
                for _ in 0..10 {
                    refused.spawn(ask(path, email));
                }
            }
        }
        for answer in refused.join_all().await {
            answer.assert_detail(503, "Service Unavailable");
            let seconds: u64 = answer.header("retry-after").parse().expect("a number");
            assert!(seconds >= 1, "{answer:?}");
        }
        // The two letters are not lost when the server stops.
        slow.letters.add_permits(2);
        app.users.drain().await;
        assert_eq!(slow.counts(), (2, 2), "{compat:?}");
        for email in ["jo@example.com", "nobody@example.com"] {
            let answer = ask(paths[0], email).await;
            answer.assert(202, &serde_json::Value::Null);
        }
        slow.letters.add_permits(1);
        app.users.drain().await;
        assert_eq!(slow.counts(), (3, 3), "{compat:?}");
    }
}

#[tokio::test]
async fn a_permit_that_comes_free_in_time_is_taken() {
    let slow = Slow::new();
    let used = slow.clone();
    let app = App::builder()
        .configure(move |builder| builder.hooks(used).max_background_hooks(1))
        .start()
        .await;
    app.user("jo@example.com").await;
    let path = "/auth/forgot-password";
    let body = json!({ "email": "jo@example.com" });
    assert_eq!(app.client().post(path, &body).await.status, 202);
    // From now on each letter goes out at once, the first included.
    slow.letters.add_permits(Semaphore::MAX_PERMITS);
    for _ in 0..5 {
        assert_eq!(app.client().post(path, &body).await.status, 202);
    }
    app.users.drain().await;
    assert_eq!(slow.counts(), (6, 6));
}
