//! `POST /refresh` of a backend with refresh tokens

use axum::extract::State;
use http::request::Parts;

use super::body::RefreshBody;
use crate::{
    error::Error,
    model::UserModel,
    session::Backend,
    users::Users,
    web::{
        answers::LoggedIn,
        clearing::Clearing,
        group::Group,
        mounted,
        parts::QuietParts,
        refusals::{Unprocessable, refusals},
        route::Route,
    },
};

/// Adds the route to those of a backend.
pub(crate) fn add_to<U: UserModel>(group: Group<U>, backend: &Backend<U>) -> Group<U> {
    if backend.strategy().refresh_tokens().is_none() {
        return group;
    }
    let (own, name) = (backend.clone(), backend.name());
    let group = if backend.transport().carries_refresh() {
        group.post("/refresh", move |users, parts| {
            refresh_by_cookie::<U>(own.clone(), users, parts)
        })
    } else {
        group.post("/refresh", move |users, body| {
            refresh_by_body::<U>(own.clone(), users, body)
        })
    };
    group
        .named(
            Some(Route::Refresh),
            &format!("auth:{name}.refresh"),
            &format!("Get new tokens ({name})"),
            None,
        )
        .of_backend(backend)
}

refusals! {
    /// Why a refresh gives no tokens.
    enum RefreshRefusal {
        BadToken = REFRESH_BAD_TOKEN,
        | Failed(Error),
    }
}

refusals! {
    /// Why a refresh by a body gives no tokens.
    enum BodyRefusal {
        | Fields(Unprocessable),
        | Refresh(RefreshRefusal),
    }
}

async fn refresh_by_body<U: UserModel>(
    backend: Backend<U>,
    State(_): State<Users<U>>,
    body: RefreshBody,
) -> Result<LoggedIn, BodyRefusal> {
    let ([token], parts) = body.texts()?;
    Ok(refresh(&backend, &parts, Some(&token)).await?)
}

async fn refresh_by_cookie<U: UserModel>(
    backend: Backend<U>,
    State(_): State<Users<U>>,
    QuietParts(parts): QuietParts,
) -> Result<LoggedIn, Clearing<RefreshRefusal>> {
    let token = backend.transport().read_refresh(&parts.headers);
    match refresh(&backend, &parts, token.as_deref()).await {
        Ok(answer) => Ok(answer),
        Err(refusal @ RefreshRefusal::BadToken) => {
            let path = mounted::under(&parts, "/refresh");
            let transport = backend.transport();
            Err(Clearing::cookies_of(transport, Some(&path), refusal))
        }
        Err(refusal) => Err(Clearing::nothing(refusal)),
    }
}

async fn refresh<U: UserModel>(
    backend: &Backend<U>,
    parts: &Parts,
    token: Option<&str>,
) -> Result<LoggedIn, RefreshRefusal> {
    let tokens = backend.strategy().refresh_tokens();
    let (Some(tokens), Some(token)) = (tokens, token) else {
        return Err(RefreshRefusal::BadToken);
    };
    let (user, issued) = tokens
        .refresh(token)
        .await?
        .ok_or(RefreshRefusal::BadToken)?;
    tracing::info!(user.id = %user.account().id, backend = backend.name(), "refreshed");
    let path = mounted::under(parts, "/refresh");
    Ok(LoggedIn::new(backend.transport(), &issued, &path))
}
