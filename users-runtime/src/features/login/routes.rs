//! `POST /login` and `POST /logout` of a backend

use axum::extract::State;
use http::{HeaderMap, request::Parts};

#[cfg(feature = "openapi")]
use crate::openapi::Context;
use crate::{
    error::Error,
    features::{
        events::{acting::Acting, event::EventKind},
        login::{LoggedIn, LoginAttempt, LoginError},
        refresh::body::MaybeRefreshToken,
    },
    model::UserModel,
    schema::login::LoginForm,
    session::{Backend, strategy::LoggedOutSession},
    users::{Authenticated, Refused, Requirements, Users},
    web::{
        answers::LoggedOut, body::FormBody, clearing::Clearing, group::Group, mounted,
        parts::QuietParts, refusals::refusals, route::Route,
    },
};

pub(crate) fn group<U: UserModel>(backend: &Backend<U>, requires_verification: bool) -> Group<U> {
    let (for_login, for_logout, name) = (backend.clone(), backend.clone(), backend.name());
    let login =
        move |users, body| login::<U>(for_login.clone(), requires_verification, users, body);
    let guard = Requirements {
        active: true,
        verified: requires_verification,
        superuser: false,
        backends: None,
    };
    let group = Group::new().post("/login", login).named(
        Some(Route::Login),
        &format!("auth:{name}.login"),
        &format!("Log in ({name})"),
        None,
    );
    let group = group.of_backend(backend);
    let group = if backend.strategy().refresh_tokens().is_some() {
        group.post("/logout", move |users, request| {
            logout_with_refresh::<U>(for_logout.clone(), guard, users, request)
        })
    } else {
        group.post("/logout", move |users, parts| {
            logout::<U>(for_logout.clone(), guard, users, parts)
        })
    };
    let group = group.named(
        Some(Route::Logout),
        &format!("auth:{name}.logout"),
        &format!("Log out ({name})"),
        Some(guard),
    );
    let group = group.of_backend(backend);
    #[cfg(feature = "openapi")]
    let group = group.within(Context::of_backend(backend).for_verified(requires_verification));
    group
}

refusals! {
    /// Why a logout is refused.
    enum LogoutRefusal {
        | Guard(Refused),
        | Failed(Error),
    }
}

async fn login<U: UserModel>(
    backend: Backend<U>,
    requires_verification: bool,
    State(users): State<Users<U>>,
    body: FormBody,
) -> Result<LoggedIn<U>, LoginError> {
    let FormBody { parts, form } = body;
    let LoginForm {
        username,
        password,
        remember_me,
    } = form;
    let found = users.find_by_username(&username).await?;
    let attempt = LoginAttempt::password(username, found, password)
        .remember_me(remember_me)
        .requires_verification(requires_verification)
        .backend_path(mounted::under(&parts, "/login"));
    users.complete_login(&backend, attempt, &parts).await
}

async fn logout<U: UserModel>(
    backend: Backend<U>,
    guard: Requirements,
    State(users): State<Users<U>>,
    QuietParts(parts): QuietParts,
) -> Result<LoggedOut, Clearing<LogoutRefusal>> {
    let (transport, path) = (backend.transport(), None);
    match end_session(&backend, guard, &users, &parts).await {
        Ok(()) => Ok(LoggedOut::new(transport, path)),
        Err(refusal) => Err(clearing(&backend, &users, &parts.headers, path, refusal)),
    }
}

/// The logout of a backend with refresh tokens, one of which ends the session as well as its access token does.
async fn logout_with_refresh<U: UserModel>(
    backend: Backend<U>,
    guard: Requirements,
    State(users): State<Users<U>>,
    request: MaybeRefreshToken,
) -> Result<LoggedOut, Clearing<LogoutRefusal>> {
    let MaybeRefreshToken { parts, token } = request;
    let (transport, path) = (backend.transport(), mounted::under(&parts, "/logout"));
    let by_refresh_token = end_refreshed(&backend, &users, &parts, token).await;
    match end_session(&backend, guard, &users, &parts).await {
        Ok(()) => Ok(LoggedOut::new(transport, Some(&path))),
        // The access token has expired, or ended with the session.
        Err(LogoutRefusal::Guard(Refused::Unauthorized))
            if matches!(by_refresh_token, Ok(true)) =>
        {
            Ok(LoggedOut::new(transport, Some(&path)))
        }
        Err(refusal) => {
            let refusal = by_refresh_token
                .err()
                .map_or(refusal, LogoutRefusal::Failed);
            Err(clearing(
                &backend,
                &users,
                &parts.headers,
                Some(&path),
                refusal,
            ))
        }
    }
}

/// Ends the session of the refresh token that a logout brings, in its body or in a cookie.
async fn end_refreshed<U: UserModel>(
    backend: &Backend<U>,
    users: &Users<U>,
    parts: &Parts,
    token: Option<String>,
) -> Result<bool, Error> {
    let token = token.or_else(|| backend.transport().read_refresh(&parts.headers));
    let (Some(tokens), Some(token)) = (backend.strategy().refresh_tokens(), token) else {
        return Ok(false);
    };
    if !users.may_use(tokens, &token).await? {
        return Ok(false);
    }
    match tokens.log_out(&token).await? {
        LoggedOutSession::Ended { user, session } => {
            let kind = EventKind::LoggedOut {
                backend: backend.name(),
            };
            Acting::user(user.account().id, Some(session))
                .run(users.event(kind, Some(&user), Some(parts)))
                .await;
            Ok(true)
        }
        LoggedOutSession::Unnamed => Ok(true),
        LoggedOutSession::None => Ok(false),
    }
}

/// A refusal that drops the browser's cookies where these are worthless: an expired one would otherwise stay, and the page could not
/// know whether it is logged out.
fn clearing<U: UserModel>(
    backend: &Backend<U>,
    users: &Users<U>,
    headers: &HeaderMap,
    path: Option<&str>,
    refusal: LogoutRefusal,
) -> Clearing<LogoutRefusal> {
    let transport = backend.transport();
    let is_worthless = matches!(refusal, LogoutRefusal::Guard(Refused::Unauthorized))
        && (transport.read(headers).is_some() || transport.read_refresh(headers).is_some());
    if is_worthless && users.options().logout_presented_session {
        Clearing::cookies_of(transport, path, refusal)
    } else {
        Clearing::nothing(refusal)
    }
}

/// Ends the session that the request presents.
async fn end_session<U: UserModel>(
    backend: &Backend<U>,
    guard: Requirements,
    users: &Users<U>,
    parts: &Parts,
) -> Result<(), LogoutRefusal> {
    let mut ended = users.current(parts, guard).await?;
    if users.options().logout_presented_session
        && ended.session.backend != backend.name()
        && let Some(presented) = users.present(parts, backend).await?
    {
        ended = presented;
    }
    let Authenticated { user, session } = ended;
    backend.strategy().destroy(&session.token, &user).await?;
    let kind = EventKind::LoggedOut {
        backend: backend.name(),
    };
    let acting = users.acting(&session, parts);
    acting
        .run(users.event(kind, Some(&user), Some(parts)))
        .await;
    Ok(())
}
