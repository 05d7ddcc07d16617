//! The JWT strategy.

use std::{
    fmt,
    time::{Duration, SystemTime},
};

use async_trait::async_trait;

use super::{Strategy, voided::Voided};
use crate::{
    error::Error,
    model::{UserId as _, UserModel},
    token::{Claims, JwtKeys, unix_seconds},
};

/// The audience of access tokens unless another is given.
const AUDIENCE: &str = "fastapi-users:auth";

/// A signed JSON web token (RFC 7519) with the claims `sub`, `aud` and, with a lifetime, `exp`. Nothing is stored, so a
/// logout ends nothing: the token is good until it expires.
///
/// Tokens that are [voided](Strategy::void) are refused by this process from then on, unless they never expire.
pub struct JwtStrategy {
    keys: JwtKeys,
    audience: Vec<String>,
    lifetime: Option<Duration>,
    voided: Voided,
}

impl JwtStrategy {
    /// Tokens signed by these keys, for the audience `fastapi-users:auth`, good for one hour.
    pub fn new(keys: JwtKeys) -> Self {
        Self {
            keys,
            audience: vec![AUDIENCE.to_owned()],
            lifetime: Some(Duration::from_hours(1)),
            voided: Voided::default(),
        }
    }

    /// Whom the tokens are for: written as a list into `aud`; one of them is enough when reading.
    #[must_use]
    pub fn audience<I: Into<String>>(mut self, audience: impl IntoIterator<Item = I>) -> Self {
        self.audience = audience.into_iter().map(Into::into).collect();
        self
    }

    /// How long a token is good, in whole seconds; `None` for ever.
    #[must_use]
    pub const fn lifetime(mut self, lifetime: Option<Duration>) -> Self {
        self.lifetime = lifetime;
        self
    }
}

impl fmt::Debug for JwtStrategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JwtStrategy")
            .field("audience", &self.audience)
            .field("lifetime", &self.lifetime)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl<U: UserModel> Strategy<U> for JwtStrategy {
    async fn read(&self, token: &str) -> Result<Option<U::Id>, Error> {
        let audience: Vec<&str> = self.audience.iter().map(String::as_str).collect();
        let Ok(claims) = self.keys.decode(token, &audience, SystemTime::now()) else {
            return Ok(None);
        };
        let Some(id) = claims.text("sub").and_then(U::Id::parse) else {
            return Ok(None);
        };
        // The id's own form, since a token's may differ from it.
        let is_void = !self.voided.is_empty()
            && self.lifetime.is_some_and(|lifetime| {
                let expires = claims.get("exp").and_then(serde_json::Value::as_u64);
                self.voided
                    .has(&id.to_string(), expires, lifetime.as_secs())
            });
        Ok((!is_void).then_some(id))
    }

    async fn write(&self, user: &U) -> Result<String, Error> {
        let id = user.account().id.to_string();
        let mut claims = Claims::new()
            .with("sub", id.as_str())
            .with("aud", self.audience.clone());
        if let Some(lifetime) = self.lifetime {
            let issued = self.voided.issues_at(&id, unix_seconds(SystemTime::now()));
            claims = claims.with("exp", issued.saturating_add(lifetime.as_secs()));
        }
        self.keys
            .encode(&claims)
            .map_err(|error| Error::Token(error.into()))
    }

    async fn destroy(&self, _token: &str, _user: &U) -> Result<(), Error> {
        Ok(())
    }

    async fn void(&self, user: &U) -> Result<(), Error> {
        let id = user.account().id.to_string();
        if let Some(lifetime) = self.lifetime {
            self.voided
                .void(id, unix_seconds(SystemTime::now()), lifetime.as_secs());
        } else {
            tracing::warn!(user.id = id, "tokens that never expire cannot be voided");
        }
        Ok(())
    }
}
