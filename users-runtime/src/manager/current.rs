//! Who a request's credentials belong to.

use http::HeaderMap;

use super::Users;
use crate::{backend::Backend, error::Error, model::UserModel};

/// What a guard asks of the current user.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Requirements {
    /// The user is active; otherwise 401.
    pub active: bool,
    /// The user's address is verified; otherwise 403.
    pub verified: bool,
    /// The user is a superuser; otherwise 403.
    pub superuser: bool,
    /// The names of the backends whose credentials count; `None` for all.
    pub backends: Option<&'static [&'static str]>,
}

/// The session that a request presented.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    /// The name of the backend that knew the token.
    pub backend: String,
    /// The token itself.
    pub token: String,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("backend", &self.backend)
            .finish_non_exhaustive()
    }
}

/// A user whom a backend knew by the request's credentials.
#[derive(Clone, Debug)]
pub struct Authenticated<U> {
    /// The user, as stored now.
    pub user: U,
    /// The session.
    pub session: Session,
}

/// Why a guard did not let a request through.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// No backend knows the credentials, or the user is inactive: 401.
    #[error("not logged in")]
    Unauthorized,
    /// The user is not allowed: 403.
    #[error("not allowed")]
    Forbidden,
    /// Something failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl<U: UserModel> Users<U> {
    /// Whom a request's credentials belong to. The backends are asked in their order; the first that yields a user decides.
    ///
    /// # Errors
    ///
    /// [`Refused::Unauthorized`] and [`Refused::Forbidden`] as the requirements say.
    pub async fn current(
        &self,
        headers: &HeaderMap,
        requirements: Requirements,
    ) -> Result<Authenticated<U>, Refused> {
        for backend in self.backends() {
            if requirements
                .backends
                .is_some_and(|names| !names.contains(&backend.name()))
            {
                continue;
            }
            if let Some(found) = self.present(headers, backend).await? {
                return judge(found, requirements);
            }
        }
        Err(Refused::Unauthorized)
    }

    /// Whom the credentials that a request presents to one backend belong to.
    pub(crate) async fn present(
        &self,
        headers: &HeaderMap,
        backend: &Backend<U>,
    ) -> Result<Option<Authenticated<U>>, Error> {
        let Some(token) = backend.transport().read(headers) else {
            return Ok(None);
        };
        let Some(id) = backend.strategy().read(&token).await? else {
            return Ok(None);
        };
        let user = self.find(&id).await?;
        Ok(user.map(|user| Authenticated {
            user,
            session: Session {
                backend: backend.name().to_owned(),
                token,
            },
        }))
    }
}

fn judge<U: UserModel>(
    found: Authenticated<U>,
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
    Ok(found)
}
