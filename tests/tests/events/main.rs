//! Events: what the hook is told, what is stored, and what neither of them changes.

mod letters;
mod stored;
mod stored_app;
mod stored_refreshes;

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::json;
use users_runtime::{
    Compat, HookError, Hooks, RequestParts, async_trait, cli,
    events::{Event, EventKind},
    value::Value,
};
use users_tests::{App, PASSWORD, User};

/// Hooks that write down events, and fail to.
#[derive(Clone, Default)]
struct Observer {
    seen: Arc<Mutex<Vec<String>>>,
    token: Arc<Mutex<String>>,
}

impl Observer {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn token(&self) -> String {
        self.token
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn keep(&self, token: &str) {
        token.clone_into(&mut self.token.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

#[async_trait]
impl Hooks<User> for Observer {
    async fn on_event(&self, event: &Event<'_, User>) -> Result<(), HookError> {
        let user = event.user.map_or("-", |user| user.email.as_str());
        let actor = match &event.actor {
            users_runtime::events::Actor::User(id) => {
                let is_own = event.user.is_some_and(|user| user.id.to_string() == *id);
                if is_own { "self" } else { "another" }
            }
            users_runtime::events::Actor::CommandLine(_) => "operator",
            users_runtime::events::Actor::Client => "client",
            _ => "application",
        };
        let more = match &event.kind {
            EventKind::LoggedIn { backend, methods } => format!(" {backend} {}", methods.join("+")),
            EventKind::LoginFailed { reason, .. } => format!(" {}", reason.name()),
            EventKind::Registered { by, .. } => format!(" {by}"),
            EventKind::FlagsChanged { is_active, .. } => format!(" active={is_active:?}"),
            EventKind::Updated { fields } => format!(" {}", fields.join("+")),
            _ => String::new(),
        };
        let line = format!("{} {user} by {actor}{more}", event.kind.name());
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.push(line);
        Err("no such thing as an observer that never fails".into())
    }

    async fn on_after_request_verify(
        &self,
        _: &User,
        token: &str,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.keep(token);
        Ok(())
    }

    async fn on_after_forgot_password(
        &self,
        _: &User,
        token: &str,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.keep(token);
        Ok(())
    }
}

async fn start(compat: Compat) -> (App, Observer) {
    let observer = Observer::default();
    let hooks = observer.clone();
    let app = App::builder()
        .configure(move |builder| {
            let builder = builder.compat(compat).notify_in_background(false);
            builder.reset_token_follows_email(true).hooks(hooks)
        })
        .start()
        .await;
    (app, observer)
}

#[tokio::test]
async fn every_change_of_a_user_is_one_event_whatever_the_hook_fails_with() {
    for compat in [Compat::Off, Compat::FastApiUsers15] {
        let (app, observer) = start(compat).await;
        let client = app.client();
        let jo = json!({ "email": "jo@example.com", "password": PASSWORD });
        assert_eq!(client.post("/auth/register", &jo).await.status, 201);
        assert_eq!(
            observer.take(),
            ["user.registered jo@example.com by client form"]
        );

        client.login("db", "zoe@example.com", PASSWORD).await;
        client.login("db", "jo@example.com", "wrong").await;
        let answer = client.login("db", "jo@example.com", PASSWORD).await;
        let token = answer.json()["access_token"].as_str().map(str::to_owned);
        let me = client.bearer(&token.expect("a token"));
        assert_eq!(
            observer.take(),
            [
                "login.failed - by client unknown_user",
                "login.failed jo@example.com by client wrong_password",
                "login.succeeded jo@example.com by self db password",
            ]
        );

        let email = json!({ "email": "jo@example.com" });
        client.post("/auth/request-verify-token", &email).await;
        let token = json!({ "token": observer.token() });
        assert_eq!(client.post("/auth/verify", &token).await.status, 200);
        let requested = [
            "verification.requested jo@example.com by client",
            "verification.done jo@example.com by client",
        ];
        assert_eq!(observer.take(), requested);

        let change = json!({ "first_name": "Jo", "email": "jo2@example.com" });
        assert_eq!(me.json("PATCH", "/users/me", &change).await.status, 200);
        assert_eq!(
            observer.take(),
            [
                "email.changed jo2@example.com by self",
                "flags.changed jo2@example.com by self active=None",
                "user.updated jo2@example.com by self first_name",
            ]
        );
        assert_eq!(me.send("POST", "/auth/db/logout").await.status, 204);
        assert_eq!(observer.take(), ["logout jo2@example.com by self"]);

        let email = json!({ "email": "jo2@example.com" });
        client.post("/auth/forgot-password", &email).await;
        let reset = json!({ "token": observer.token(), "password": "another horse" });
        assert_eq!(
            client.post("/auth/reset-password", &reset).await.status,
            200
        );
        let seen = observer.take();
        assert_eq!(
            seen[0],
            "password_reset.requested jo2@example.com by client"
        );
        let done = "password_reset.done jo2@example.com by client".to_owned();
        assert!(seen.contains(&done), "{seen:?}");
    }
}

#[tokio::test]
async fn superusers_and_operators_are_the_actors_of_what_they_do() {
    let (app, observer) = start(Compat::Off).await;
    let admin = app.user("admin@example.com").await;
    let admin = app.set(&admin, "is_superuser", Value::Bool(true)).await;
    let jo = app.user("jo@example.com").await;
    let client = app.client_of(&admin).await;
    observer.take();
    let path = format!("/users/{}", jo.id);
    let change = json!({ "is_active": false, "password": "another horse" });
    assert_eq!(client.json("PATCH", &path, &change).await.status, 200);
    assert_eq!(
        observer.take(),
        [
            "password.changed jo@example.com by another",
            "flags.changed jo@example.com by another active=Some(false)",
        ]
    );
    let answer = app
        .client()
        .login("db", "jo@example.com", "another horse")
        .await;
    assert_eq!(answer.status, 400);
    assert_eq!(
        observer.take(),
        ["login.failed jo@example.com by client inactive"]
    );
    for (words, event) in [
        (
            &["activate", "jo@example.com"][..],
            "flags.changed jo@example.com by operator active=Some(true)",
        ),
        (
            &["revoke-sessions", "jo@example.com"],
            "sessions.revoked jo@example.com by operator",
        ),
        (
            &["revoke-sessions", "--all", "--yes"],
            "sessions.revoked_for_everyone - by operator",
        ),
    ] {
        cli::run(&app.users, [&["program"], words].concat()).await;
        assert_eq!(observer.take(), [event]);
    }
    assert_eq!(client.send("DELETE", &path).await.status, 204);
    assert_eq!(observer.take(), ["user.deleted jo@example.com by another"]);
    app.users
        .revoke_sessions(&admin, None)
        .await
        .expect("ended");
    assert_eq!(
        observer.take(),
        ["sessions.revoked admin@example.com by application"]
    );
}

#[test]
fn the_page_lists_every_event() {
    let page = include_str!("../../../users-runtime/src/docs/events.md");
    let listed: Vec<_> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| "))
        .filter_map(|line| line.trim_start_matches('*').strip_prefix('`'))
        .filter_map(|line| line.split_once('`').map(|(name, _)| name))
        .filter(|name| name.contains('.') || *name == "logout")
        .collect();
    assert_eq!(listed, EventKind::NAMES, "in the order of the type");
}
