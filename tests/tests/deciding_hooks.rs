//! Hooks that decide: who registers, with what, and who logs in.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use http::StatusCode;
use serde_json::{Value, json};
use users_runtime::{
    Compat, HookError, Hooks, Password, RequestParts, Users, async_trait,
    errors::FieldNotSet,
    hooks::{HookRefusal, InvalidPassword, LoginContext, PasswordOf, RegisteredBy, Registration},
    users::NewUser,
    value::{Presence, UserField},
};
use users_tests::{App, PASSWORD, User, UserUpdate};

/// What the hooks do, by the address of the user.
#[derive(Clone, Copy)]
struct Deciding;

#[async_trait]
impl Hooks<User> for Deciding {
    async fn before_register(
        &self,
        new: &mut NewUser<User>,
        from: &Registration<'_>,
    ) -> Result<(), HookError> {
        assert!(
            !new.is_superuser() && !new.is_verified(),
            "a client's flags"
        );
        match new.email().split('@').next().unwrap_or_default() {
            "closed" => {
                return Err(HookRefusal::new(StatusCode::FORBIDDEN, "REGISTRATION_CLOSED").into());
            }
            "invited" => {
                let token = from.transient("invitation");
                let token = token.and_then(|token| token.deserialize::<String>().ok());
                if token.as_deref() != Some("welcome") {
                    let missing = json!({ "field": "invitation", "tries": 3 });
                    return Err(HookRefusal::new(StatusCode::CONFLICT, "INVITATION")
                        .because(missing)
                        .into());
                }
                assert!(
                    from.transient("email").is_none() && from.transient("is_superuser").is_none()
                );
                assert_eq!(from.by, RegisteredBy::Form);
                assert!(from.request.is_some());
            }
            "filled" => {
                new.set(User::FIRST_NAME, "Arthur".to_owned())?;
                new.set(User::NOTE, Some("from a hook".to_owned()))?;
                new.set(User::POINTS, 7)?;
                new.set_superuser(true);
                new.set_verified(true);
                assert_eq!(new.get(User::POINTS), Some(7));
            }
            "renamed" => new.set_email("Other@EXAMPLE.com")?,
            "nowhere" => new.set_email("no address")?,
            "long" => new.set(User::FIRST_NAME, "x".repeat(101))?,
            "typo" => new.set(UserField::<_, String>::new("frist_name"), "x")?,
            "number" => new.set(UserField::<_, String>::new("points"), "many")?,
            "hash" => new.set(UserField::<_, String>::new("hashed_password"), "x")?,
            "broken" => return Err("smtp://mailer:hunter2@10.0.0.7".into()),
            "waits" => {
                return Err(HookRefusal::new(StatusCode::TOO_MANY_REQUESTS, "LATER")
                    .retry_after(Duration::from_millis(1500))
                    .into());
            }
            "inactive" => new.set_active(false),
            _ => {}
        }
        Ok(())
    }

    async fn validate_password(
        &self,
        password: &Password,
        user: PasswordOf<'_, User>,
    ) -> Result<(), InvalidPassword> {
        // The rules see the user as the hook has left it.
        match user {
            PasswordOf::New(new) if new.first_name.as_deref() == Some(password.expose()) => {
                Err(InvalidPassword::new("not the name"))
            }
            _ => Ok(()),
        }
    }

    async fn before_login(&self, user: &User, context: &LoginContext<'_>) -> Result<(), HookError> {
        assert_eq!(context.login.methods, ["password"]);
        assert!(context.request.uri.path().ends_with("/login"));
        match user.first_name.as_deref() {
            Some("banned") => Err(HookRefusal::new(StatusCode::FORBIDDEN, "BANNED")
                .because(format!("not by {}", context.backend))
                .into()),
            Some("broken") => Err("hunter2".into()),
            _ => Ok(()),
        }
    }

    async fn on_before_delete(&self, _: &User, _: Option<&RequestParts>) -> Result<(), HookError> {
        Err(HookRefusal::new(StatusCode::CONFLICT, "OWNS_PROJECTS").into())
    }
}

async fn start(compat: Compat) -> App {
    App::builder()
        .configure(move |builder| builder.compat(compat).hooks(Deciding))
        .start()
        .await
}

fn body(email: &str) -> Value {
    json!({ "email": email, "password": PASSWORD, "is_superuser": true, "is_verified": true })
}

#[tokio::test]
async fn a_registration_is_refused_with_the_hooks_answer_and_stores_nothing() {
    for compat in [Compat::Off, Compat::FastApiUsers15] {
        let app = start(compat).await;
        let client = app.client();
        let register = async |name: &str| {
            let email = format!("{name}@example.com");
            let answer = client.post("/auth/register", &body(&email)).await;
            let stored = app.users.find_by_email(&email).await.expect("a store");
            assert!(stored.is_none(), "{name}");
            answer
        };
        let closed = register("closed").await;
        closed.assert_detail(403, "REGISTRATION_CLOSED");
        let reason = json!({ "field": "invitation", "tries": 3 });
        register("invited").await.assert(
            409,
            &json!({ "detail": { "code": "INVITATION", "reason": reason } }),
        );
        let waits = register("waits").await;
        waits.assert_detail(429, "LATER");
        assert_eq!(waits.header("retry-after"), "2");
        for name in ["broken", "typo", "number", "hash"] {
            let answer = register(name).await;
            assert_eq!(
                (answer.status, &*answer.text),
                (500, "Internal Server Error"),
                "{name}"
            );
        }
        for (name, field, kind) in [
            ("long", "first_name", "string_too_long"),
            ("nowhere", "email", "value_error"),
        ] {
            let answer = register(name).await;
            assert_eq!(answer.status, 422, "{answer:?}");
            let errors = answer.json();
            let error = &errors["detail"][0];
            assert_eq!(
                (&error["loc"], &error["type"]),
                (&json!(["body", field]), &json!(kind))
            );
        }
    }
}

#[tokio::test]
async fn a_hook_fills_fields_and_sets_flags_that_the_request_cannot() {
    let app = start(Compat::Off).await;
    let client = app.client();
    let answer = client
        .post("/auth/register", &body("filled@example.com"))
        .await;
    assert_eq!(answer.status, 201, "{answer:?}");
    let shown = answer.json();
    let expected = json!(["Arthur", 7, true, true]);
    let fields = ["first_name", "points", "is_superuser", "is_verified"];
    assert_eq!(json!(fields.map(|field| shown[field].clone())), expected);
    let user = app.users.find_by_email("filled@example.com").await;
    let user = user.expect("a store").expect("the user");
    assert_eq!(user.note.as_deref(), Some("from a hook"));

    let plain = client
        .post("/auth/register", &body("plain@example.com"))
        .await;
    let shown = plain.json();
    assert_eq!(
        (plain.status, &shown["is_superuser"], &shown["is_verified"]),
        (201, &json!(false), &json!(false))
    );
    let inactive = client
        .post("/auth/register", &body("inactive@example.com"))
        .await;
    assert_eq!(inactive.json()["is_active"], false);
}

#[tokio::test]
async fn what_a_request_sends_beside_the_schema_reaches_the_hook() {
    let app = start(Compat::Off).await;
    let mut sent = body("invited@example.com");
    sent["invitation"] = json!("welcome");
    let answer = app.client().post("/auth/register", &sent).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    assert!(answer.json().get("invitation").is_none());
}

#[tokio::test]
async fn the_hook_comes_before_the_policy_and_the_look_up_of_the_address() {
    let app = start(Compat::Off).await;
    app.user("other@example.com").await;
    let renamed = app
        .client()
        .post("/auth/register", &body("renamed@example.com"))
        .await;
    renamed.assert_detail(400, "REGISTER_USER_ALREADY_EXISTS");

    // The name is the hook's, and the policy sees it.
    let named = json!({ "email": "filled@example.com", "password": "Arthur" });
    let answer = app.client().post("/auth/register", &named).await;
    assert_eq!(
        (answer.status, &answer.json()["detail"]["code"]),
        (400, &json!("REGISTER_INVALID_PASSWORD"))
    );
}

#[tokio::test]
async fn application_code_is_told_why_a_user_is_not_registered() {
    let app = start(Compat::Off).await;
    let create = serde_json::from_value(body("long@example.com")).expect("a registration");
    let error = app.users.create(create, None).await.expect_err("too long");
    let users_runtime::errors::RegisterError::Failed(users_runtime::Error::Refused(error)) = error
    else {
        panic!("{error:?}");
    };
    assert!(
        matches!(error.downcast_ref(), Some(FieldNotSet::Invalid(_))),
        "{error}"
    );
}

#[tokio::test]
async fn a_login_is_refused_after_the_password_was_compared() {
    for compat in [Compat::Off, Compat::FastApiUsers15] {
        let app = start(compat).await;
        for name in ["banned", "broken", "free"] {
            let user = app.user(&format!("is-{name}@example.com")).await;
            app.set(
                &user,
                "first_name",
                users_runtime::value::Value::Text(name.to_owned()),
            )
            .await;
        }
        let client = app.client();
        let wrong = client.login("db", "is-banned@example.com", "wrong").await;
        wrong.assert_detail(400, "LOGIN_BAD_CREDENTIALS");
        let banned = client.login("db", "is-banned@example.com", PASSWORD).await;
        let detail = json!({ "code": "BANNED", "reason": "not by db" });
        banned.assert(403, &json!({ "detail": detail }));
        assert_eq!(banned.header("set-cookie"), "");
        let broken = client
            .login("cookie", "is-broken@example.com", PASSWORD)
            .await;
        assert_eq!((broken.status, broken.header("set-cookie")), (500, ""));
        let free = client.login("db", "is-free@example.com", PASSWORD).await;
        assert_eq!(free.status, 200, "{free:?}");
    }
}

#[tokio::test]
async fn every_hook_that_is_awaited_can_refuse_with_an_answer() {
    let app = start(Compat::Off).await;
    let admin = app.user("admin@example.com").await;
    let admin = app
        .set(
            &admin,
            "is_superuser",
            users_runtime::value::Value::Bool(true),
        )
        .await;
    let path = format!("/users/{}", admin.id);
    let answer = app.client_of(&admin).await.send("DELETE", &path).await;
    answer.assert_detail(409, "OWNS_PROJECTS");
}

/// Hooks that make the first user a verified superuser, as applications do that need one to begin with.
#[derive(Clone, Default)]
struct FirstIsAdmin {
    users: Arc<OnceLock<Users<User>>>,
    in_a_task: bool,
}

#[async_trait]
impl Hooks<User> for FirstIsAdmin {
    async fn on_after_register(
        &self,
        user: &User,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        if !user.email.starts_with("first") {
            return Ok(());
        }
        let update = UserUpdate {
            is_superuser: Presence::Present(true),
            is_verified: Presence::Present(true),
            ..nothing()
        };
        let (users, user) = (self.users.get().expect("the users").clone(), user.clone());
        let change = async move { users.update(&user, update, None, None).await };
        if self.in_a_task {
            tokio::spawn(change).await??;
        } else {
            change.await?;
        }
        Ok(())
    }
}

fn nothing() -> UserUpdate {
    serde_json::from_value(json!({})).expect("an update")
}

#[tokio::test]
async fn the_answer_shows_what_a_hook_has_changed() {
    for in_a_task in [false, true] {
        let hooks = FirstIsAdmin {
            in_a_task,
            ..FirstIsAdmin::default()
        };
        let given = hooks.clone();
        let app = App::builder()
            .configure(move |builder| builder.hooks(given))
            .start()
            .await;
        assert!(hooks.users.set(app.users.clone()).is_ok());
        for (name, is_admin) in [("first", true), ("second", false)] {
            let sent = body(&format!("{name}@example.com"));
            let answer = app.client().post("/auth/register", &sent).await;
            let shown = answer.json();
            assert_eq!(
                (answer.status, &shown["is_superuser"], &shown["is_verified"]),
                (201, &json!(is_admin), &json!(is_admin))
            );
        }
    }
}
