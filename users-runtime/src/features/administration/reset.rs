//! `POST /{id}/forgot-password` for superusers

use axum::extract::State;

use super::routes::{IdInPath, Missing, find_or_404};
use crate::{
    error::Error,
    model::UserModel,
    users::{Refused, Requirements, Users},
    web::{answers::Null, group::Group, parts::QuietParts, refusals::refusals, route::Route},
};

/// Adds the route to those of users, with which it stands under one prefix.
pub(crate) fn add_to<U: UserModel>(group: Group<U>, requires_verification: bool) -> Group<U> {
    let admin = Requirements {
        active: true,
        verified: requires_verification,
        superuser: true,
        backends: None,
    };
    group
        .post("/{id}/forgot-password", move |users, id, parts| {
            start_reset::<U>(admin, users, id, parts)
        })
        .named(
            Some(Route::ResetForUser),
            "users:forgot_password",
            "Send a user a token to reset the password",
            Some(admin),
        )
}

refusals! {
    /// Why no reset is begun.
    enum ResetRefusal {
        | Guard(Refused),
        | Missing(Missing),
        | Failed(Error),
    }
}

async fn start_reset<U: UserModel>(
    guard: Requirements,
    State(users): State<Users<U>>,
    id: IdInPath<U>,
    QuietParts(parts): QuietParts,
) -> Result<Null<202>, ResetRefusal> {
    users.current(&parts, guard).await?;
    let user = find_or_404(&users, &id.text).await?;
    users.forgot_password(&user, Some(&parts)).await?;
    Ok(Null)
}
