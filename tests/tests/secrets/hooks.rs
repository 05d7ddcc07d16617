//! Hooks that print requests.

use axum::response::Response;
use users_runtime::{
    HookError, Hooks, Password, RequestParts, async_trait,
    hooks::{InvalidPassword, PasswordOf},
};
use users_tests::{Event, Recorder, User, UserUpdate, until};

/// Hooks that print every request, as one does who looks for a mistake.
#[derive(Clone, Default)]
pub(crate) struct Printing(Recorder);

fn print(hook: &str, request: Option<&RequestParts>) {
    tracing::info!("{hook} {:?} {:#?}", request.expect("a request"), request);
}

#[async_trait]
impl Hooks<User> for Printing {
    async fn validate_password(
        &self,
        password: &Password,
        user: PasswordOf<'_, User>,
    ) -> Result<(), InvalidPassword> {
        self.0.validate_password(password, user).await
    }

    async fn on_after_register(
        &self,
        _: &User,
        request: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        print("hook of a registration", request);
        Ok(())
    }

    async fn on_after_login(
        &self,
        _: &User,
        request: Option<&RequestParts>,
        _: &mut Response,
    ) -> Result<(), HookError> {
        print("hook of a login", request);
        Ok(())
    }

    async fn on_after_update(
        &self,
        _: &User,
        _: &UserUpdate,
        request: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        print("hook of an update", request);
        Ok(())
    }

    async fn on_after_forgot_password(
        &self,
        user: &User,
        token: &str,
        request: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        print("hook of a forgotten password", request);
        self.0.on_after_forgot_password(user, token, None).await
    }

    async fn on_after_request_verify(
        &self,
        user: &User,
        token: &str,
        request: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        print("hook of a verification", request);
        self.0.on_after_request_verify(user, token, None).await
    }

    async fn on_before_delete(
        &self,
        _: &User,
        request: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        print("hook of a deletion", request);
        Ok(())
    }
}

/// The token that a hook was given last.
fn sent(hooks: &Printing) -> Option<String> {
    hooks
        .0
        .events()
        .into_iter()
        .rev()
        .find_map(|event| match event {
            Event::ForgotPassword(_, token) | Event::RequestedVerify(_, token) => Some(token),
            _ => None,
        })
}

pub(crate) async fn next_sent(hooks: &Printing, before: Option<&str>) -> String {
    until("a token is sent", || {
        sent(hooks).filter(|token| Some(token.as_str()) != before)
    })
    .await
}
