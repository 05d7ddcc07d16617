//! The JWT strategy.

use std::{
    fmt,
    time::{Duration, SystemTime},
};

use async_trait::async_trait;

use super::Strategy;
use crate::{
    error::Error,
    model::{UserId as _, UserModel},
    token::{Claims, JwtKeys},
};

/// The audience of access tokens unless another is given.
const AUDIENCE: &str = "fastapi-users:auth";

/// A signed JSON web token (RFC 7519) with the claims `sub`, `aud` and, with a lifetime, `exp`. Nothing is stored, so a
/// logout ends nothing: the token is good until it expires.
pub struct JwtStrategy {
    keys: JwtKeys,
    audience: Vec<String>,
    lifetime: Option<Duration>,
}

impl JwtStrategy {
    /// Tokens signed by these keys, for the audience `fastapi-users:auth`, good for one hour.
    pub fn new(keys: JwtKeys) -> Self {
        Self { keys, audience: vec![AUDIENCE.to_owned()], lifetime: Some(Duration::from_hours(1)) }
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
        f.debug_struct("JwtStrategy").field("audience", &self.audience).field("lifetime", &self.lifetime).finish_non_exhaustive()
    }
}

#[async_trait]
impl<U: UserModel> Strategy<U> for JwtStrategy {
    async fn read(&self, token: &str) -> Result<Option<U::Id>, Error> {
        let audience: Vec<&str> = self.audience.iter().map(String::as_str).collect();
        let claims = self.keys.decode(token, &audience, SystemTime::now());
        Ok(claims.ok().and_then(|claims| U::Id::parse(claims.text("sub")?)))
    }

    async fn write(&self, user: &U) -> Result<String, Error> {
        let claims = Claims::new().with("sub", user.account().id.to_string()).with("aud", self.audience.clone());
        self.keys.encode(&claims.expiring(self.lifetime)).map_err(|error| Error::Token(error.into()))
    }

    async fn destroy(&self, _token: &str, _user: &U) -> Result<(), Error> {
        Ok(())
    }
}
