//! The JWT strategy.

use std::{
    borrow::Cow,
    fmt,
    time::{Duration, SystemTime},
};

use async_trait::async_trait;

use super::{Strategy, StrategyError, TokenOwner, own_claims::OwnClaims, voided::Voided};
use crate::{
    error::Error,
    model::UserModel,
    password::CredentialsStamp,
    session::Presented,
    token::{Buffer, Claims, JwtKeys, audience_for, is_audience_for, unix_seconds},
    value::UserId as _,
};

/// The audience of access tokens unless another is given.
pub(super) const AUDIENCE: &str = "fastapi-users:auth";
/// The claim with the id of a session, which tokens of this strategy do not have.
pub(super) const SESSION: &str = "sid";
/// The claim with the stamp of the credentials.
const STAMP: &str = "ver";
/// The claim with the epoch of a token that is [revocable](super::RevocableJwtStrategy).
const EPOCH: &str = "epoch";

/// What a valid token of the JWT strategies says.
pub(super) struct ReadToken<Id> {
    pub(super) user: Id,
    /// The stamp of the credentials that it was issued on.
    pub(super) stamp: Option<CredentialsStamp>,
    /// The epoch that it was issued in.
    pub(super) epoch: Option<String>,
    /// When it was issued, in seconds since the Unix epoch, as follows from when it expires; `None` where it never does.
    pub(super) issued: Option<u64>,
}

/// The claims that decide what a token says.
struct Said<'a> {
    subject: Option<&'a str>,
    stamp: Option<&'a str>,
    epoch: Option<&'a str>,
    has_session: bool,
    expires: Option<u64>,
}

/// A signed JSON web token (RFC 7519) with the claims `sub`, `aud`, `ver` and, with a lifetime, `exp`. Nothing is stored, so a
/// logout ends nothing: the token is valid until it expires or the user's password changes, since `ver` is the
/// [stamp](CredentialsStamp) of the credentials that it was issued on.
///
/// A token without `ver`, as FastAPI Users issues it, is valid until it expires.
///
/// Tokens that are [voided](Strategy::void) are refused by this process from then on, unless they never expire.
pub struct JwtStrategy {
    keys: JwtKeys,
    audience: Option<Vec<String>>,
    lifetime: Option<Duration>,
    stamped: bool,
    table_audience: bool,
    issued_at: bool,
    own_claims: OwnClaims,
    voided: Voided,
}

impl JwtStrategy {
    /// Tokens signed by these keys, valid for one hour, for the audience `fastapi-users:auth`; for the users of any table but `user`
    /// it is `fastapi-users:auth:TABLE`, so that two user types with one secret do not accept each other's tokens.
    pub fn new(keys: JwtKeys) -> Self {
        Self {
            keys,
            audience: None,
            lifetime: Some(Duration::from_hours(1)),
            stamped: true,
            table_audience: true,
            issued_at: false,
            own_claims: OwnClaims::default(),
            voided: Voided::default(),
        }
    }

    /// Whom the tokens are for: written as a list into `aud`; one of them is enough when reading.
    #[must_use]
    pub fn audience<I: Into<String>>(mut self, audience: impl IntoIterator<Item = I>) -> Self {
        self.audience = Some(audience.into_iter().map(Into::into).collect());
        self
    }

    /// Whether tokens get the claim `ver` and end with the user's password. The default is yes; FastAPI Users' tokens have none.
    #[must_use]
    pub const fn stamped(mut self, stamped: bool) -> Self {
        self.stamped = stamped;
        self
    }

    /// Whether the audience names the table, for every table but `user`. The default is yes; FastAPI Users has one audience for all.
    #[must_use]
    pub const fn table_audience(mut self, table_audience: bool) -> Self {
        self.table_audience = table_audience;
        self
    }

    /// Whether tokens get the claim `iat`, the second in which they are issued. The default is no.
    #[must_use]
    pub const fn issued_at(mut self, issued_at: bool) -> Self {
        self.issued_at = issued_at;
        self
    }

    /// Adds a claim of the application, whose value is made of the user when a token is issued and stays as it is until the token expires.
    /// [`Users::claims`](crate::Users::claims) reads it. Every holder of the token can read it, too: it is signed, not encrypted.
    ///
    /// A name that the strategy itself writes (`sub`, `aud`, `exp`, `nbf`, `iat`, `ver`, `epoch`, `sid`) is an error of
    /// [`build`](crate::UsersBuilder::build). For declared backends call
    /// [`UsersBuilder::jwt_claim`](crate::UsersBuilder::jwt_claim).
    #[must_use]
    pub fn claim<U: UserModel, V: Into<serde_json::Value>>(
        mut self,
        name: impl Into<String>,
        value: impl Fn(&U) -> V + Send + Sync + 'static,
    ) -> Self {
        self.own_claims.add(name.into(), value);
        self
    }

    /// These claims of the application.
    pub(crate) fn own_claims(mut self, claims: OwnClaims) -> Self {
        self.own_claims = claims;
        self
    }

    /// What a token of this strategy says.
    pub(super) fn all_claims<U: UserModel>(&self, token: &str) -> Option<Claims> {
        let audience = self.audience_of::<U>();
        let audience: Vec<&str> = audience.iter().map(String::as_str).collect();
        self.keys.decode(token, &audience, SystemTime::now()).ok()
    }

    /// What a token says; `None` for one that is invalid or belongs to a session.
    pub(super) fn read_claims<U: UserModel>(&self, token: &str) -> Option<ReadToken<U::Id>> {
        // A token of another backend: a JWS in the compact serialization has two periods (RFC 7515, section 7.1).
        if token.bytes().filter(|byte| *byte == b'.').count() != 2 {
            return None;
        }
        let now = SystemTime::now();
        let mut buffer = Buffer::new();
        let is_expected = |audience: &str| self.expects::<U>(audience);
        if let Some(claims) = self.keys.decode_plain(token, &mut buffer, is_expected, now) {
            let claims = claims.ok()?;
            return self.read_token::<U>(&Said {
                subject: claims.subject,
                stamp: claims.version,
                epoch: claims.epoch,
                has_session: claims.session.is_some(),
                expires: claims.expires,
            });
        }
        let audience = self.audience_of::<U>();
        let audience: Vec<&str> = audience.iter().map(String::as_str).collect();
        let claims = self.keys.decode(token, &audience, now).ok()?;
        // A claim of another type is no stamp and no epoch, and makes the token invalid.
        let text = |name| {
            claims
                .get(name)
                .map_or(Some(None), |claim| claim.as_str().map(Some))
        };
        self.read_token::<U>(&Said {
            subject: claims.text("sub"),
            stamp: text(STAMP)?,
            epoch: text(EPOCH)?,
            has_session: claims.get(SESSION).is_some(),
            expires: claims.get("exp").and_then(serde_json::Value::as_u64),
        })
    }

    fn read_token<U: UserModel>(&self, said: &Said<'_>) -> Option<ReadToken<U::Id>> {
        // A token of a session is valid as long as its row is there, which only its own backend looks at.
        if said.has_session {
            return None;
        }
        let stamp = match said.stamp {
            None => None,
            Some(stamp) => Some(CredentialsStamp::parse(stamp)?),
        };
        let issued = self.lifetime.zip(said.expires);
        Some(ReadToken {
            user: said.subject.and_then(U::Id::parse)?,
            stamp,
            epoch: said.epoch.map(str::to_owned),
            issued: issued.map(|(lifetime, expires)| expires.saturating_sub(lifetime.as_secs())),
        })
    }

    /// A token that was issued at this time, in this epoch.
    pub(super) fn signed<U: UserModel>(
        &self,
        user: &U,
        issued: u64,
        epoch: Option<&str>,
    ) -> Result<String, Error> {
        let account = user.account();
        let mut claims = Claims::new()
            .with("sub", account.id.to_string())
            .with("aud", self.audience_of::<U>().into_owned());
        if self.issued_at {
            claims = claims.with("iat", issued);
        }
        if let Some(lifetime) = self.lifetime {
            claims = claims.with("exp", issued.saturating_add(lifetime.as_secs()));
        }
        if self.stamped {
            let stamp = CredentialsStamp::of(account.hashed_password);
            claims = claims.with(STAMP, stamp.to_string());
        }
        if let Some(epoch) = epoch {
            claims = claims.with(EPOCH, epoch);
        }
        let signed = self.keys.encode(&self.own_claims.write(claims, user));
        signed.map_err(|error| Error::Token(error.into()))
    }

    /// Whether tokens for this audience are accepted.
    fn expects<U: UserModel>(&self, audience: &str) -> bool {
        match &self.audience {
            Some(expected) => expected.iter().any(|expected| expected == audience),
            None if self.table_audience => is_audience_for::<U>(AUDIENCE, audience),
            None => audience == AUDIENCE,
        }
    }

    /// The owner of a valid token.
    fn owner_of<U: UserModel>(&self, token: &str) -> Option<TokenOwner<U::Id>> {
        let read = self.read_claims::<U>(token)?;
        // Whether a token with an epoch has ended, only a backend with `revocable` finds out.
        if read.epoch.is_some() {
            return None;
        }
        // The id's own form, since a token's may differ from it.
        let is_void = !self.voided.is_empty()
            && self.lifetime.is_some()
            && self
                .voided
                .has(&read.user.to_string(), read.stamp, read.issued);
        (!is_void).then(|| TokenOwner::new(read.user).issued_on(read.stamp))
    }

    fn audience_of<U: UserModel>(&self) -> Cow<'_, [String]> {
        match &self.audience {
            Some(audience) => Cow::Borrowed(audience),
            None if self.table_audience => Cow::Owned(vec![audience_for::<U>(AUDIENCE)]),
            None => Cow::Owned(vec![AUDIENCE.to_owned()]),
        }
    }

    /// How long a token is good, in whole seconds; `None` for ever.
    #[must_use]
    pub fn lifetime(mut self, lifetime: impl Into<Option<Duration>>) -> Self {
        self.lifetime = lifetime.into();
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
        Ok(self.owner_of::<U>(token).map(|owner| owner.user))
    }

    async fn owner(&self, token: &str) -> Result<Option<TokenOwner<U::Id>>, Error> {
        Ok(self.owner_of::<U>(token))
    }

    async fn present(&self, token: &str) -> Result<Option<Presented<U>>, Error> {
        Ok(self.owner_of::<U>(token).map(Presented::from))
    }

    fn claims(&self, token: &str) -> Option<Claims> {
        self.all_claims::<U>(token)
    }

    fn is_stamped(&self) -> bool {
        self.stamped
    }

    fn is_stateless(&self) -> bool {
        true
    }

    async fn write(&self, user: &U) -> Result<String, Error> {
        let id = user.account().id.to_string();
        let issued = self.voided.issues_at(&id, unix_seconds(SystemTime::now()));
        self.signed(user, issued, None)
    }

    async fn destroy(&self, _token: &str, _user: &U) -> Result<(), Error> {
        Ok(())
    }

    fn validate(&self) -> Result<(), StrategyError> {
        match self.keys.weakness() {
            Some(weakness) => Err(format!(
                "{weakness}; generate one, for example with `openssl rand -hex 32`"
            )
            .into()),
            None => self.own_claims.validate::<U>(),
        }
    }

    async fn void(&self, user: &U) -> Result<(), Error> {
        let id = user.account().id.to_string();
        if let Some(lifetime) = self.lifetime {
            let stamp = CredentialsStamp::of(user.account().hashed_password);
            let now = unix_seconds(SystemTime::now());
            self.voided.void(id, stamp, now, lifetime.as_secs());
        } else {
            tracing::warn!(user.id = id, "tokens that never expire cannot be voided");
        }
        Ok(())
    }
}
