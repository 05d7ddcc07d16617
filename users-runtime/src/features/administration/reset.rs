//! `POST /{id}/forgot-password` for superusers

use axum::extract::State;

use super::routes::{IdInPath, UserRefusal, find_or_404};
use crate::{
    model::UserModel,
    users::{Requirements, Users},
    web::{answers::Null, group::Group, parts::QuietParts, route::Route},
};

/// Adds the route to those of users, with which it stands under one prefix.
pub(crate) fn add_to<U: UserModel>(group: Group<U>, requires_verification: bool) -> Group<U> {
    let admin = Requirements::superuser(requires_verification);
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

async fn start_reset<U: UserModel>(
    guard: Requirements,
    State(users): State<Users<U>>,
    id: IdInPath<U>,
    QuietParts(parts): QuietParts,
) -> Result<Null<202>, UserRefusal> {
    let admin = users.current(&parts, guard).await?;
    let user = find_or_404(&users, &id.text).await?;
    users
        .acting(&admin.session, &parts)
        .run(users.forgot_password(&user, Some(&parts)))
        .await?;
    Ok(Null)
}
