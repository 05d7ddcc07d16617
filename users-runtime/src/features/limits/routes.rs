//! `DELETE /{id}/limits` for superusers

use axum::extract::State;

use crate::{
    features::administration::routes::{IdInPath, UserRefusal, find_or_404},
    model::UserModel,
    users::{Requirements, Users},
    web::{answers::NoContent, group::Group, parts::QuietParts, route::Route},
};

/// Adds the route to those of users, with which it stands under one prefix.
pub(crate) fn add_to<U: UserModel>(group: Group<U>, requires_verification: bool) -> Group<U> {
    let admin = Requirements::superuser(requires_verification);
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

async fn forget<U: UserModel>(
    guard: Requirements,
    State(users): State<Users<U>>,
    id: IdInPath<U>,
    QuietParts(parts): QuietParts,
) -> Result<NoContent, UserRefusal> {
    let admin = users.current(&parts, guard).await?;
    let user = find_or_404(&users, &id.text).await?;
    users
        .acting(&admin.session, &parts)
        .run(users.forget_limits(&user))
        .await?;
    Ok(NoContent)
}
