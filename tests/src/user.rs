//! The user of the HTTP suites, and hooks that remember what they were told.

use std::sync::{Arc, Mutex};

use axum::response::Response;
use users_runtime::{
    HookError, Hooks, Password, PasswordHash, RequestParts, UserModel, async_trait,
    hooks::{InvalidPassword, PasswordOf},
};
use uuid::Uuid;

/// The user of the HTTP suites.
#[derive(Clone, Debug, UserModel)]
#[fastapi_users(
    table = "user",
    backend(name = "jwt", transport = bearer, strategy = jwt),
    backend(name = "cookie", transport = cookie, strategy = jwt),
    backend(name = "db", transport = bearer, strategy = database)
)]
pub struct User {
    /// The primary key.
    pub id: Uuid,
    /// The e-mail address.
    pub email: String,
    /// The password hash.
    pub hashed_password: PasswordHash,
    /// Whether the user may log in.
    pub is_active: bool,
    /// Whether the user may administer others.
    pub is_superuser: bool,
    /// Whether the address is proven.
    pub is_verified: bool,
    /// The given name.
    #[fastapi_users(length(max = 100))]
    pub first_name: Option<String>,
    /// What administrators know of the user.
    #[fastapi_users(access = admin_only)]
    pub note: Option<String>,
    /// How many points the user has.
    #[fastapi_users(access = read_only, default)]
    pub points: i64,
}

/// What a hook was told.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// `on_after_register`
    Registered(Uuid),
    /// `on_register_taken`, with the owner
    RegisterTaken(Uuid),
    /// `on_after_login`
    LoggedIn(Uuid),
    /// `on_after_update` with the fields that were set
    Updated(Uuid, serde_json::Value),
    /// `on_after_forgot_password` with the token
    ForgotPassword(Uuid, String),
    /// `on_after_reset_password`
    ResetPassword(Uuid),
    /// `on_after_request_verify` with the token
    RequestedVerify(Uuid, String),
    /// `on_after_verify`
    Verified(Uuid),
    /// `on_before_delete`
    BeforeDelete(Uuid),
    /// `on_after_delete`
    Deleted(Uuid),
}

/// Hooks that remember every event, and refuse passwords of fewer than 3 characters.
#[derive(Clone, Debug, Default)]
pub struct Recorder(Arc<Mutex<Vec<Event>>>);

impl Recorder {
    /// The events so far, oldest first.
    pub fn events(&self) -> Vec<Event> {
        self.0
            .lock()
            .expect("no test panics while it holds the lock")
            .clone()
    }

    #[expect(clippy::unnecessary_wraps, reason = "it is what every hook returns")]
    fn push(&self, event: Event) -> Result<(), HookError> {
        self.0
            .lock()
            .expect("no test panics while it holds the lock")
            .push(event);
        Ok(())
    }
}

#[async_trait]
impl Hooks<User> for Recorder {
    async fn validate_password(
        &self,
        password: &Password,
        user: PasswordOf<'_, User>,
    ) -> Result<(), InvalidPassword> {
        let email = match &user {
            PasswordOf::New(create) => &create.email,
            PasswordOf::Existing(user) => &user.email,
            _ => return Err(InvalidPassword::new("whose password?")),
        };
        if password.expose().chars().count() < 3 {
            return Err(InvalidPassword::new(
                "Password should be at least 3 characters",
            ));
        }
        if password.expose().contains(email.as_str()) {
            return Err(InvalidPassword::new("Password should not contain e-mail"));
        }
        Ok(())
    }

    async fn on_after_register(
        &self,
        user: &User,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.push(Event::Registered(user.id))
    }

    async fn on_register_taken(
        &self,
        owner: &User,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.push(Event::RegisterTaken(owner.id))
    }

    async fn on_after_login(
        &self,
        user: &User,
        _: Option<&RequestParts>,
        response: &mut Response,
    ) -> Result<(), HookError> {
        response
            .headers_mut()
            .insert("x-from-hook", "login".parse()?);
        self.push(Event::LoggedIn(user.id))
    }

    async fn on_after_update(
        &self,
        user: &User,
        update: &UserUpdate,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.push(Event::Updated(
            user.id,
            users_runtime::schema::to_json(update).into(),
        ))
    }

    async fn on_after_forgot_password(
        &self,
        user: &User,
        token: &str,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.push(Event::ForgotPassword(user.id, token.to_owned()))
    }

    async fn on_after_reset_password(
        &self,
        user: &User,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.push(Event::ResetPassword(user.id))
    }

    async fn on_after_request_verify(
        &self,
        user: &User,
        token: &str,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.push(Event::RequestedVerify(user.id, token.to_owned()))
    }

    async fn on_after_verify(
        &self,
        user: &User,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.push(Event::Verified(user.id))
    }

    async fn on_before_delete(
        &self,
        user: &User,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.push(Event::BeforeDelete(user.id))
    }

    async fn on_after_delete(
        &self,
        user: &User,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.push(Event::Deleted(user.id))
    }
}
