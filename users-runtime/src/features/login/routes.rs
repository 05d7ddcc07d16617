//! `POST /login` and `POST /logout` of a backend

use axum::extract::State;
use http::HeaderMap;

#[cfg(feature = "openapi")]
use crate::openapi::Context;
use crate::{
    error::Error,
    features::login::{NotIssued, Proof},
    model::UserModel,
    session::Backend,
    users::{Authenticated, Refused, Requirements, Users},
    web::{
        answers::{LoggedIn, LoggedOut},
        body::FormBody,
        clearing::Clearing,
        group::Group,
        parts::QuietParts,
        refusals::refusals,
        route::Route,
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
    let logout = move |users, parts| logout::<U>(for_logout.clone(), guard, users, parts);
    let group = Group::new()
        .post("/login", login)
        .named(
            Some(Route::Login),
            &format!("auth:{name}.login"),
            &format!("Log in ({name})"),
            None,
        )
        .post("/logout", logout)
        .named(
            Some(Route::Logout),
            &format!("auth:{name}.logout"),
            &format!("Log out ({name})"),
            Some(guard),
        );
    #[cfg(feature = "openapi")]
    let group = group.within(Context::of_backend(backend).for_verified(requires_verification));
    group
}

refusals! {
    /// Why nobody is logged in.
    enum LoginRefusal {
        BadCredentials = LOGIN_BAD_CREDENTIALS,
        NotVerified = LOGIN_USER_NOT_VERIFIED,
        | Failed(Error),
    }
}

impl From<NotIssued> for LoginRefusal {
    fn from(refused: NotIssued) -> Self {
        match refused {
            NotIssued::BadCredentials => Self::BadCredentials,
            NotIssued::NotVerified => Self::NotVerified,
        }
    }
}

refusals! {
    /// Why nobody is logged out.
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
) -> Result<LoggedIn, LoginRefusal> {
    let FormBody { parts, form } = body;
    let password = form.password;
    let user = users
        .authenticate(&form.username, password.clone())
        .await?
        .ok_or(LoginRefusal::BadCredentials)?;
    let proof = Proof::Password(&password);
    let (user, token) = users
        .issue(&backend, user, &proof, requires_verification)
        .await??;
    let mut answer = LoggedIn::new(backend.transport(), &token);
    tracing::info!(user.id = %user.account().id, backend = backend.name(), "logged in");
    users
        .hooks()
        .on_after_login(&user, Some(&parts), &mut answer.0)
        .await
        .map_err(Error::Hook)?;
    Ok(answer)
}

async fn logout<U: UserModel>(
    backend: Backend<U>,
    guard: Requirements,
    State(users): State<Users<U>>,
    QuietParts(parts): QuietParts,
) -> Result<LoggedOut, Clearing<LogoutRefusal>> {
    match end_session(&backend, guard, &users, &parts.headers).await {
        Ok(()) => Ok(LoggedOut::new(backend.transport())),
        // An expired cookie would otherwise stay in the browser, and the page could not tell whether it is logged out.
        Err(refusal @ LogoutRefusal::Guard(Refused::Unauthorized))
            if users.options().logout_presented_session
                && backend.transport().read(&parts.headers).is_some() =>
        {
            Err(Clearing::cookies_of(backend.transport(), refusal))
        }
        Err(refusal) => Err(Clearing::nothing(refusal)),
    }
}

/// Ends the session that the request presents.
async fn end_session<U: UserModel>(
    backend: &Backend<U>,
    guard: Requirements,
    users: &Users<U>,
    headers: &HeaderMap,
) -> Result<(), LogoutRefusal> {
    let mut ended = users.current(headers, guard).await?;
    if users.options().logout_presented_session
        && ended.session.backend != backend.name()
        && let Some(presented) = users.present(headers, backend).await?
    {
        ended = presented;
    }
    let Authenticated { user, session } = ended;
    backend.strategy().destroy(&session.token, &user).await?;
    tracing::info!(user.id = %user.account().id, backend = backend.name(), "logged out");
    Ok(())
}
