//! Hooks that fail.

use std::{sync::Arc, sync::Mutex, sync::atomic::AtomicBool, sync::atomic::Ordering};

use axum::response::Response;
use serde_json::json;
use users_runtime::{
    Compat, HookError, Hooks, Password, RequestParts, async_trait,
    hooks::{InvalidPassword, PasswordOf},
    value::Value,
};
use users_tests::{Answer, App, PASSWORD, TestHasher, User, UserUpdate};

/// What a failing hook knows and nobody else should.
const INNER: &str = "smtp://mailer:hunter2@10.0.0.7";

/// Hooks that all fail once they are armed, and keep the tokens that they were given.
#[derive(Clone, Debug, Default)]
struct Failing {
    armed: Arc<AtomicBool>,
    tokens: Arc<Mutex<Vec<String>>>,
}

impl Failing {
    fn arm(&self, armed: bool) {
        self.armed.store(armed, Ordering::SeqCst);
    }

    fn outcome(&self) -> Result<(), HookError> {
        if self.armed.load(Ordering::SeqCst) {
            Err(INNER.into())
        } else {
            Ok(())
        }
    }

    fn keep(&self, token: &str) -> Result<(), HookError> {
        self.tokens
            .lock()
            .expect("no test panics while it holds the lock")
            .push(token.to_owned());
        self.outcome()
    }

    fn tokens(&self) -> Vec<String> {
        self.tokens
            .lock()
            .expect("no test panics while it holds the lock")
            .clone()
    }
}

#[async_trait]
impl Hooks<User> for Failing {
    async fn validate_password(
        &self,
        password: &Password,
        _: PasswordOf<'_, User>,
    ) -> Result<(), InvalidPassword> {
        if password.expose() == "refused" {
            Err(InvalidPassword::new("not \"this\" one, é"))
        } else {
            Ok(())
        }
    }

    async fn on_after_register(&self, _: &User, _: Option<&RequestParts>) -> Result<(), HookError> {
        self.outcome()
    }

    async fn on_after_login(
        &self,
        _: &User,
        _: Option<&RequestParts>,
        response: &mut Response,
    ) -> Result<(), HookError> {
        response
            .headers_mut()
            .insert("x-from-hook", "login".parse()?);
        self.outcome()
    }

    async fn on_after_update(
        &self,
        _: &User,
        _: &UserUpdate,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.outcome()
    }

    async fn on_after_forgot_password(
        &self,
        _: &User,
        token: &str,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.keep(token)
    }

    async fn on_after_reset_password(
        &self,
        _: &User,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.outcome()
    }

    async fn on_after_request_verify(
        &self,
        _: &User,
        token: &str,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.keep(token)
    }

    async fn on_after_verify(&self, _: &User, _: Option<&RequestParts>) -> Result<(), HookError> {
        self.outcome()
    }

    async fn on_before_delete(
        &self,
        user: &User,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        if user.first_name.as_deref() == Some("stays") {
            self.outcome()
        } else {
            Ok(())
        }
    }

    async fn on_after_delete(&self, _: &User, _: Option<&RequestParts>) -> Result<(), HookError> {
        self.outcome()
    }
}

async fn start(compat: Compat) -> (App, Failing) {
    let hooks = Failing::default();
    let used = hooks.clone();
    let app = App::builder()
        .configure(move |builder| {
            builder
                .compat(compat)
                .hooks(used)
                .password_hasher(TestHasher::default())
        })
        .start()
        .await;
    (app, hooks)
}

/// 500, and nothing but that: no token, no header of the hook's, no word of the reason.
#[track_caller]
fn assert_failed(answer: &Answer) {
    assert_eq!(
        (answer.status, answer.text.as_str()),
        (500, "Internal Server Error")
    );
    for name in ["set-cookie", "x-from-hook", "retry-after"] {
        assert_eq!(answer.header(name), "", "{answer:?}");
    }
    assert!(!format!("{answer:?}").contains("hunter2"), "{answer:?}");
}

#[tokio::test]
async fn a_registration_stands_although_its_hook_fails() {
    let (app, hooks) = start(Compat::Off).await;
    hooks.arm(true);
    let body = json!({ "email": "jo@example.com", "password": PASSWORD });
    assert_failed(&app.client().post("/auth/register", &body).await);
    app.client()
        .post("/auth/register", &body)
        .await
        .assert_detail(400, "REGISTER_USER_ALREADY_EXISTS");
    hooks.arm(false);
    assert_eq!(
        app.client()
            .login("jwt", "jo@example.com", PASSWORD)
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn a_login_whose_hook_fails_hands_out_no_token() {
    let (app, hooks) = start(Compat::Off).await;
    app.user("jo@example.com").await;
    hooks.arm(true);
    for backend in ["jwt", "cookie", "db"] {
        assert_failed(
            &app.client()
                .login(backend, "jo@example.com", PASSWORD)
                .await,
        );
    }
    app.client()
        .login("jwt", "jo@example.com", "wrong")
        .await
        .assert_detail(400, "LOGIN_BAD_CREDENTIALS");
    hooks.arm(false);
    let answer = app.client().login("jwt", "jo@example.com", PASSWORD).await;
    assert_eq!(
        (answer.status, answer.header("x-from-hook")),
        (200, "login")
    );
}

#[tokio::test]
async fn an_update_stands_although_its_hook_fails() {
    let (app, hooks) = start(Compat::Off).await;
    let user = app.user("jo@example.com").await;
    let client = app.client_of(&user).await;
    hooks.arm(true);
    assert_failed(
        &client
            .json("PATCH", "/users/me", &json!({ "first_name": "Jo" }))
            .await,
    );
    assert_eq!(client.get("/users/me").await.json()["first_name"], "Jo");
}

#[tokio::test]
async fn a_refusal_before_a_deletion_keeps_the_user_and_one_after_it_does_not() {
    let (app, hooks) = start(Compat::Off).await;
    let root = app.user("root@example.com").await;
    let root = app
        .client_of(&app.set(&root, "is_superuser", Value::Bool(true)).await)
        .await;
    let (stays, goes) = (
        app.user("stays@example.com").await,
        app.user("goes@example.com").await,
    );
    app.set(&stays, "first_name", Value::Text("stays".to_owned()))
        .await;
    let session = app
        .client()
        .login("db", "stays@example.com", PASSWORD)
        .await
        .json();
    let session = app
        .client()
        .bearer(session["access_token"].as_str().expect("a token"));
    hooks.arm(true);
    for user in [&stays, &goes] {
        assert_failed(&root.send("DELETE", &format!("/users/{}", user.id)).await);
    }
    assert_eq!(root.get(&format!("/users/{}", stays.id)).await.status, 200);
    assert_eq!(
        session.get("/users/me").await.status,
        200,
        "nothing of the deletion has happened"
    );
    root.get(&format!("/users/{}", goes.id))
        .await
        .assert_detail(404, "Not Found");
}

#[tokio::test]
async fn by_default_a_failing_mailer_does_not_tell_which_addresses_are_known() {
    let (app, hooks) = start(Compat::Off).await;
    app.user("jo@example.com").await;
    hooks.arm(true);
    for path in ["/auth/forgot-password", "/auth/request-verify-token"] {
        for email in ["jo@example.com", "nobody@example.com"] {
            let answer = app.client().post(path, &json!({ "email": email })).await;
            answer.assert(202, &serde_json::Value::Null);
        }
    }
}

#[tokio::test]
async fn with_the_preset_a_verification_waits_for_the_mailer_and_a_reset_does_not() {
    let (app, hooks) = start(Compat::FastApiUsers15).await;
    app.user("jo@example.com").await;
    hooks.arm(true);
    assert_failed(
        &app.client()
            .post(
                "/auth/request-verify-token",
                &json!({ "email": "jo@example.com" }),
            )
            .await,
    );
    for (path, email) in [
        ("/auth/request-verify-token", "nobody@example.com"),
        ("/auth/forgot-password", "nobody@example.com"),
        // Its token costs a hash, which is made after the answer.
        ("/auth/forgot-password", "jo@example.com"),
    ] {
        let answer = app.client().post(path, &json!({ "email": email })).await;
        answer.assert(202, &serde_json::Value::Null);
    }
    app.users.drain().await;
    assert_eq!(
        hooks.tokens().len(),
        2,
        "the failing mailer got both tokens"
    );
}

#[tokio::test]
async fn a_reset_and_a_verification_stand_although_their_hooks_fail() {
    let (app, hooks) = start(Compat::FastApiUsers15).await;
    app.user("jo@example.com").await;
    for path in ["/auth/forgot-password", "/auth/request-verify-token"] {
        assert_eq!(
            app.client()
                .post(path, &json!({ "email": "jo@example.com" }))
                .await
                .status,
            202
        );
        app.users.drain().await;
    }
    let tokens = hooks.tokens();
    let [reset, verify] = tokens.as_slice() else {
        panic!("two tokens: {tokens:?}")
    };
    hooks.arm(true);
    assert_failed(
        &app.client()
            .post("/auth/verify", &json!({ "token": verify }))
            .await,
    );
    app.client()
        .post("/auth/verify", &json!({ "token": verify }))
        .await
        .assert_detail(400, "VERIFY_USER_ALREADY_VERIFIED");
    let body = json!({ "token": reset, "password": "a new one" });
    assert_failed(&app.client().post("/auth/reset-password", &body).await);
    app.client()
        .post("/auth/reset-password", &body)
        .await
        .assert_detail(400, "RESET_PASSWORD_BAD_TOKEN");
    hooks.arm(false);
    assert_eq!(
        app.client()
            .login("jwt", "jo@example.com", "a new one")
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn a_policys_reason_is_told_as_it_is() {
    let (app, _) = start(Compat::Off).await;
    let user = app.user("jo@example.com").await;
    let refused =
        |code: &str| json!({ "detail": { "code": code, "reason": "not \"this\" one, é" } });
    let body = json!({ "email": "new@example.com", "password": "refused" });
    app.client()
        .post("/auth/register", &body)
        .await
        .assert(400, &refused("REGISTER_INVALID_PASSWORD"));
    let client = app.client_of(&user).await;
    let answer = client
        .json(
            "PATCH",
            "/users/me",
            &json!({ "password": "refused", "first_name": "Jo" }),
        )
        .await;
    answer.assert(400, &refused("UPDATE_USER_INVALID_PASSWORD"));
    assert_eq!(
        client.get("/users/me").await.json()["first_name"],
        serde_json::Value::Null,
        "nothing was changed"
    );
}
