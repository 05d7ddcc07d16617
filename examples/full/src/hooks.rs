//! Hooks that print every event, and the password policy.

use async_trait::async_trait;
use axum::response::Response;
use http::request::Parts;
use serde_json::Value;
use users_runtime::{
    HookError, Hooks, Password,
    hooks::{InvalidPassword, PasswordOf},
};

use crate::user::{User, UserUpdate};

/// Prints one line for every event, tokens and passwords included: this example is there to be compared. Do not do this at home.
pub(crate) struct PrintEverything;

#[async_trait]
impl Hooks<User> for PrintEverything {
    async fn validate_password(
        &self,
        password: &Password,
        user: PasswordOf<'_, User>,
    ) -> Result<(), InvalidPassword> {
        if password.expose().chars().count() < 3 {
            return Err(InvalidPassword::new(
                "Password should be at least 3 characters",
            ));
        }
        let email = match &user {
            PasswordOf::New(create) => &create.email,
            PasswordOf::Existing(user) => &user.email,
            _ => return Ok(()),
        };
        if password.expose().contains(email.as_str()) {
            return Err(InvalidPassword::new("Password should not contain e-mail"));
        }
        Ok(())
    }

    async fn on_after_register(&self, user: &User, _: Option<&Parts>) -> Result<(), HookError> {
        println!("User {} has registered.", user.id);
        Ok(())
    }

    async fn on_after_login(
        &self,
        user: &User,
        _: Option<&Parts>,
        _: &mut Response,
    ) -> Result<(), HookError> {
        println!("User {} logged in.", user.id);
        Ok(())
    }

    async fn on_after_update(
        &self,
        user: &User,
        update: &UserUpdate,
        _: Option<&Parts>,
    ) -> Result<(), HookError> {
        let mut fields = users_runtime::schema::to_json(update);
        if let Some(Some(password)) = update.password.as_option() {
            fields.insert("password".to_owned(), Value::from(password.expose()));
        }
        println!(
            "User {} has been updated with {}.",
            user.id,
            Value::Object(fields)
        );
        Ok(())
    }

    async fn on_after_forgot_password(
        &self,
        user: &User,
        token: &str,
        _: Option<&Parts>,
    ) -> Result<(), HookError> {
        println!(
            "User {} has forgot their password. Reset token: {token}",
            user.id
        );
        Ok(())
    }

    async fn on_after_reset_password(
        &self,
        user: &User,
        _: Option<&Parts>,
    ) -> Result<(), HookError> {
        println!("User {} has reset their password.", user.id);
        Ok(())
    }

    async fn on_after_request_verify(
        &self,
        user: &User,
        token: &str,
        _: Option<&Parts>,
    ) -> Result<(), HookError> {
        println!(
            "Verification requested for user {}. Verification token: {token}",
            user.id
        );
        Ok(())
    }

    async fn on_after_verify(&self, user: &User, _: Option<&Parts>) -> Result<(), HookError> {
        println!("User {} has been verified.", user.id);
        Ok(())
    }

    async fn on_before_delete(&self, user: &User, _: Option<&Parts>) -> Result<(), HookError> {
        println!("User {} is about to be deleted.", user.id);
        Ok(())
    }

    async fn on_after_delete(&self, user: &User, _: Option<&Parts>) -> Result<(), HookError> {
        println!("User {} has been deleted.", user.id);
        Ok(())
    }
}
