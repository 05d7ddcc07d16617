//! What the club adds to the life of a member.

use axum::{http::HeaderValue, response::Response};
use users_runtime::{
    HookError, Hooks, Password, RequestParts, async_trait,
    hooks::{InvalidPassword, PasswordOf},
};

use crate::Member;

/// The rules of the club.
pub(crate) struct Rules;

#[async_trait]
impl Hooks<Member> for Rules {
    async fn validate_password(
        &self,
        password: &Password,
        _: PasswordOf<'_, Member>,
    ) -> Result<(), InvalidPassword> {
        if password.expose().chars().count() < 12 {
            return Err(InvalidPassword::new(
                "Choose a password of at least 12 characters.",
            ));
        }
        Ok(())
    }

    async fn on_after_register(
        &self,
        member: &Member,
        request: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        let agent = request.and_then(|request| request.headers.get("user-agent"));
        println!("Member {} joined with {agent:?}.", member.id);
        Ok(())
    }

    async fn on_after_login(
        &self,
        member: &Member,
        _: Option<&RequestParts>,
        answer: &mut Response,
    ) -> Result<(), HookError> {
        answer
            .headers_mut()
            .insert("x-member", HeaderValue::from(member.id));
        Ok(())
    }

    async fn on_before_delete(
        &self,
        member: &Member,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        if member.is_superuser {
            return Err("a superuser is demoted before they are deleted".into());
        }
        Ok(())
    }

    async fn on_after_forgot_password(
        &self,
        member: &Member,
        token: &str,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        println!("To {}: reset your password with {token}", member.email);
        Ok(())
    }
}
