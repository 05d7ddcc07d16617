//! `/me` for everybody, `/{id}` for superusers

use axum::{
    Router,
    extract::{Path, State, rejection::PathRejection},
    response::{IntoResponse as _, Response, Result},
    routing::MethodFilter,
};
use http::{HeaderMap, StatusCode};

use super::{Methods, Route, shown};
use crate::{
    http::{body::JsonBody, parts::QuietParts},
    manager::{Requirements, UpdateError, Users},
    model::{UserId as _, UserModel, Viewer},
};

type IdInPath = std::result::Result<Path<String>, PathRejection>;

pub(super) fn router<U: UserModel>(requires_verification: bool, left_out: &[Route]) -> Router<Users<U>> {
    let me = Requirements { active: true, verified: requires_verification, superuser: false, backends: None };
    let admin = Requirements { superuser: true, ..me };
    let keep = |route| !left_out.contains(&route);
    let router = Methods::new()
        .on(MethodFilter::GET, "GET", move |s, headers| read_me::<U>(me, s, headers), keep(Route::ReadMe))
        .on(MethodFilter::PATCH, "PATCH", move |s, body| update_me::<U>(me, s, body), keep(Route::UpdateMe))
        // In the original this is no route of its own: it is the administration's, with `me` for an id.
        .on(MethodFilter::DELETE, "DELETE", move |s, parts| delete_by_text::<U>(admin, s, "me", parts), keep(Route::DeleteUser))
        .mount(Router::new(), "/me");
    Methods::new()
        .on(MethodFilter::GET, "GET", move |s, id, headers| read_user::<U>(admin, s, id, headers), keep(Route::ReadUser))
        .on(MethodFilter::PATCH, "PATCH", move |s, id, body| update_user::<U>(admin, s, id, body), keep(Route::UpdateUser))
        .on(MethodFilter::DELETE, "DELETE", move |s, id, parts| delete_user::<U>(admin, s, id, parts), keep(Route::DeleteUser))
        .mount(router, "/{id}")
}

async fn read_me<U: UserModel>(guard: Requirements, State(users): State<Users<U>>, headers: HeaderMap) -> Result<Response> {
    let found = users.current(&headers, guard).await?;
    Ok(shown(&found.user, Viewer::Owner, StatusCode::OK)?)
}

async fn update_me<U: UserModel>(guard: Requirements, State(users): State<Users<U>>, body: JsonBody) -> Result<Response> {
    let found = users.current(&body.parts.headers, guard).await?;
    let update = body.model::<U::Update>(Viewer::Owner)?;
    let user = users.update(&found.user, update, Some(&found.session), Some(&body.parts)).await?;
    Ok(shown(&user, Viewer::Owner, StatusCode::OK)?)
}

async fn read_user<U: UserModel>(
    guard: Requirements,
    State(users): State<Users<U>>,
    id: IdInPath,
    headers: HeaderMap,
) -> Result<Response> {
    users.current(&headers, guard).await?;
    let user = find_or_404(&users, id_text(&id)).await?;
    Ok(shown(&user, Viewer::Admin, StatusCode::OK)?)
}

async fn update_user<U: UserModel>(
    guard: Requirements,
    State(users): State<Users<U>>,
    id: IdInPath,
    body: JsonBody,
) -> Result<Response> {
    let admin = users.current(&body.parts.headers, guard).await?;
    let user = find_or_404(&users, id_text(&id)).await?;
    let update = body.model::<U::Update>(Viewer::Admin)?;
    let user = users.update(&user, update, Some(&admin.session), Some(&body.parts)).await?;
    Ok(shown(&user, Viewer::Admin, StatusCode::OK)?)
}

async fn delete_user<U: UserModel>(
    guard: Requirements,
    users: State<Users<U>>,
    id: IdInPath,
    parts: QuietParts,
) -> Result<Response> {
    delete_by_text(guard, users, id_text(&id), parts).await
}

async fn delete_by_text<U: UserModel>(
    guard: Requirements,
    State(users): State<Users<U>>,
    id: &str,
    QuietParts(parts): QuietParts,
) -> Result<Response> {
    users.current(&parts.headers, guard).await?;
    let user = find_or_404(&users, id).await?;
    users.delete(&user, Some(&parts)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The id in the path; text that is no UTF-8 is nobody's id.
fn id_text(id: &IdInPath) -> &str {
    id.as_ref().map_or("", |Path(id)| id.as_str())
}

async fn find_or_404<U: UserModel>(users: &Users<U>, id: &str) -> std::result::Result<U, UpdateError> {
    let id = U::Id::parse(id).ok_or(UpdateError::NotFound)?;
    users.find(&id).await?.ok_or(UpdateError::NotFound)
}
