//! Issuing a token to an authenticated user.

use http::request::Parts;

use super::proven::{Admitted, Proof, Proven};
use crate::{
    error::Error,
    features::events::{
        acting::Acting,
        event::{EventKind, LoginFailure},
    },
    model::UserModel,
    password::{CredentialsStamp, Verdict},
    session::{Backend, Login},
    store::StoreError,
    users::{LoginContext, Users},
};

/// How often a login is retried because its user's credentials change at the same time.
const ATTEMPTS: usize = 4;

/// Why no token is issued to an authenticated user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotIssued {
    /// The user is inactive or deleted, or the proof is no longer valid.
    BadCredentials,
    /// The address must be verified, and is not.
    NotVerified,
}

impl<U: UserModel> Users<U> {
    /// Issues a token of this backend to a user who has given a proof, unless `before_login` refuses.
    ///
    /// The user was read before the proof was checked, and that may have taken a while. So the user is read again after the token
    /// is stored, and the token ends immediately if the proof is no longer valid. A process that dies in between leaves a token
    /// whose stamp is not that of the new credentials.
    pub(super) async fn issue(
        &self,
        backend: &Backend<U>,
        proven: Proven<U>,
        login: &Login,
        requires_verification: bool,
        request: &Parts,
    ) -> Result<Result<Admitted<U>, NotIssued>, Error> {
        let read = proven.user.clone();
        let admitted = self
            .try_issue(backend, proven, login, requires_verification, request)
            .await;
        match &admitted {
            Ok(Ok(Admitted { user, issued })) => {
                let kind = EventKind::LoggedIn {
                    backend: backend.name(),
                    methods: &login.methods,
                };
                Acting::user(user.account().id, issued.session.clone())
                    .run(self.event(kind, Some(user), Some(request)))
                    .await;
                self.end_replaced(backend, request, issued).await;
            }
            Ok(Err(refused)) => {
                let reason = match refused {
                    NotIssued::BadCredentials => LoginFailure::Inactive,
                    NotIssued::NotVerified => LoginFailure::NotVerified,
                };
                self.refused_login(backend, reason, Some(&read), request)
                    .await;
            }
            Err(Error::Refused(_)) => {
                let reason = LoginFailure::RefusedByHook;
                self.refused_login(backend, reason, Some(&read), request)
                    .await;
            }
            Err(_) => {}
        }
        admitted
    }

    async fn try_issue(
        &self,
        backend: &Backend<U>,
        proven: Proven<U>,
        login: &Login,
        requires_verification: bool,
        request: &Parts,
    ) -> Result<Result<Admitted<U>, NotIssued>, Error> {
        let Proven { mut user, proof } = proven;
        if let Some(refused) = refusal(&user, requires_verification) {
            return Ok(Err(refused));
        }
        let context = LoginContext::new(backend.name(), login, request);
        self.hooks()
            .before_login(&user, &context)
            .await
            .map_err(Error::Refused)?;
        for _ in 0..ATTEMPTS {
            if let Some(refused) = refusal(&user, requires_verification) {
                return Ok(Err(refused));
            }
            let issued = match backend.strategy().issue(&user, login).await {
                // The user was deleted in the meantime, in databases that watch over this.
                Err(Error::Store(StoreError::NotFound)) => {
                    return Ok(Err(NotIssued::BadCredentials));
                }
                issued => issued?,
            };
            let Some(current) = self.find(user.account().id).await? else {
                backend.strategy().destroy(&issued.access, &user).await?;
                return Ok(Err(NotIssued::BadCredentials));
            };
            let holds = self.holds(&proof, &user, &current).await?;
            let is_same = stamp(&user) == stamp(&current);
            if holds && is_same && refusal(&current, requires_verification).is_none() {
                let user = current;
                return Ok(Ok(Admitted { user, issued }));
            }
            backend.strategy().destroy(&issued.access, &user).await?;
            if !holds {
                return Ok(Err(NotIssued::BadCredentials));
            }
            user = current;
        }
        Err(StoreError::Unavailable("the user's credentials keep changing".into()).into())
    }

    /// Whether a proof that was valid for the user as read before is still valid for the user as stored now.
    async fn holds(&self, proof: &Proof, before: &U, now: &U) -> Result<bool, Error> {
        match proof {
            Proof::Password(_) if stamp(before) == stamp(now) => Ok(true),
            Proof::Credentials(read) => Ok(*read == stamp(now)),
            // Another salt is another password, or a hash that was upgraded at the same time: only the password can distinguish
            // these.
            Proof::Password(password) => {
                let hash = now.account().hashed_password.clone();
                let verdict = self.passwords().verify(password.clone(), hash).await?;
                Ok(verdict != Verdict::Wrong)
            }
            #[cfg(feature = "oauth")]
            Proof::Account {
                provider,
                account_id,
            } => self.is_linked(now, provider, account_id).await,
        }
    }
}

fn refusal<U: UserModel>(user: &U, requires_verification: bool) -> Option<NotIssued> {
    let account = user.account();
    if !account.is_active {
        return Some(NotIssued::BadCredentials);
    }
    (requires_verification && !account.is_verified).then_some(NotIssued::NotVerified)
}

fn stamp<U: UserModel>(user: &U) -> CredentialsStamp {
    CredentialsStamp::of(user.account().hashed_password)
}
