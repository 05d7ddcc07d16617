//! The tokens that prove an e-mail address: for verification and for a password reset.

use std::time::{Duration, SystemTime};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};

use super::Users;
use crate::{
    error::Error,
    model::UserModel,
    password::{Password, PasswordHash, Verdict},
    token::{Claims, JwtKeys},
    value::UserId as _,
};

/// The audience of reset tokens.
const RESET_AUDIENCE: &str = "fastapi-users:reset";
/// The audience of verification tokens.
const VERIFY_AUDIENCE: &str = "fastapi-users:verify";
/// The audience of tokens that unlock an account.
const UNLOCK_AUDIENCE: &str = "fastapi-users:unlock";

/// What a token says that unlocks an account.
#[derive(Debug)]
pub(crate) struct UnlockToken<Id> {
    pub(crate) user: Id,
    /// What no other token has.
    pub(crate) id: String,
    fingerprint: String,
}

impl<U: UserModel> Users<U> {
    pub(crate) fn verify_token(&self, user: &U) -> Result<String, Error> {
        let account = user.account();
        let claims = Claims::new()
            .with("sub", account.id.to_string())
            .with("email", account.email)
            .with("aud", self.audience(VERIFY_AUDIENCE));
        sign(
            &self.inner.verify_keys,
            claims,
            self.options().verify_token_lifetime,
        )
    }

    /// The id and the address that a verification token is for.
    pub(crate) fn read_verify_token(&self, token: &str) -> Option<(U::Id, String)> {
        let claims = self
            .inner
            .verify_keys
            .decode(token, &[&self.audience(VERIFY_AUDIENCE)], SystemTime::now())
            .ok()?;
        Some((subject::<U>(&claims)?, claims.text("email")?.to_owned()))
    }

    pub(crate) async fn reset_token(&self, user: &U) -> Result<String, Error> {
        let account = user.account();
        let fingerprint = self
            .fingerprint(account.email, account.hashed_password)
            .await?;
        let claims = Claims::new()
            .with("sub", account.id.to_string())
            .with("password_fgpt", fingerprint)
            .with("aud", self.audience(RESET_AUDIENCE));
        sign(
            &self.inner.reset_keys,
            claims,
            self.options().reset_token_lifetime,
        )
    }

    /// The id that a reset token is for, and its fingerprint of the password.
    pub(crate) fn read_reset_token(&self, token: &str) -> Option<(U::Id, String)> {
        let claims = self
            .inner
            .reset_keys
            .decode(token, &[&self.audience(RESET_AUDIENCE)], SystemTime::now())
            .ok()?;
        Some((
            subject::<U>(&claims)?,
            claims.text("password_fgpt")?.to_owned(),
        ))
    }

    pub(crate) fn unlock_token(&self, user: &U, lifetime: Duration) -> Result<String, Error> {
        let account = user.account();
        let mac = self.inner.reset_keys.mac(&Self::unlocks(user));
        let claims = Claims::new()
            .with("sub", account.id.to_string())
            .with("jti", self.inner.randomness.token())
            .with("password_fgpt", BASE64_URL_SAFE_NO_PAD.encode(mac))
            .with("aud", self.audience(UNLOCK_AUDIENCE));
        sign(&self.inner.reset_keys, claims, lifetime)
    }

    /// What a token says that unlocks an account.
    pub(crate) fn read_unlock_token(&self, token: &str) -> Option<UnlockToken<U::Id>> {
        let claims = self
            .inner
            .reset_keys
            .decode(token, &[&self.audience(UNLOCK_AUDIENCE)], SystemTime::now())
            .ok()?;
        Some(UnlockToken {
            user: subject::<U>(&claims)?,
            id: claims.text("jti")?.to_owned(),
            fingerprint: claims.text("password_fgpt")?.to_owned(),
        })
    }

    /// Whether the user has the password and the address that the token was made for.
    pub(crate) fn is_token_of(&self, user: &U, token: &UnlockToken<U::Id>) -> bool {
        let mac = BASE64_URL_SAFE_NO_PAD.decode(&token.fingerprint);
        let message = Self::unlocks(user);
        mac.is_ok_and(|mac| self.inner.reset_keys.is_mac(&message, &mac))
    }

    fn unlocks(user: &U) -> Vec<u8> {
        let account = user.account();
        let mut message = b"fastapi-users:unlock\0".to_vec();
        message.extend(Self::bound_to(account.email, account.hashed_password));
        message
    }

    /// What binds a reset token to the present password.
    ///
    /// FastAPI Users takes an argon2 hash of the stored hash, which a transparent re-hash invalidates and a new address does
    /// not. Ours is a MAC of the address and of the hash's salt, which an upgrade keeps. The hash is made after the answer, in a
    /// lane of its own.
    async fn fingerprint(&self, email: &str, hash: &PasswordHash) -> Result<String, Error> {
        if self.options().reset_token_follows_email {
            let mac = self.inner.reset_keys.mac(&Self::bound_to(email, hash));
            return Ok(BASE64_URL_SAFE_NO_PAD.encode(mac));
        }
        let stored = Password::from(hash.expose());
        let fingerprint = self.passwords().hash_late(stored).await?;
        Ok(fingerprint.expose().to_owned())
    }

    /// Whether a reset token's fingerprint is that of the present password. Both forms are read in both modes.
    pub(crate) async fn fingerprint_matches(
        &self,
        user: &U,
        fingerprint: String,
    ) -> Result<bool, Error> {
        let account = user.account();
        if fingerprint.starts_with('$') {
            let hash = Password::from(account.hashed_password.expose());
            return Ok(self
                .passwords()
                .verify(hash, PasswordHash::new(fingerprint))
                .await?
                != Verdict::Wrong);
        }
        let message = Self::bound_to(account.email, account.hashed_password);
        let mac = BASE64_URL_SAFE_NO_PAD.decode(fingerprint);
        Ok(mac.is_ok_and(|mac| self.inner.reset_keys.is_mac(&message, &mac)))
    }

    /// Whether a reset token with this fingerprint proves the present address. One of FastAPI Users does not: it is bound to the
    /// password alone, and the address may be another by now.
    pub(crate) fn proves_address(&self, fingerprint: &str) -> bool {
        self.options().reset_token_follows_email && !fingerprint.starts_with('$')
    }

    /// What a fingerprint authenticates.
    fn bound_to(email: &str, hash: &PasswordHash) -> Vec<u8> {
        let mut message = b"fastapi-users:reset:fingerprint\0".to_vec();
        message.extend_from_slice(email.as_bytes());
        message.push(0);
        match hash.salt() {
            Some(salt) => message.extend_from_slice(&salt),
            None => message.extend_from_slice(hash.expose().as_bytes()),
        }
        message
    }
}

fn sign(keys: &JwtKeys, claims: Claims, lifetime: Duration) -> Result<String, Error> {
    keys.encode(&claims.expiring(Some(lifetime)))
        .map_err(|error| Error::Token(error.into()))
}

fn subject<U: UserModel>(claims: &Claims) -> Option<U::Id> {
    U::Id::parse(claims.text("sub")?)
}
