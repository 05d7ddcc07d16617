//! One route of the document: its name, and what its answers depend on.

use std::sync::Arc;

#[cfg(feature = "oauth")]
use crate::web::outcome::{
    OAUTH_INVALID_NEXT, OAUTH_INVALID_SCOPE, OAUTH_REDIRECT_URL_NOT_CONFIGURED,
};
use crate::{
    model::UserModel,
    session::{Backend, transport::Transport},
    users::{Requirements, Users},
    web::outcome::{
        CROSS_SITE_REQUEST, FORBIDDEN, LOGIN_USER_NOT_VERIFIED, Outcome, SERVER_ERROR,
        TOO_MANY_ATTEMPTS, UNAVAILABLE,
    },
};

/// A route of the document.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    /// FastAPI Users' name, e.g. `auth:jwt.login`.
    pub(crate) name: String,
    pub(crate) summary: String,
    /// What the current user must fulfil; `None` where the route needs no login.
    pub(crate) guard: Option<Requirements>,
    /// Whether it may change something.
    changes: bool,
}

/// What the answers of a group of routes depend on.
#[derive(Clone, Default)]
#[cfg_attr(
    feature = "oauth",
    expect(
        clippy::struct_excessive_bools,
        reason = "each is a condition of its own that answers depend on"
    )
)]
pub(crate) struct Context {
    /// How a login answers.
    pub(crate) transport: Option<Arc<dyn Transport>>,
    /// Whether the backend has refresh tokens.
    pub(crate) refreshes: bool,
    /// Whether a login says how long its session lasts.
    pub(crate) remembers: bool,
    /// Whether a login is for verified users only.
    pub(crate) requires_verification: bool,
    /// Whether cookies do not count in requests of other sites, and there is a backend that has one.
    pub(crate) checks_cookies: bool,
    /// Whether the route that could be used for guessing has limits.
    pub(crate) is_limited: bool,
    /// Whether a provider's routes are the original's.
    #[cfg(feature = "oauth")]
    pub(crate) oauth_as_original: bool,
    /// Whether browsers are sent on to front ends.
    #[cfg(feature = "oauth")]
    pub(crate) front_ends: bool,
    /// Whether browsers may ask a provider for some scopes only.
    #[cfg(feature = "oauth")]
    pub(crate) restricts_scopes: bool,
    /// Whether a provider's callback is looked for at this machine only, since no URL is configured.
    #[cfg(feature = "oauth")]
    pub(crate) refuses_hosts: bool,
}

impl Operation {
    pub(crate) fn new(
        name: &str,
        summary: &str,
        guard: Option<Requirements>,
        changes: bool,
    ) -> Self {
        Self {
            name: name.to_owned(),
            summary: summary.to_owned(),
            guard,
            changes,
        }
    }

    /// The heading under which pages show the operation.
    pub(crate) fn tag(&self) -> &'static str {
        if self.name.starts_with("users:") {
            "users"
        } else {
            "auth"
        }
    }

    /// Whether the document shows the outcome: whether the route as it is guarded can answer so, and FastAPI would document it.
    pub(crate) fn shows(&self, outcome: Outcome, context: &Context) -> bool {
        // Every operation may answer so. In the document they would make generated clients type each result as possibly a string.
        if outcome == SERVER_ERROR || outcome == UNAVAILABLE {
            return false;
        }
        if outcome == FORBIDDEN {
            return self
                .guard
                .is_some_and(|guard| guard.verified || guard.superuser);
        }
        if outcome == CROSS_SITE_REQUEST {
            let has_cookie = context
                .transport
                .as_ref()
                .is_some_and(|transport| transport.is_ambient());
            return self.changes && context.checks_cookies && (self.guard.is_some() || has_cookie);
        }
        if outcome == TOO_MANY_ATTEMPTS {
            return context.is_limited;
        }
        #[cfg(feature = "oauth")]
        for (conditional, is_given) in [
            (OAUTH_INVALID_NEXT, context.front_ends),
            (OAUTH_INVALID_SCOPE, context.restricts_scopes),
            (OAUTH_REDIRECT_URL_NOT_CONFIGURED, context.refuses_hosts),
        ] {
            if outcome == conditional {
                return is_given;
            }
        }
        outcome != LOGIN_USER_NOT_VERIFIED || context.requires_verification
    }
}

impl Context {
    /// The answers of this backend's transport.
    pub(crate) fn of_backend<U: UserModel>(backend: &Backend<U>) -> Self {
        Self {
            transport: Some(backend.shared_transport()),
            refreshes: backend.strategy().refresh_tokens().is_some(),
            remembers: backend.strategy().sessions().is_some(),
            ..Self::default()
        }
    }

    pub(crate) fn of_users<U: UserModel>(mut self, users: &Users<U>) -> Self {
        let mut backends = users.backends().iter();
        self.checks_cookies =
            backends.any(|backend| users.cross_site().judges(backend.transport()));
        self
    }

    pub(crate) const fn for_verified(mut self, requires_verification: bool) -> Self {
        self.requires_verification = requires_verification;
        self
    }
}
