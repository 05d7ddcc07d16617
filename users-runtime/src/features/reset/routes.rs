//! `POST /forgot-password` and `POST /reset-password`

use axum::extract::State;

use crate::{
    error::Error,
    features::limits::Limited,
    model::UserModel,
    password::Password,
    users::{ResetPasswordError, Users},
    web::{
        answers::{Null, WithCookie},
        body::{JsonBody, OnlyEmail, TokenAndPassword},
        group::Group,
        refusals::{TooManyAttempts, Unprocessable, refusals},
        route::Route,
    },
};

pub(crate) fn group<U: UserModel>() -> Group<U> {
    Group::new()
        .post("/forgot-password", forgot_password::<U>)
        .named(
            Some(Route::ForgotPassword),
            "reset:forgot_password",
            "Ask for a token to reset a password",
            None,
        )
        .post("/reset-password", reset_password::<U>)
        .named(
            Some(Route::ResetPassword),
            "reset:reset_password",
            "Reset a password",
            None,
        )
}

refusals! {
    /// Why no reset is begun.
    enum ForgotRefusal {
        | Fields(Unprocessable),
        | Limited(TooManyAttempts),
        | Failed(Error),
    }
}

refusals! {
    /// Why a password is not reset.
    enum ResetRefusal {
        | Fields(Unprocessable),
        | Manager(ResetPasswordError),
    }
}

async fn forgot_password<U: UserModel>(
    State(users): State<Users<U>>,
    body: JsonBody<OnlyEmail>,
) -> Result<Null<202>, ForgotRefusal> {
    let (email, parts) = body.email()?;
    users.count_client(Limited::Forgot, &parts).await?;
    users.request_reset(&email, &parts).await?;
    Ok(Null)
}

async fn reset_password<U: UserModel>(
    State(users): State<Users<U>>,
    body: JsonBody<TokenAndPassword>,
) -> Result<WithCookie<Null<200>>, ResetRefusal> {
    let ([token, password], parts) = body.texts()?;
    let user = users
        .reset_password(&token, Password::from(password), Some(&parts))
        .await?;
    let cookie = users.browser_cookie(&parts.headers, &user, true);
    Ok(WithCookie::new(Null, cookie))
}
