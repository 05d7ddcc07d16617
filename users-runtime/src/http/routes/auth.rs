//! `POST /login` and `POST /logout` of a backend

use axum::{
    Router,
    extract::State,
    response::{Response, Result},
};
use http::StatusCode;

use super::{Route, post};
use crate::{
    backend::Backend,
    error::Error,
    http::{body::FormBody, parts::QuietParts, respond},
    manager::{Authenticated, Requirements, Users},
    model::UserModel,
};

pub(super) fn router<U: UserModel>(backend: &Backend<U>, requires_verification: bool, left_out: &[Route]) -> Router<Users<U>> {
    let (for_login, for_logout) = (backend.clone(), backend.clone());
    let login = move |users, body| login::<U>(for_login.clone(), requires_verification, users, body);
    let guard = Requirements { active: true, verified: requires_verification, superuser: false, backends: None };
    let logout = move |users, parts| logout::<U>(for_logout.clone(), guard, users, parts);
    let router = post(Router::new(), "/login", login, Route::Login, left_out);
    post(router, "/logout", logout, Route::Logout, left_out)
}

async fn login<U: UserModel>(
    backend: Backend<U>,
    requires_verification: bool,
    State(users): State<Users<U>>,
    body: FormBody,
) -> Result<Response> {
    let FormBody { parts, form } = body;
    let user = users.authenticate(&form.username, form.password).await?;
    let Some(user) = user.filter(|user| user.account().is_active) else {
        return Err(respond::detail(StatusCode::BAD_REQUEST, "LOGIN_BAD_CREDENTIALS").into());
    };
    if requires_verification && !user.account().is_verified {
        return Err(respond::detail(StatusCode::BAD_REQUEST, "LOGIN_USER_NOT_VERIFIED").into());
    }
    let token = backend.strategy().write(&user).await?;
    let mut response = respond::no_store(backend.transport().login_response(&token));
    tracing::info!(user.id = %user.account().id, backend = backend.name(), "logged in");
    users.hooks().on_after_login(&user, Some(&parts), &mut response).await.map_err(Error::Hook)?;
    Ok(response)
}

async fn logout<U: UserModel>(
    backend: Backend<U>,
    guard: Requirements,
    State(users): State<Users<U>>,
    QuietParts(parts): QuietParts,
) -> Result<Response> {
    let mut ended = users.current(&parts.headers, guard).await?;
    if users.options().logout_presented_session
        && ended.session.backend != backend.name()
        && let Some(presented) = users.present(&parts.headers, &backend).await?
    {
        ended = presented;
    }
    let Authenticated { user, session } = ended;
    backend.strategy().destroy(&session.token, &user).await?;
    tracing::info!(user.id = %user.account().id, backend = backend.name(), "logged out");
    Ok(backend.transport().logout_response())
}
