//! `POST /register`

use axum::extract::State;

use crate::{
    error::Error,
    features::limits::Limited,
    model::{UserModel, Viewer},
    users::{RegisterError, Users},
    web::{
        answers::Shown,
        body::CreateBody,
        group::Group,
        refusals::{TooManyAttempts, Unprocessable, refusals},
        route::Route,
    },
};

pub(crate) fn group<U: UserModel>() -> Group<U> {
    Group::new().post("/register", register::<U>).named(
        Some(Route::Register),
        "register:register",
        "Register a user",
        None,
    )
}

refusals! {
    /// Why a user is not registered.
    enum RegisterRefusal {
        | Fields(Unprocessable),
        | Limited(TooManyAttempts),
        | Manager(RegisterError),
        | Failed(Error),
    }
}

async fn register<U: UserModel>(
    State(users): State<Users<U>>,
    body: CreateBody<U>,
) -> Result<Shown<U, 201>, RegisterRefusal> {
    let (create, parts) = body.model(Viewer::Owner)?;
    users.count_client(Limited::Register, &parts).await?;
    let user = users.create(create, Some(&parts)).await?;
    Ok(Shown::new(&user, Viewer::Owner))
}
