//! On whose behalf the present task acts.
//!
//! Many rules are public methods that do not know who calls them, and a hook may call one while it handles a request. So the caller
//! is a value of the task, which the code that knows the caller sets: a route that has authenticated them, and the command line.

use std::{
    future::{Future, poll_fn},
    net::IpAddr,
    pin::pin,
    sync::Arc,
    task::Poll,
};

use super::event::Actor;
use crate::users::Session;

tokio::task_local! {
    static ACTING: Arc<Acting>;
}

/// On whose behalf a task acts.
#[derive(Clone, Debug)]
pub(crate) struct Acting {
    pub(super) actor: Actor,
    pub(super) session: Option<String>,
    pub(super) ip: Option<IpAddr>,
}

impl Acting {
    /// The user of a session.
    pub(crate) fn of(session: &Session, ip: Option<IpAddr>) -> Self {
        Self {
            actor: Actor::User(session.user.clone()),
            session: session.kept.as_ref().map(|kept| kept.id.clone()),
            ip,
        }
    }

    /// A user who has just logged in.
    pub(crate) fn user(id: &impl ToString, session: Option<String>) -> Self {
        Self {
            actor: Actor::User(id.to_string()),
            session,
            ip: None,
        }
    }

    /// A client that has presented something of a session, and may not be its user.
    pub(crate) const fn client(session: Option<String>) -> Self {
        Self {
            actor: Actor::Client,
            session,
            ip: None,
        }
    }

    /// An operator.
    #[cfg(feature = "cli")]
    pub(crate) fn operator() -> Self {
        let name = ["SUDO_USER", "USER", "LOGNAME", "USERNAME"].map(std::env::var);
        let mut names = name.into_iter().flatten().filter(|name| !name.is_empty());
        Self {
            actor: Actor::CommandLine(names.next()),
            session: None,
            ip: None,
        }
    }

    /// Runs a task on this behalf.
    pub(crate) async fn run<T>(self, task: impl Future<Output = T>) -> T {
        let (acting, mut task) = (Arc::new(self), pin!(task));
        poll_fn(move |context| {
            let mut polled = Poll::Pending;
            during(&acting, &mut || polled = task.as_mut().poll(context));
            polled
        })
        .await
    }

    /// On whose behalf the present task acts, where that is known.
    pub(crate) fn present() -> Option<Self> {
        ACTING.try_with(|acting| Self::clone(acting)).ok()
    }
}

/// Does something on this behalf. Not generic, so that the scope is compiled here, and not in the application's crate for each task.
fn during(acting: &Arc<Acting>, work: &mut dyn FnMut()) {
    ACTING.sync_scope(Arc::clone(acting), work);
}
