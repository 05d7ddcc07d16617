//! Authentication backends: a named pair of a transport and a strategy.

use std::{fmt, sync::Arc};

use crate::{
    model::UserModel,
    session::{strategy::Strategy, transport::Transport},
};

/// An authentication backend: how the token is sent (transport) and what it is (strategy), under a name.
pub struct Backend<U: UserModel> {
    name: String,
    prefix: String,
    pub(crate) has_routes: bool,
    transport: Arc<dyn Transport>,
    strategy: Arc<dyn Strategy<U>>,
}

impl<U: UserModel> Backend<U> {
    /// A backend whose login and logout are mounted under `/auth/NAME`.
    pub fn new(
        name: impl Into<String>,
        transport: impl Transport,
        strategy: impl Strategy<U>,
    ) -> Self {
        let name = name.into();
        Self {
            prefix: format!("/auth/{name}"),
            has_routes: true,
            name,
            transport: Arc::new(transport),
            strategy: Arc::new(strategy),
        }
    }

    /// Mounts login and logout under another prefix, such as `/session`.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// Mounts no login, logout and refresh: your own routes give the tokens.
    #[must_use]
    pub fn without_routes(mut self) -> Self {
        self.has_routes = false;
        self
    }

    pub(crate) fn from_parts(
        name: &str,
        prefix: Option<&str>,
        transport: Arc<dyn Transport>,
        strategy: Arc<dyn Strategy<U>>,
    ) -> Self {
        let prefix = prefix.map_or_else(|| format!("/auth/{name}"), str::to_owned);
        Self {
            name: name.to_owned(),
            prefix,
            has_routes: true,
            transport,
            strategy,
        }
    }

    /// The name, unique among the backends.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The path prefix of login and logout.
    pub fn path_prefix(&self) -> &str {
        &self.prefix
    }

    /// How the token is sent.
    pub fn transport(&self) -> &dyn Transport {
        &*self.transport
    }

    /// The transport, shared.
    #[cfg(feature = "openapi")]
    pub(crate) fn shared_transport(&self) -> Arc<dyn Transport> {
        Arc::clone(&self.transport)
    }

    /// What the token is.
    pub fn strategy(&self) -> &dyn Strategy<U> {
        &*self.strategy
    }
}

impl<U: UserModel> Clone for Backend<U> {
    fn clone(&self) -> Self {
        Self {
            name: self.name.clone(),
            prefix: self.prefix.clone(),
            has_routes: self.has_routes,
            transport: Arc::clone(&self.transport),
            strategy: Arc::clone(&self.strategy),
        }
    }
}

impl<U: UserModel> fmt::Debug for Backend<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Backend")
            .field("name", &self.name)
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}
