//! Where every login of every kind ends: counting, checking, issuing tokens and answering.

use http::request::Parts;

use super::{
    attempt::{Evidence, LoginAttempt},
    error::LoginError,
    logged_in::LoggedIn,
    proven::{Admitted, Proven},
};
use crate::{
    error::Error,
    features::{
        events::event::{EventKind, LoginFailure},
        limits::CountedLogin,
    },
    model::UserModel,
    password::Password,
    session::{Backend, Login},
    users::Users,
    web::{answers::TokenAnswer, mounted},
};

impl<U: UserModel> Users<U> {
    /// Logs a user in from a route of your own, with everything that the built-in login does: limits, the share of the client in the queue for
    /// hashes, [`before_login`](crate::Hooks::before_login), the checks that the user is active and verified, the session with the client's
    /// device, [events](crate::docs::events), [`on_after_login`](crate::Hooks::on_after_login) and the cookie that makes the browser known.
    ///
    /// Find the user in your own way, by a name for example, and pass what you have found. Where users belong to tenants, a user of another
    /// tenant than that of the request counts as unknown.
    ///
    /// ```
    /// use axum::{Form, extract::State, http::request::Parts, response::{Redirect, Response}};
    /// use users_runtime::{UserModel, Users, errors::LoginError, login::LoginAttempt};
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Credentials {
    ///     email: String,
    ///     password: String,
    /// }
    ///
    /// /// A login form whose answer is a page.
    /// async fn login<U: UserModel>(
    ///     State(users): State<Users<U>>,
    ///     request: Parts,
    ///     Form(sent): Form<Credentials>,
    /// ) -> Result<Response, LoginError> {
    ///     let users = users.for_request(&request).await?;
    ///     let found = users.find_by_username(&sent.email).await?;
    ///     let attempt = LoginAttempt::password(sent.email, found, sent.password);
    ///     let logged_in = users.log_in("web", attempt, &request).await?;
    ///     Ok(logged_in.with_response(Redirect::to("/")))
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`LoginError`], which is also the answer of the built-in route.
    pub async fn log_in(
        &self,
        backend: &str,
        attempt: LoginAttempt<U>,
        request: &Parts,
    ) -> Result<LoggedIn<U>, LoginError> {
        let users = self.for_request(request).await?;
        let backend = users
            .backend(backend)
            .ok_or_else(|| LoginError::UnknownBackend(backend.to_owned()))?;
        let is_proven = matches!(attempt.evidence, Evidence::Proven(_));
        if !is_proven && users.cross_site().refuses(request, backend.transport()) {
            return Err(LoginError::CrossSite);
        }
        users
            .in_share_of(request, users.complete_login(backend, attempt, request))
            .await
    }

    /// Ends every login: of the built-in route, with a provider, and of the application's own routes.
    pub(crate) async fn complete_login(
        &self,
        backend: &Backend<U>,
        attempt: LoginAttempt<U>,
        request: &Parts,
    ) -> Result<LoggedIn<U>, LoginError> {
        let LoginAttempt {
            evidence,
            method,
            remember_me,
            requires_verification,
            backend_path,
        } = attempt;
        let evidence = evidence.among(self);
        let counted = match &evidence {
            Evidence::Password { name, found, .. } | Evidence::Checked { name, found, .. } => {
                self.count_login(request, found.as_ref(), name).await?
            }
            Evidence::Proven(_) => CountedLogin::default(),
        };
        let login = self.login_of(request, method, remember_me);
        let requires_verification =
            requires_verification.unwrap_or(U::CONFIG.routes.requires_verification);
        let admitted = self
            .admit(backend, evidence, &login, requires_verification, request)
            .await;
        match &admitted {
            Ok(_) => self.login_succeeded(counted).await,
            Err(LoginError::BadCredentials | LoginError::NotVerified) => {}
            Err(_) => self.login_undone(counted).await,
        }
        let path = backend_path
            .unwrap_or_else(|| mounted::under_the_same_nest(request, backend.path_prefix()));
        Ok(self
            .answer_login(backend, admitted?, &path, request)
            .await?)
    }

    /// Checks what proves who the user is, and issues the tokens.
    async fn admit(
        &self,
        backend: &Backend<U>,
        evidence: Evidence<U>,
        login: &Login,
        requires_verification: bool,
        request: &Parts,
    ) -> Result<Admitted<U>, LoginError> {
        let proven = match evidence {
            Evidence::Password {
                found, password, ..
            } => {
                self.prove_by_password(backend, found, password, request)
                    .await?
            }
            Evidence::Checked { found, check, .. } => {
                let user = check.await.map_err(Error::Hook)?;
                let Some(user) = user else {
                    let reason = match found {
                        Some(_) => LoginFailure::WrongPassword,
                        None => LoginFailure::UnknownUser,
                    };
                    self.refused_login(backend, reason, found.as_ref(), request)
                        .await;
                    return Err(LoginError::BadCredentials);
                };
                Proven::by_application(user)
            }
            Evidence::Proven(proven) => proven,
        };
        if !self.has(&proven.user) {
            self.refused_login(backend, LoginFailure::UnknownUser, None, request)
                .await;
            return Err(LoginError::BadCredentials);
        }
        Ok(self
            .issue(backend, proven, login, requires_verification, request)
            .await??)
    }

    async fn prove_by_password(
        &self,
        backend: &Backend<U>,
        found: Option<U>,
        password: Password,
        request: &Parts,
    ) -> Result<Proven<U>, LoginError> {
        let proven = self
            .authenticate_found(found, password, Some((backend, request)))
            .await?
            .ok_or(LoginError::BadCredentials)?;
        let user = &proven.user;
        let account = user.account();
        if self.options().uniform_registration && account.is_active && !account.is_verified {
            // Another answer would tell that the address was free when it was registered with this password.
            let reason = LoginFailure::NotVerified;
            self.refused_login(backend, reason, Some(user), request)
                .await;
            self.send_proof_again(user, request);
            return Err(LoginError::BadCredentials);
        }
        Ok(proven)
    }

    /// The event of a login that was refused.
    pub(super) async fn refused_login(
        &self,
        backend: &Backend<U>,
        reason: LoginFailure,
        user: Option<&U>,
        request: &Parts,
    ) {
        let backend = Some(backend.name());
        let kind = EventKind::LoginFailed { backend, reason };
        self.event(kind, user, Some(request)).await;
    }

    /// Answers a login that is done: with its tokens, and with what `on_after_login` adds. `path` is the path under which clients
    /// reach the backend.
    async fn answer_login(
        &self,
        backend: &Backend<U>,
        admitted: Admitted<U>,
        path: &str,
        request: &Parts,
    ) -> Result<LoggedIn<U>, Error> {
        let Admitted { user, issued } = admitted;
        let TokenAnswer(mut answer) = TokenAnswer::new(backend.transport(), &issued, path);
        self.remember_browser(&request.headers, &user, &mut answer);
        self.hooks()
            .on_after_login(&user, Some(request), &mut answer)
            .await
            .map_err(Error::Hook)?;
        Ok(LoggedIn {
            user,
            issued,
            answer,
        })
    }
}
