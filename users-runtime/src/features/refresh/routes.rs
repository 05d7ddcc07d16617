//! `POST /refresh` of a backend with refresh tokens

use axum::extract::State;
use http::request::Parts;

use super::body::RefreshBody;
use crate::{
    error::Error,
    features::events::{acting::Acting, event::EventKind},
    model::UserModel,
    session::{Backend, strategy::Refresh},
    users::Users,
    web::{
        answers::TokenAnswer,
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
    State(users): State<Users<U>>,
    body: RefreshBody,
) -> Result<TokenAnswer, BodyRefusal> {
    let ([token], parts) = body.texts()?;
    Ok(refresh(&users, &backend, &parts, Some(&token)).await?)
}

async fn refresh_by_cookie<U: UserModel>(
    backend: Backend<U>,
    State(users): State<Users<U>>,
    QuietParts(parts): QuietParts,
) -> Result<TokenAnswer, Clearing<RefreshRefusal>> {
    let token = backend.transport().read_refresh(&parts.headers);
    match refresh(&users, &backend, &parts, token.as_deref()).await {
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
    users: &Users<U>,
    backend: &Backend<U>,
    parts: &Parts,
    token: Option<&str>,
) -> Result<TokenAnswer, RefreshRefusal> {
    let tokens = backend.strategy().refresh_tokens();
    let (Some(tokens), Some(token)) = (tokens, token) else {
        return Err(RefreshRefusal::BadToken);
    };
    if !users.may_use(tokens, token).await? {
        return Err(RefreshRefusal::BadToken);
    }
    let (user, issued) = match tokens.exchange(token).await? {
        Refresh::Issued(issued) => *issued,
        Refresh::Replayed(issued) => {
            let (user, issued) = *issued;
            let kind = EventKind::RefreshTokenReplayed {
                backend: backend.name(),
            };
            Acting::client(issued.session.clone())
                .run(users.event(kind, Some(&user), Some(parts)))
                .await;
            (user, issued)
        }
        Refresh::Reused { user, session } => {
            let kind = EventKind::RefreshTokenReused {
                backend: backend.name(),
                ended: &session,
            };
            Acting::client(Some(session.clone()))
                .run(users.event(kind, Some(&user), Some(parts)))
                .await;
            return Err(RefreshRefusal::BadToken);
        }
        Refresh::Invalid => return Err(RefreshRefusal::BadToken),
    };
    if !users.has(&user) {
        return Err(RefreshRefusal::BadToken);
    }
    tracing::info!(user.id = %user.account().id, backend = backend.name(), "refreshed");
    let path = mounted::under(parts, "/refresh");
    Ok(TokenAnswer::new(backend.transport(), &issued, &path))
}
