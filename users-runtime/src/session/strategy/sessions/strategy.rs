//! The session strategy, as backends use it.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{
    SessionStrategy,
    access::Named,
    row::Row,
    store::{PORTION, by_id},
    table,
};
use crate::{
    error::Error,
    model::UserModel,
    password::CredentialsStamp,
    session::{
        Issued, Login, Owner, Presented, SessionInfo,
        strategy::{KeptSessions, RefreshTokens, Strategy, TokenOwner},
    },
    store::records::Record,
    token::Claims,
};

impl<U: UserModel> SessionStrategy<U> {
    /// The session that an access token presents, with its user.
    pub(super) async fn named(
        &self,
        token: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<(Row, U)>, Error> {
        let Some(named) = self.access.named(token, now) else {
            return Ok(None);
        };
        let (find, by, owner) = match named {
            Named::Hash(hash) => (&table::BY_TOKEN, Record::new().with("token", hash), None),
            Named::Id(id) => (&table::BY_ID, by_id(&id), None),
            Named::IdOf(id, user) => (&table::BY_ID, by_id(&id), Some(user)),
        };
        let found = self.sessions.find(find, by, now).await?;
        Ok(found
            .filter(|(_, user)| owner.is_none_or(|owner| user.account().id.to_string() == owner)))
    }

    /// The tokens for a session, whose row has `random` where its access token is random.
    pub(super) fn issued(
        &self,
        row: &Row,
        user: &U,
        refresh: Option<String>,
        now: DateTime<Utc>,
    ) -> Result<Issued, Error> {
        let lifetime = self.sessions.lifetimes.0.access;
        let left = (row.ends_at - now).to_std().unwrap_or_default();
        let lifetime = lifetime.min(left);
        let access = self.access.signed(&row.info.id, user, now, lifetime)?;
        let issued = Issued::new(access);
        Ok(match refresh {
            Some(refresh) => issued.refreshable(refresh, lifetime, Some(left)),
            None => issued,
        })
    }
}

#[async_trait]
impl<U: UserModel> Strategy<U> for SessionStrategy<U> {
    async fn read(&self, token: &str) -> Result<Option<U::Id>, Error> {
        Ok(self.owner(token).await?.map(|owner| owner.user))
    }

    async fn owner(&self, token: &str) -> Result<Option<TokenOwner<U::Id>>, Error> {
        let found = self.named(token, self.sessions.now()).await?;
        Ok(found.map(|(row, user)| {
            TokenOwner::new(user.account().id.clone()).issued_on(Some(row.stamp))
        }))
    }

    async fn present(&self, token: &str) -> Result<Option<Presented<U>>, Error> {
        let now = self.sessions.now();
        let Some((mut row, user)) = self.named(token, now).await? else {
            return Ok(None);
        };
        // A session on former credentials has ended: it is no use of it.
        if self.sessions.is_current(&row, &user) {
            self.sessions.touch(&mut row, now).await;
        }
        let presented = Presented::new(Owner::User(user)).issued_on(Some(row.stamp));
        Ok(Some(presented.session(row.info)))
    }

    fn claims(&self, token: &str) -> Option<Claims> {
        self.access.claims(token, self.sessions.now())
    }

    async fn write(&self, user: &U) -> Result<String, Error> {
        let issued = self.issue(user, &Login::new("unknown")).await?;
        Ok(issued.access)
    }

    async fn issue(&self, user: &U, login: &Login) -> Result<Issued, Error> {
        let now = self.sessions.now();
        let (hash, token) = self.access.random(&*self.sessions.randomness).unzip();
        let row = self.sessions.begin(user, login, hash, now).await?;
        self.sessions.tidy(user, now).await;
        let issued = match token {
            Some(token) => Issued::new(token),
            None => self.issued(&row, user, self.refresh_token(&row.info.id, 0), now)?,
        };
        let issued = issued.session(&row.info.id);
        Ok(issued.persistent(login.remember_me))
    }

    async fn keep(&self, token: &str, user: &U) -> Result<(), Error> {
        let now = self.sessions.now();
        let Some((row, owner)) = self.named(token, now).await? else {
            return Ok(());
        };
        if owner.account().id != user.account().id {
            return Ok(());
        }
        let stamp = CredentialsStamp::of(user.account().hashed_password).to_string();
        let by = by_id(&row.info.id).with("stamp", stamp);
        self.sessions.records()?.change(&table::KEEP, by).await?;
        Ok(())
    }

    async fn destroy(&self, token: &str, _user: &U) -> Result<(), Error> {
        let now = self.sessions.now();
        if let Some((row, _)) = self.named(token, now).await? {
            self.sessions.end(&row.info.id).await?;
        }
        Ok(())
    }

    async fn destroy_all(&self, user: &U, except: Option<&str>) -> Result<(), Error> {
        let now = self.sessions.now();
        let kept = match except {
            Some(token) => self.named(token, now).await?,
            None => None,
        };
        let records = self.sessions.records()?;
        let of = self.sessions.of_any_time(user);
        match kept {
            Some((row, _)) => {
                let of = of.with("kept", row.info.id);
                records.delete(&table::END_OTHERS, of).await?;
            }
            None => {
                records.delete(&table::END_ALL, of).await?;
            }
        }
        Ok(())
    }

    fn can_destroy_all(&self) -> bool {
        true
    }

    async fn destroy_everyones(&self) -> Result<bool, Error> {
        let of = Record::new().with("backend", self.sessions.backend.as_str());
        let records = self.sessions.records()?;
        records.delete(&table::END_EVERYONES, of).await?;
        Ok(true)
    }

    fn is_stamped(&self) -> bool {
        true
    }

    fn sessions(&self) -> Option<&dyn KeptSessions<U>> {
        Some(self)
    }

    fn refresh_tokens(&self) -> Option<&dyn RefreshTokens<U>> {
        self.refresh
            .is_some()
            .then_some(self as &dyn RefreshTokens<U>)
    }
}

#[async_trait]
impl<U: UserModel> KeptSessions<U> for SessionStrategy<U> {
    async fn list(&self, user: &U) -> Result<Vec<SessionInfo>, Error> {
        let now = self.sessions.now();
        let rows = self.sessions.list(user, now).await?.into_iter();
        Ok(rows
            .filter(|row| self.sessions.is_current(row, user))
            .map(|row| row.info)
            .collect())
    }

    async fn end(&self, user: &U, id: &str) -> Result<bool, Error> {
        let of = self.sessions.of_any_time(user).with("id", id);
        let ended = self.sessions.records()?.delete(&table::END_OWN, of).await?;
        Ok(ended > 0)
    }

    /// The table is shared, so the rows of other backends go as well.
    async fn purge(&self) -> Result<u64, Error> {
        let now = self.sessions.now();
        let records = self.sessions.records()?;
        let mut purged = 0;
        loop {
            let portion = records.purge(&table::SESSIONS, now, PORTION).await?;
            purged += portion;
            if portion < u64::from(PORTION) {
                return Ok(purged);
            }
        }
    }
}
