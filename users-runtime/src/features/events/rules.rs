//! The one way that every event takes.

use http::request::Parts;

use super::{
    acting::Acting,
    event::{Actor, Event, EventKind},
    log::log,
};
use crate::{
    model::UserModel,
    users::{Session, Users},
};

impl<U: UserModel> Users<U> {
    /// On whose behalf a request acts that a session has authenticated.
    pub(crate) fn acting(&self, session: &Session, request: &Parts) -> Acting {
        Acting::of(session, self.client_address(request))
    }

    /// Reports an event: to the log, unless that is switched off, to the table, where it is declared, and to the application. What one
    /// of them fails with changes nothing.
    pub(crate) async fn event(
        &self,
        kind: EventKind<'_>,
        user: Option<&U>,
        request: Option<&Parts>,
    ) {
        let (actor, session, known) = match Acting::present() {
            Some(acting) => (acting.actor, acting.session, acting.ip),
            None if request.is_some() => (Actor::Client, None, None),
            None => (Actor::Application, None, None),
        };
        let event = Event {
            kind,
            user,
            actor,
            session,
            ip: known.or_else(|| self.client_address(request?)),
            at: self.inner.limiter.now(),
            request,
        };
        if self.options().log_events {
            log(&event);
        }
        self.store_event(&event).await;
        if let Err(error) = self.hooks().on_event(&event).await {
            let error: &dyn std::error::Error = &*error;
            tracing::error!(event = event.kind.name(), error, "on_event failed");
        }
    }
}
