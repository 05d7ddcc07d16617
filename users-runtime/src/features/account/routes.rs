//! `/me` for all users

use axum::extract::State;

use crate::{
    error::Error,
    model::UserModel,
    users::{Refused, Requirements, UpdateError, Users},
    value::Viewer,
    web::{
        answers::Shown,
        body::UpdateBody,
        group::Group,
        parts::QuietParts,
        refusals::{Unprocessable, refusals},
        route::Route,
    },
};

pub(crate) fn group<U: UserModel>(requires_verification: bool) -> Group<U> {
    let me = Requirements::active(requires_verification);
    Group::new()
        .get("/me", move |users, parts| read_me::<U>(me, users, parts))
        .named(
            Some(Route::ReadMe),
            "users:current_user",
            "Show the current user",
            Some(me),
        )
        .patch("/me", move |users, body| update_me::<U>(me, users, body))
        .named(
            Some(Route::UpdateMe),
            "users:patch_current_user",
            "Change the current user",
            Some(me),
        )
}

refusals! {
    /// Why a user is not shown to themselves.
    enum MeRefusal {
        | Guard(Refused),
        | Failed(Error),
    }
}

refusals! {
    /// Why a user does not change themselves.
    enum UpdateMeRefusal {
        | Guard(Refused),
        | Fields(Unprocessable),
        | Manager(UpdateError),
        | Failed(Error),
    }
}

async fn read_me<U: UserModel>(
    guard: Requirements,
    State(users): State<Users<U>>,
    QuietParts(parts): QuietParts,
) -> Result<Shown<U>, MeRefusal> {
    let found = users.current(&parts, guard).await?;
    Ok(Shown::new(&users, &found.user, Viewer::Owner).await?)
}

async fn update_me<U: UserModel>(
    guard: Requirements,
    State(users): State<Users<U>>,
    body: UpdateBody<U>,
) -> Result<Shown<U>, UpdateMeRefusal> {
    let found = users.current(&body.parts, guard).await?;
    let (update, parts) = body.model(Viewer::Owner)?;
    let user = users
        .update(&found.user, update, Some(&found.session), Some(&parts))
        .await?;
    Ok(Shown::new(&users, &user, Viewer::Owner).await?)
}
