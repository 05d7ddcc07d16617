//! What a builder is checked for, and the parts that follow from its options.

use std::{collections::HashSet, sync::Arc};

#[cfg(feature = "oauth")]
use super::Users;
use super::{BuildError, UsersBuilder};
use crate::{
    features::limits::limiter::{LimitMistake, LimitedSystem, Limiter},
    model::{BackendSpec, StrategyKind, TransportKind, UserModel},
    session::{
        Backend,
        strategy::{
            DatabaseStrategy, JwtStrategy, RevocableJwtStrategy, SessionStrategy, Strategy,
        },
        transport::{BearerTransport, CookieTransport, Transport},
    },
    token::{JwtKeys, WeakSecret},
    wire::email::EmailRules,
};

impl<U: UserModel> UsersBuilder<U> {
    pub(crate) fn email_rules(&self) -> Result<EmailRules, BuildError> {
        let mut rules = EmailRules::default();
        for domain in &self.email_domains {
            let refused = |reason| BuildError::InvalidEmailDomain {
                domain: domain.clone(),
                reason,
            };
            rules.accept(domain).map_err(refused)?;
        }
        Ok(rules)
    }

    pub(crate) fn default_keys(&self) -> Result<JwtKeys, WeakSecret> {
        if self.options.allow_short_secret {
            return JwtKeys::hs256_of_any_length(&self.secret);
        }
        let keys = JwtKeys::hs256(&self.secret)?;
        let given = [
            &self.jwt_keys,
            &self.reset_keys,
            &self.verify_keys,
            &self.state_keys,
        ];
        let weakness = given.into_iter().flatten().find_map(JwtKeys::weakness);
        match keys.weakness().or(weakness) {
            Some(weakness) => Err(weakness),
            None => Ok(keys),
        }
    }

    /// The limits that are declared, or the default ones, with the options of the builder.
    pub(crate) fn limiter(&mut self, keys: &JwtKeys) -> Result<Limiter, BuildError> {
        let system = LimitedSystem {
            table: U::TABLE,
            declared: U::CONFIG.limits,
            by_default: self.options.limits_by_default,
            has_store: self.store.limits().is_some(),
            keys: keys.clone(),
            sources: self.sources.clone(),
        };
        Limiter::new(std::mem::take(&mut self.limits), system).map_err(|mistake| match mistake {
            LimitMistake::Rule { route, reason } => BuildError::InvalidLimit { route, reason },
            LimitMistake::Proxy(proxy) => BuildError::InvalidProxy(proxy),
        })
    }

    /// The declared backends with the parts that the builder was given, then the added ones.
    pub(crate) fn all_backends(&self, keys: &JwtKeys) -> Result<Vec<Backend<U>>, BuildError> {
        let declared = U::CONFIG.backends;
        let given = self
            .transports
            .iter()
            .map(|(name, _)| name)
            .chain(self.strategies.iter().map(|(name, _)| name));
        for name in given {
            if !declared.iter().any(|spec| spec.name == name) {
                return Err(BuildError::UnknownBackend(name.clone()));
            }
        }
        let declared = declared
            .iter()
            .map(|spec| self.declared_backend(spec, keys));
        declared
            .chain(self.backends.iter().cloned().map(Ok))
            .collect()
    }

    fn declared_backend(
        &self,
        spec: &BackendSpec,
        keys: &JwtKeys,
    ) -> Result<Backend<U>, BuildError> {
        let given = self
            .transports
            .iter()
            .rfind(|(name, _)| name == spec.name)
            .map(|(_, transport)| Arc::clone(transport));
        let transport = match given {
            Some(transport) => transport,
            None => self.default_transport(spec)?,
        };
        let given = self
            .strategies
            .iter()
            .rfind(|(name, _)| name == spec.name)
            .map(|(_, strategy)| Arc::clone(strategy));
        let strategy = match given {
            Some(strategy) => strategy,
            None => self.default_strategy(spec, keys)?,
        };
        let backend = Backend::from_parts(spec.name, spec.prefix, transport, strategy);
        Ok(if spec.routes {
            backend
        } else {
            backend.without_routes()
        })
    }

    fn default_transport(&self, spec: &BackendSpec) -> Result<Arc<dyn Transport>, BuildError> {
        let max_age = match (spec.refresh, spec.strategy) {
            (true, _) => Some(self.sessions.access),
            (false, StrategyKind::Session) => Some(self.sessions.absolute),
            _ => self.options.access_token_lifetime,
        };
        Ok(match spec.transport {
            TransportKind::Custom => {
                return Err(BuildError::MissingTransport(spec.name.to_owned()));
            }
            TransportKind::Bearer => Arc::new(BearerTransport::new()),
            TransportKind::Cookie => {
                let cookie = CookieTransport::new().max_age(max_age);
                let is_prefixed = self.options.host_prefix_cookies;
                Arc::new(if is_prefixed {
                    cookie.host_prefix()
                } else {
                    cookie
                })
            }
        })
    }

    fn session_strategy(
        &self,
        spec: &BackendSpec,
        keys: &JwtKeys,
    ) -> Result<Arc<dyn Strategy<U>>, BuildError> {
        if self.store.records().is_none() {
            return Err(BuildError::NoSessions(spec.name.to_owned()));
        }
        let keys = self.jwt_keys.as_ref().unwrap_or(keys).clone();
        let strategy = SessionStrategy::shared(Arc::clone(&self.store), spec.name.to_owned())
            .options(self.sessions)
            .follows_credentials(self.options.credentials_stamp && self.options.revoke_sessions)
            .clock(Arc::clone(&self.sources.clock))
            .randomness(Arc::clone(&self.sources.randomness));
        Ok(Arc::new(match (spec.strategy, spec.refresh) {
            (StrategyKind::Jwt, _) => {
                let strategy = strategy.with_refresh_and_jwt(keys, self.options.table_audiences);
                strategy.own_claims(self.jwt_claims.clone())
            }
            (_, true) => strategy.with_refresh(keys),
            (_, false) => strategy,
        }))
    }

    fn default_strategy(
        &self,
        spec: &BackendSpec,
        keys: &JwtKeys,
    ) -> Result<Arc<dyn Strategy<U>>, BuildError> {
        let lifetime = self.options.access_token_lifetime;
        if spec.strategy == StrategyKind::Jwt {
            // In the preset, strategies are not asked whether they are valid.
            let invalid = |reason| BuildError::InvalidStrategy {
                backend: spec.name.to_owned(),
                reason,
            };
            self.jwt_claims.validate::<U>().map_err(invalid)?;
        }
        match spec.strategy {
            StrategyKind::Session | StrategyKind::Jwt if spec.keeps_sessions() => {
                self.session_strategy(spec, keys)
            }
            StrategyKind::Session | StrategyKind::Jwt => {
                let keys = self.jwt_keys.as_ref().unwrap_or(keys).clone();
                let strategy = JwtStrategy::new(keys)
                    .lifetime(lifetime)
                    .stamped(self.options.credentials_stamp)
                    .table_audience(self.options.table_audiences)
                    .own_claims(self.jwt_claims.clone());
                if !spec.revocable {
                    return Ok(Arc::new(strategy));
                }
                if self.store.records().is_none() {
                    return Err(BuildError::NoEpochs(spec.name.to_owned()));
                }
                let store = Arc::clone(&self.store);
                Ok(Arc::new(RevocableJwtStrategy::shared(strategy, store)))
            }
            StrategyKind::Database if self.store.access_tokens().is_none() => {
                Err(BuildError::NoAccessTokens(spec.name.to_owned()))
            }
            StrategyKind::Database => {
                let mut strategy = DatabaseStrategy::shared(Arc::clone(&self.store))
                    .lifetime(lifetime)
                    .randomness(Arc::clone(&self.sources.randomness));
                if !self.options.hash_access_tokens {
                    strategy = strategy.store_in_clear();
                }
                if self.options.accept_clear_tokens {
                    strategy = strategy.accept_clear_tokens();
                }
                Ok(Arc::new(strategy))
            }
            StrategyKind::Redis | StrategyKind::Custom => {
                Err(BuildError::MissingStrategy(spec.name.to_owned()))
            }
        }
    }
}

/// Mentions the backends whose tokens only a new password ends in every process.
pub(crate) fn mention_irrevocable<U: UserModel>(backends: &[Backend<U>]) {
    let is_plain = |name: &str| {
        U::CONFIG.backends.iter().any(|spec| {
            spec.name == name
                && spec.strategy == StrategyKind::Jwt
                && !spec.keeps_sessions()
                && !spec.revocable
        })
    };
    let cannot_end = |backend: &&Backend<U>| !backend.strategy().can_destroy_all();
    let names = backends.iter().filter(cannot_end).map(Backend::name);
    let names: Vec<_> = names.filter(|name| is_plain(name)).collect();
    if !names.is_empty() {
        tracing::info!(
            backends = ?names,
            "JSON web tokens are voided by each process for itself: declare revocable on the backend to void them in all"
        );
    }
}

#[cfg(feature = "oauth")]
pub(crate) fn check_oauth<U: UserModel>(users: &Users<U>) -> Result<(), BuildError> {
    let mut names = HashSet::new();
    for (oauth, backend) in &users.inner.oauth {
        let name = oauth.client.name();
        if name.contains('/') || !is_prefix(&format!("/{name}")) {
            return Err(BuildError::InvalidProvider(name.to_owned()));
        }
        if !names.insert(name) {
            return Err(BuildError::DuplicateProvider(name.to_owned()));
        }
        let refused = |reason| BuildError::OAuth {
            provider: name.to_owned(),
            reason,
        };
        users.can_log_in(oauth, backend).map_err(refused)?;
    }
    let needs_tickets = !users.inner.oauth.is_empty() && !users.options().oauth_as_original;
    if needs_tickets && users.tickets().is_none() {
        if U::CONFIG.secure {
            return Err(BuildError::NoStoredStates);
        }
        tracing::warn!(
            table = U::TABLE,
            "used OAuth states are kept by each process for itself: declare oauth on the struct to store them"
        );
    }
    Ok(())
}

/// Has each strategy check itself.
pub(crate) fn check_strategies<U: UserModel>(backends: &[Backend<U>]) -> Result<(), BuildError> {
    for backend in backends {
        let invalid = |reason| BuildError::InvalidStrategy {
            backend: backend.name().to_owned(),
            reason,
        };
        backend.strategy().validate().map_err(invalid)?;
    }
    Ok(())
}

pub(crate) fn check<U: UserModel>(backends: &[Backend<U>]) -> Result<(), BuildError> {
    let (mut names, mut prefixes) = (HashSet::new(), HashSet::new());
    for backend in backends {
        let prefix = backend.path_prefix();
        if let Err(reason) = backend.transport().validate() {
            return Err(BuildError::InvalidTransport {
                backend: backend.name().to_owned(),
                reason,
            });
        }
        if !is_prefix(prefix) {
            return Err(BuildError::InvalidPrefix(prefix.to_owned()));
        }
        if !names.insert(backend.name()) {
            return Err(BuildError::DuplicateBackend(backend.name().to_owned()));
        }
        if !prefixes.insert(prefix) {
            return Err(BuildError::DuplicatePrefix(prefix.to_owned()));
        }
    }
    Ok(())
}

/// Whether a text is a plain path, as the derive wants one, too: axum refuses most others with a panic when they are mounted.
fn is_prefix(text: &str) -> bool {
    let is_segment = |segment: &str| {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
        !matches!(segment, "" | "." | "..") && segment.bytes().all(is_plain)
    };
    text.strip_prefix('/')
        .is_some_and(|segments| segments.split('/').all(is_segment))
}
