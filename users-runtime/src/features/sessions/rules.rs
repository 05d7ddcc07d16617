//! Which sessions a user has, and how one ends.

use http::{header, request::Parts};

use crate::{
    error::Error,
    features::events::event::EventKind,
    model::UserModel,
    session::{Backend, Issued, Login, SessionInfo},
    users::Users,
};

impl<U: UserModel> Users<U> {
    /// The user's sessions of every backend that keeps some, the newest first.
    ///
    /// # Errors
    ///
    /// When a backend's storage fails.
    pub async fn sessions(&self, user: &U) -> Result<Vec<SessionInfo>, Error> {
        let mut all = Vec::new();
        for backend in self.backends() {
            if let Some(sessions) = backend.strategy().sessions() {
                all.extend(sessions.list(user).await?);
            }
        }
        all.sort_by_key(|session| std::cmp::Reverse(session.created_at));
        Ok(all)
    }

    /// Ends a session of this user, and says whether there was one of this id.
    ///
    /// # Errors
    ///
    /// When a backend's storage fails.
    pub async fn end_session(&self, user: &U, id: &str) -> Result<bool, Error> {
        for backend in self.backends() {
            if let Some(sessions) = backend.strategy().sessions()
                && sessions.end(user, id).await?
            {
                let (backend, ended) = (backend.name(), id);
                let kind = EventKind::SessionEnded { backend, ended };
                self.event(kind, Some(user), None).await;
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a backend keeps sessions that users see.
    pub(crate) fn keeps_sessions(&self) -> bool {
        let mut backends = self.backends().iter();
        backends.any(|backend| backend.strategy().sessions().is_some())
    }

    /// What a strategy receives about a login by this method.
    pub(crate) fn login_of(
        &self,
        parts: &Parts,
        method: impl Into<String>,
        remember: bool,
    ) -> Login {
        let agent = parts.headers.get(header::USER_AGENT);
        Login::new(method)
            .remember_me(remember)
            .ip(self.client_address(parts))
            .user_agent(
                agent
                    .and_then(|agent| agent.to_str().ok())
                    .map(str::to_owned),
            )
    }

    /// Ends the session that the browser presented to a backend by cookie, now that a login has given it another one. A failure is for
    /// the log: the login has succeeded.
    pub(crate) async fn end_replaced(&self, backend: &Backend<U>, parts: &Parts, issued: &Issued) {
        if let Err(error) = self.try_end_replaced(backend, parts, issued).await {
            tracing::error!(
                backend = backend.name(),
                error = &error as &dyn std::error::Error,
                "the browser's former session was not ended"
            );
        }
    }

    async fn try_end_replaced(
        &self,
        backend: &Backend<U>,
        parts: &Parts,
        issued: &Issued,
    ) -> Result<(), Error> {
        let (transport, strategy) = (backend.transport(), backend.strategy());
        if !transport.is_ambient() || strategy.sessions().is_none() {
            return Ok(());
        }
        if let Some(token) = transport.read_request(parts)
            && token != issued.access
            && let Some(former) = self.present(parts, backend).await?
        {
            strategy.destroy(&token, &former.user).await?;
        }
        if let Some(tokens) = strategy.refresh_tokens()
            && let Some(token) = transport.read_refresh(&parts.headers)
            && self.may_use(tokens, &token).await?
        {
            tokens.end(&token).await?;
        }
        Ok(())
    }
}
