//! `DELETE /{id}/limits` for superusers

use axum::extract::State;

use crate::{
    error::Error,
    features::administration::routes::{IdInPath, Missing, find_or_404},
    model::UserModel,
    users::{Refused, Requirements, Users},
    web::{answers::NoContent, group::Group, parts::QuietParts, refusals::refusals, route::Route},
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
        .delete("/{id}/limits", move |users, id, parts| {
            forget::<U>(admin, users, id, parts)
        })
        .named(
            Some(Route::Limits),
            "users:forget_limits",
            "Forget a user's failed logins",
            Some(admin),
        )
}

refusals! {
    /// Why no limits are forgotten.
    enum ForgetRefusal {
        | Guard(Refused),
        | Missing(Missing),
        | Failed(Error),
    }
}

async fn forget<U: UserModel>(
    guard: Requirements,
    State(users): State<Users<U>>,
    id: IdInPath<U>,
    QuietParts(parts): QuietParts,
) -> Result<NoContent, ForgetRefusal> {
    let admin = users.current(&parts, guard).await?;
    let user = find_or_404(&users, &id.text).await?;
    users
        .acting(&admin.session, &parts)
        .run(users.forget_limits(&user))
        .await?;
    Ok(NoContent)
}
