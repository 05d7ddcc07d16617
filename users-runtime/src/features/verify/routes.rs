//! `POST /request-verify-token` and `POST /verify`

use axum::extract::State;

use crate::{
    error::Error,
    model::{UserModel, Viewer},
    users::{Users, VerifyError},
    web::{
        answers::{Null, Shown},
        body::{JsonBody, OnlyEmail, OnlyToken},
        group::Group,
        refusals::{Unprocessable, refusals},
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
    users.request_verify_by_email(&email, Some(&parts)).await?;
    Ok(Null)
}

async fn verify<U: UserModel>(
    State(users): State<Users<U>>,
    body: JsonBody<OnlyToken>,
) -> Result<Shown<U>, VerifyRefusal> {
    let ([token], parts) = body.texts()?;
    let user = users.verify(&token, Some(&parts)).await?;
    Ok(Shown::new(&user, Viewer::Owner))
}
