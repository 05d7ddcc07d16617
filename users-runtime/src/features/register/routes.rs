//! `POST /register`

use axum::extract::State;

use super::uniform::UniformRegisterError;
use crate::{
    error::Error,
    features::limits::Limited,
    model::UserModel,
    users::{RegisterError, RegisteredBy, Users},
    value::Viewer,
    web::{
        answers::{Null, Shown},
        body::CreateBody,
        group::Group,
        refusals::{TooManyAttempts, Unprocessable, refusals},
        route::Route,
    },
};

/// The route; `uniform` says whether it hides which addresses are taken.
pub(crate) fn group<U: UserModel>(uniform: bool) -> Group<U> {
    let group = Group::new();
    let group = if uniform {
        group.post("/register", register_uniformly::<U>)
    } else {
        group.post("/register", register::<U>)
    };
    group.named(
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

refusals! {
    /// Why no registration begins.
    enum UniformRefusal {
        | Fields(Unprocessable),
        | Limited(TooManyAttempts),
        | Manager(UniformRegisterError),
    }
}

async fn register<U: UserModel>(
    State(users): State<Users<U>>,
    body: CreateBody<U>,
) -> Result<Shown<U, 201>, RegisterRefusal> {
    let (create, transient, parts) = body.model_and_others(Viewer::Owner)?;
    users.count_client(Limited::Register, &parts).await?;
    let user = users
        .register(create, RegisteredBy::Form, transient, Some(&parts))
        .await?;
    Ok(Shown::new(&users, &user, Viewer::Owner).await?)
}

async fn register_uniformly<U: UserModel>(
    State(users): State<Users<U>>,
    body: CreateBody<U>,
) -> Result<Null<202>, UniformRefusal> {
    let (create, transient, parts) = body.model_and_others(Viewer::Owner)?;
    users.count_client(Limited::Register, &parts).await?;
    users.register_uniformly(create, transient, &parts).await?;
    Ok(Null)
}
