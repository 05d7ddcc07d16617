//! `/{id}` for superusers

use std::{convert::Infallible, marker::PhantomData};

use axum::{
    RequestPartsExt as _,
    extract::{FromRequestParts, Path, State},
};
use http::request::Parts;

#[cfg(feature = "openapi")]
use crate::openapi::Page;
use crate::{
    error::Error,
    model::UserModel,
    users::{DeleteError, Refused, Requirements, UpdateError, Users, fields::Fields},
    value::{UserId as _, Viewer},
    web::{
        answers::{NoContent, Shown},
        body::UpdateBody,
        documented::Documented,
        group::Group,
        parts::QuietParts,
        refusals::{Unprocessable, refusals},
        route::Route,
    },
};

/// Adds the administration's routes to those of the current user, since they share a prefix.
pub(crate) fn add_to<U: UserModel>(group: Group<U>, requires_verification: bool) -> Group<U> {
    let admin = Requirements::superuser(requires_verification);
    group
        // In the original this is no route of its own: it is the administration's, with `me` for an id.
        .delete("/me", move |users, parts| {
            delete_by_text::<U>(admin, users, "me", parts)
        })
        .part_of(Route::DeleteUser)
        .get("/{id}", move |users, id, parts| {
            read_user::<U>(admin, users, id, parts)
        })
        .named(
            Some(Route::ReadUser),
            "users:user",
            "Show a user",
            Some(admin),
        )
        .patch("/{id}", move |users, id, body| {
            update_user::<U>(admin, users, id, body)
        })
        .named(
            Some(Route::UpdateUser),
            "users:patch_user",
            "Change a user",
            Some(admin),
        )
        .delete("/{id}", move |users, id, parts| {
            delete_user::<U>(admin, users, id, parts)
        })
        .named(
            Some(Route::DeleteUser),
            "users:delete_user",
            "Delete a user",
            Some(admin),
        )
}

/// The id in the path. Text that is not UTF-8 matches no user.
pub(crate) struct IdInPath<U> {
    pub(crate) text: String,
    user: PhantomData<fn() -> U>,
}

impl<U, S: Send + Sync> FromRequestParts<S> for IdInPath<U> {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let text = parts
            .extract::<Path<String>>()
            .await
            .map_or_else(|_| String::new(), |Path(id)| id);
        Ok(Self {
            text,
            user: PhantomData,
        })
    }
}

impl<U: UserModel> Documented for IdInPath<U> {
    #[cfg(feature = "openapi")]
    fn document(page: &mut Page<'_>) {
        page.in_path(
            "id",
            "The user's primary key.",
            <U::Id as crate::value::Field>::json_schema(),
        );
    }
}

refusals! {
    /// Why a user is not found.
    pub(crate) enum Missing {
        NotFound = NOT_FOUND,
        | Failed(Error),
    }
}

refusals! {
    /// Why a user does not change.
    enum UpdateRefusal {
        | Guard(Refused),
        | Missing(Missing),
        | Fields(Unprocessable),
        | Manager(UpdateError),
        | Failed(Error),
    }
}

refusals! {
    /// Why nothing is done with a user: the current one may not, or there is no such user.
    pub(crate) enum UserRefusal {
        | Guard(Refused),
        | Missing(Missing),
        | Failed(Error),
    }
}

refusals! {
    /// Why a user is not deleted.
    enum DeleteRefusal {
        | Guard(Refused),
        | Missing(Missing),
        | Manager(DeleteError),
    }
}

async fn read_user<U: UserModel>(
    guard: Requirements,
    State(users): State<Users<U>>,
    id: IdInPath<U>,
    QuietParts(parts): QuietParts,
) -> Result<Shown<U>, UserRefusal> {
    users.current(&parts, guard).await?;
    let user = find_or_404(&users, &id.text).await?;
    Ok(Shown::new(&users, &user, Viewer::Admin).await?)
}

async fn update_user<U: UserModel>(
    guard: Requirements,
    State(users): State<Users<U>>,
    id: IdInPath<U>,
    body: UpdateBody<U>,
) -> Result<Shown<U>, UpdateRefusal> {
    let admin = users.current(&body.parts, guard).await?;
    let user = find_or_404(&users, &id.text).await?;
    let (update, parts) = body.model(Viewer::Admin)?;
    if !users.options().superusers_set_passwords && Fields::of(&update).password.is_some() {
        return Err(UpdateRefusal::Manager(UpdateError::Forbidden));
    }
    let user = users
        .update(&user, update, Some(&admin.session), Some(&parts))
        .await?;
    Ok(Shown::new(&users, &user, Viewer::Admin).await?)
}

async fn delete_user<U: UserModel>(
    guard: Requirements,
    users: State<Users<U>>,
    id: IdInPath<U>,
    parts: QuietParts,
) -> Result<NoContent, DeleteRefusal> {
    delete_by_text(guard, users, &id.text, parts).await
}

async fn delete_by_text<U: UserModel>(
    guard: Requirements,
    State(users): State<Users<U>>,
    id: &str,
    QuietParts(parts): QuietParts,
) -> Result<NoContent, DeleteRefusal> {
    let admin = users.current(&parts, guard).await?;
    let user = find_or_404(&users, id).await?;
    users
        .acting(&admin.session, &parts)
        .run(users.delete(&user, Some(&parts)))
        .await?;
    Ok(NoContent)
}

pub(crate) async fn find_or_404<U: UserModel>(users: &Users<U>, id: &str) -> Result<U, Missing> {
    let id = U::Id::parse(id).ok_or(Missing::NotFound)?;
    users.find(&id).await?.ok_or(Missing::NotFound)
}
