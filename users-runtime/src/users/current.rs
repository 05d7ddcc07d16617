//! The user to whom a request's credentials belong.

use http::request::Parts;

use super::Users;
use crate::{
    error::Error,
    model::UserModel,
    password::CredentialsStamp,
    session::{Backend, Owner, SessionInfo},
};

/// What a guard requires of the current user.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Requirements {
    /// The user is active; otherwise 401.
    pub active: bool,
    /// The user's address is verified; otherwise 403.
    pub verified: bool,
    /// The user is a superuser; otherwise 403.
    pub superuser: bool,
    /// The names of the backends whose credentials are accepted; `None` for all.
    pub backends: Option<&'static [&'static str]>,
}

impl Requirements {
    /// Of routes about the current user.
    pub(crate) const fn active(verified: bool) -> Self {
        Self {
            active: true,
            verified,
            superuser: false,
            backends: None,
        }
    }

    /// Of routes about other users.
    pub(crate) const fn superuser(verified: bool) -> Self {
        Self {
            superuser: true,
            ..Self::active(verified)
        }
    }
}

/// The session that a request presented.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Session {
    /// The name of the backend that accepted the token.
    pub backend: String,
    /// The token itself.
    pub token: String,
    /// What is kept of the session; `None` for a backend that keeps none.
    pub kept: Option<SessionInfo>,
    /// The id of the user, as text.
    pub(crate) user: String,
    /// What the guard asked of the user, which must still hold when the request takes effect.
    pub(crate) requirements: Requirements,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("backend", &self.backend)
            .field("kept", &self.kept)
            .finish_non_exhaustive()
    }
}

/// A user whom a backend has authenticated by the request's credentials.
#[derive(Clone, Debug)]
pub struct Authenticated<U> {
    /// The user, as stored now.
    pub user: U,
    /// The session.
    pub session: Session,
}

/// The current user of every request that has this extension, whatever its credentials: for tests of handlers, in one line.
///
/// ```
/// use axum::{Extension, Router};
/// use users_runtime::{UserModel, users::ActingUser};
///
/// fn as_user<User: UserModel>(app: Router, user: User) -> Router {
///     app.layer(Extension(ActingUser(user)))
/// }
/// ```
///
/// The user need not be stored. Guards ask of them what they ask of every user: active, verified, a superuser. The session's backend and token
/// are empty, so that changes by this session need a real login.
#[derive(Clone, Debug)]
pub struct ActingUser<U>(pub U);

impl<U: UserModel> ActingUser<U> {
    fn authenticated(&self) -> Authenticated<U> {
        let user = self.0.clone();
        let session = Session {
            backend: String::new(),
            token: String::new(),
            kept: None,
            user: user.account().id.to_string(),
            requirements: Requirements::default(),
        };
        Authenticated { user, session }
    }
}

/// Why a guard did not let a request through.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// No backend accepts the credentials, or the user is inactive: 401.
    #[error("not logged in")]
    Unauthorized,
    /// The user is not allowed: 403.
    #[error("not allowed")]
    Forbidden,
    /// Another site caused the request, and only a cookie authenticates it: 403 `CROSS_SITE_REQUEST`.
    #[error("another site caused the request")]
    CrossSite,
    /// Something failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl<U: UserModel> Users<U> {
    /// The user to whom a request's credentials belong. The backends are tried in order; the first that finds a user is used.
    ///
    /// The cookie of a request that may change something and that another site caused is ignored.
    ///
    /// # Errors
    ///
    /// [`Refused::Unauthorized`] and [`Refused::Forbidden`] according to the requirements, and [`Refused::CrossSite`] if such a
    /// cookie is the only credential.
    pub async fn current(
        &self,
        parts: &Parts,
        requirements: Requirements,
    ) -> Result<Authenticated<U>, Refused> {
        let of_tenant;
        let users = if self.lacks_tenant() {
            of_tenant = self.for_request(parts).await?;
            &of_tenant
        } else {
            self
        };
        users.presented(parts, requirements).await
    }

    /// [`current`](Self::current) among these users.
    async fn presented(
        &self,
        parts: &Parts,
        requirements: Requirements,
    ) -> Result<Authenticated<U>, Refused> {
        if let Some(acting) = parts.extensions.get::<ActingUser<U>>() {
            return if self.has(&acting.0) {
                judge(acting.authenticated(), requirements)
            } else {
                Err(Refused::Unauthorized)
            };
        }
        let mut refused = Refused::Unauthorized;
        for backend in self.backends() {
            if requirements
                .backends
                .is_some_and(|names| !names.contains(&backend.name()))
            {
                continue;
            }
            let transport = backend.transport();
            if transport.is_ambient()
                && transport.read_request(parts).is_some()
                && self.cross_site().refuses(parts, transport)
            {
                refused = Refused::CrossSite;
                continue;
            }
            if let Some(found) = self.present(parts, backend).await? {
                return judge(found, requirements);
            }
        }
        Err(refused)
    }

    /// The user of a session that was presented before, as stored now: what a request asks again that has waited.
    pub(crate) async fn renew(&self, session: &Session) -> Result<U, Refused> {
        let backend = self
            .backend(&session.backend)
            .ok_or(Refused::Unauthorized)?;
        let token = session.token.clone();
        let found = self.present_token(token, backend).await?;
        let found = found.ok_or(Refused::Unauthorized)?;
        Ok(judge(found, session.requirements)?.user)
    }

    /// Whom the credentials that a request presents to one backend belong to.
    pub(crate) async fn present(
        &self,
        parts: &Parts,
        backend: &Backend<U>,
    ) -> Result<Option<Authenticated<U>>, Error> {
        let Some(token) = backend.transport().read_request(parts) else {
            return Ok(None);
        };
        self.present_token(token, backend).await
    }

    async fn present_token(
        &self,
        token: String,
        backend: &Backend<U>,
    ) -> Result<Option<Authenticated<U>>, Error> {
        let Some(presented) = backend.strategy().present(&token).await? else {
            return Ok(None);
        };
        let found = match presented.owner {
            Owner::User(user) => Some(user).filter(|user| self.has(user)),
            Owner::Id(id) => self.find(&id).await?,
        };
        let Some(user) = found else {
            return Ok(None);
        };
        let is_current = self.is_current(presented.issued_on, &user);
        if !is_current && !backend.strategy().has_kept(&token, &user).await? {
            return Ok(None);
        }
        let session_user = user.account().id.to_string();
        Ok(Some(Authenticated {
            user,
            session: Session {
                backend: backend.name().to_owned(),
                token,
                kept: presented.session,
                user: session_user,
                requirements: Requirements::default(),
            },
        }))
    }

    /// Whether a token was issued on the user's present credentials.
    fn is_current(&self, issued_on: Option<CredentialsStamp>, user: &U) -> bool {
        let options = self.options();
        let is_compared = options.credentials_stamp && options.revoke_sessions;
        !is_compared
            || issued_on
                .is_none_or(|stamp| stamp == CredentialsStamp::of(user.account().hashed_password))
    }
}

fn judge<U: UserModel>(
    mut found: Authenticated<U>,
    requirements: Requirements,
) -> Result<Authenticated<U>, Refused> {
    let account = found.user.account();
    if requirements.active && !account.is_active {
        return Err(Refused::Unauthorized);
    }
    if (requirements.verified && !account.is_verified)
        || (requirements.superuser && !account.is_superuser)
    {
        return Err(Refused::Forbidden);
    }
    found.session.requirements = requirements;
    Ok(found)
}
