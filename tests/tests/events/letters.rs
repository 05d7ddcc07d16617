//! Events of letters: which there are, and that they come with the letter, after the answer.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::json;
use tokio::sync::Semaphore;
use users_runtime::{
    HookError, Hooks, RequestParts, async_trait,
    events::{Event, EventKind},
};
use users_tests::{App, PASSWORD, TestHasher, User};

/// Hooks that write down events, and wait for a permit before they write down one of a letter.
#[derive(Clone)]
struct Held {
    permits: Arc<Semaphore>,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Held {
    fn new(permits: usize) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(permits)),
            seen: Arc::default(),
        }
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn push(&self, line: String) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.push(line);
    }

    async fn start(&self, is_uniform: bool) -> App {
        let hooks = self.clone();
        App::builder()
            .configure(move |builder| {
                let builder = builder.password_hasher(TestHasher::default()).hooks(hooks);
                builder.uniform_registration(is_uniform)
            })
            .start()
            .await
    }
}

#[async_trait]
impl Hooks<User> for Held {
    async fn on_event(&self, event: &Event<'_, User>) -> Result<(), HookError> {
        if let EventKind::VerificationRequested | EventKind::ResetRequested = event.kind {
            self.permits.acquire().await?.forget();
        }
        let reason = match event.kind {
            EventKind::LoginFailed { reason, .. } => format!(" {}", reason.name()),
            _ => String::new(),
        };
        self.push(format!("{} by {}{reason}", event.kind.name(), event.actor));
        Ok(())
    }

    async fn on_after_request_verify(
        &self,
        _: &User,
        _: &str,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.push("letter".to_owned());
        Ok(())
    }

    async fn on_after_forgot_password(
        &self,
        _: &User,
        _: &str,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.push("letter".to_owned());
        Ok(())
    }
}

#[tokio::test]
async fn a_requested_letter_is_reported_with_it_after_the_answer() {
    let hooks = Held::new(0);
    let app = hooks.start(false).await;
    app.user("jo@example.com").await;
    hooks.take();
    for (path, event) in [
        (
            "/auth/forgot-password",
            "password_reset.requested by client",
        ),
        (
            "/auth/request-verify-token",
            "verification.requested by client",
        ),
    ] {
        // The observer of the event waits, and the answer comes all the same: as for an address that no user has.
        let body = json!({ "email": "jo@example.com" });
        assert_eq!(app.client().post(path, &body).await.status, 202);
        assert!(hooks.take().is_empty(), "{path}");
        hooks.permits.add_permits(1);
        app.users.drain().await;
        assert_eq!(hooks.take(), [event, "letter"]);
    }
}

#[tokio::test]
async fn letters_of_uniform_registrations_are_events() {
    let hooks = Held::new(2);
    let app = hooks.start(true).await;
    let body = json!({ "email": "jo@example.com", "password": PASSWORD });
    let answer = app.client().post("/auth/register", &body).await;
    assert_eq!(answer.status, 202);
    app.users.drain().await;
    let requested = "verification.requested by client";
    assert_eq!(
        hooks.take(),
        ["user.registered by client", requested, "letter"]
    );
    let login = app.client().login("jwt", "jo@example.com", PASSWORD).await;
    login.assert_detail(400, "LOGIN_BAD_CREDENTIALS");
    app.users.drain().await;
    let failed = "login.failed by client not_verified";
    assert_eq!(hooks.take(), [failed, requested, "letter"]);
}
