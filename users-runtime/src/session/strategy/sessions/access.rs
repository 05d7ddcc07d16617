//! The access tokens of sessions.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::signed::{Purpose, SignedTokens};
use crate::{
    error::Error,
    model::UserModel,
    randomness::Randomness,
    session::strategy::{jwt::SESSION, own_claims::OwnClaims},
    store::token_hash,
    token::{Buffer, Claims, JwtKeys},
};

/// What begins a random token. Its period keeps it from the table of access tokens, which has none of its kind.
const MARK: &str = "s.";

/// What access tokens are.
pub(super) enum AccessTokens {
    /// A random token, whose hash is in the session's row.
    Random,
    /// The session's id with an expiry, authenticated.
    Signed(SignedTokens),
    /// A JSON web token with the session's id.
    Jwt {
        /// What signs it.
        keys: JwtKeys,
        /// Whom it is for.
        audience: String,
        /// The claims of the application.
        own_claims: OwnClaims,
    },
}

/// How a token names its session.
pub(super) enum Named {
    /// By its own hash.
    Hash(String),
    /// By the session's id.
    Id(String),
    /// By the session's id, and the user's beside it.
    IdOf(String, String),
}

impl AccessTokens {
    /// How a token that may be good names its session.
    pub(super) fn named(&self, token: &str, now: DateTime<Utc>) -> Option<Named> {
        match self {
            Self::Random => token
                .starts_with(MARK)
                .then(|| Named::Hash(token_hash(token))),
            Self::Signed(tokens) => tokens.access(token, now).map(Named::Id),
            Self::Jwt { keys, audience, .. } => {
                let mut buffer = Buffer::new();
                let is_expected = |text: &str| text == audience;
                if let Some(claims) = keys.decode_plain(token, &mut buffer, is_expected, now.into())
                {
                    let claims = claims.ok()?;
                    let session = claims.session?.to_owned();
                    return Some(Named::IdOf(session, claims.subject?.to_owned()));
                }
                let claims = keys.decode(token, &[audience], now.into()).ok()?;
                let session = claims.text(SESSION)?.to_owned();
                Some(Named::IdOf(session, claims.text("sub")?.to_owned()))
            }
        }
    }

    /// What a JSON web token of these says.
    pub(super) fn claims(&self, token: &str, now: DateTime<Utc>) -> Option<Claims> {
        match self {
            Self::Jwt { keys, audience, .. } => keys.decode(token, &[audience], now.into()).ok(),
            Self::Random | Self::Signed(_) => None,
        }
    }

    /// The hash that the row of a new session has, with the token; `None` where the row has none.
    pub(super) fn random(&self, randomness: &dyn Randomness) -> Option<(String, String)> {
        matches!(self, Self::Random).then(|| {
            let token = format!("{MARK}{}", randomness.token());
            (token_hash(&token), token)
        })
    }

    /// A token for a session whose row has none.
    pub(super) fn signed<U: UserModel>(
        &self,
        session: &str,
        user: &U,
        now: DateTime<Utc>,
        lifetime: Duration,
    ) -> Result<String, Error> {
        let expires = super::lifetimes::after(now, lifetime).timestamp();
        match self {
            Self::Jwt {
                keys,
                audience,
                own_claims,
            } => {
                let claims = Claims::new()
                    .with("sub", user.account().id.to_string())
                    .with("aud", vec![audience.clone()])
                    .with("iat", now.timestamp())
                    .with("exp", expires)
                    .with(SESSION, session);
                keys.encode(&own_claims.write(claims, user))
                    .map_err(|error| Error::Token(error.into()))
            }
            Self::Signed(tokens) => tokens
                .token(Purpose::Access, session, expires)
                .ok_or_else(|| Error::SessionStorage("a session's id cannot be read".into())),
            Self::Random => Err(Error::SessionStorage("the row has its token".into())),
        }
    }
}
