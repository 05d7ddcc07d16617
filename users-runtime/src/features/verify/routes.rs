//! `POST /request-verify-token` and `POST /verify`

use axum::extract::State;

use crate::{
    error::Error,
    features::limits::Limited,
    model::UserModel,
    users::{Users, VerifyError},
    value::Viewer,
    web::{
        answers::{Null, Shown},
        body::{JsonBody, OnlyEmail, OnlyToken},
        group::Group,
        refusals::{TooManyAttempts, Unprocessable, refusals},
        route::Route,
    },
};

pub(crate) fn group<U: UserModel>() -> Group<U> {
    Group::new()
        .post("/request-verify-token", request_token::<U>)
        .named(
            Some(Route::RequestVerifyToken),
            "verify:request-token",
            "Ask for a token to verify an e-mail address",
            None,
        )
        .post("/verify", verify::<U>)
        .named(
            Some(Route::Verify),
            "verify:verify",
            "Verify an e-mail address",
            None,
        )
}

refusals! {
    /// Why no verification is begun.
    enum RequestRefusal {
        | Fields(Unprocessable),
        | Limited(TooManyAttempts),
        | Failed(Error),
    }
}

refusals! {
    /// Why an address is not verified.
    enum VerifyRefusal {
        | Fields(Unprocessable),
        | Manager(VerifyError),
        | Failed(Error),
    }
}

async fn request_token<U: UserModel>(
    State(users): State<Users<U>>,
    body: JsonBody<OnlyEmail>,
) -> Result<Null<202>, RequestRefusal> {
    let (email, parts) = body.email()?;
    users.count_client(Limited::Verify, &parts).await?;
    users.request_verification(&email, &parts).await?;
    Ok(Null)
}

async fn verify<U: UserModel>(
    State(users): State<Users<U>>,
    body: JsonBody<OnlyToken>,
) -> Result<Shown<U>, VerifyRefusal> {
    let ([token], parts) = body.texts()?;
    let user = users.verify(&token, Some(&parts)).await?;
    Ok(Shown::new(&users, &user, Viewer::Owner).await?)
}
