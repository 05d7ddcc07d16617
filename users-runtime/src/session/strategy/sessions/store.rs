//! The rows of one backend's sessions.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};

use super::{
    lifetimes::Lifetimes,
    row::{Rotation, Row},
    signed, table,
};
use crate::{
    clock::Clock,
    error::Error,
    model::UserModel,
    password::CredentialsStamp,
    randomness::Randomness,
    session::Login,
    store::{
        UserStore,
        records::{Find, Page, Record, RecordStore},
    },
    value::Field as _,
};

/// How many rows one login purges at most, and after how many seconds the next login does so again.
pub(super) const PORTION: u32 = 500;
const PURGE_INTERVAL: i64 = 60;

/// How many sessions beyond the most are ended at once.
const EXCESS: u32 = 50;

pub(super) struct Sessions<U: UserModel> {
    pub(super) store: Arc<dyn UserStore<U>>,
    pub(super) backend: String,
    pub(super) lifetimes: Lifetimes,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) randomness: Arc<dyn Randomness>,
    /// When this process purged expired rows last, in seconds since the Unix epoch.
    pub(super) purged: Arc<AtomicI64>,
    /// Whether a session ends with the password that it began on.
    pub(super) follows_credentials: bool,
}

impl<U: UserModel> Sessions<U> {
    pub(super) fn records(&self) -> Result<&dyn RecordStore<U>, Error> {
        self.store
            .records()
            .ok_or_else(|| Error::SessionStorage("the store holds no sessions".into()))
    }

    /// The present instant, in whole microseconds as it is stored.
    pub(super) fn now(&self) -> DateTime<Utc> {
        let now = self.clock.now();
        DateTime::from_timestamp_micros(now.timestamp_micros()).unwrap_or(now)
    }

    /// The session of this backend that a row is, with its user; `None` for one that has ended.
    pub(super) async fn find(
        &self,
        find: &'static Find,
        by: Record,
        now: DateTime<Utc>,
    ) -> Result<Option<(Row, U)>, Error> {
        let found = self.records()?.find_with_user(find, by).await?;
        let Some((record, user)) = found else {
            return Ok(None);
        };
        let row = Row::read(record)?;
        Ok(self.is_valid(&row, now).then_some((row, user)))
    }

    /// The session of this backend with an id, what its row says of the refresh token, and its user; `None` for one that has ended.
    pub(super) async fn find_to_refresh(
        &self,
        id: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<(Row, Rotation, U)>, Error> {
        let records = self.records()?;
        let found = records.find_with_user(&table::TO_REFRESH, by_id(id));
        let Some((record, user)) = found.await? else {
            return Ok(None);
        };
        let (rotation, row) = (Rotation::read(&record)?, Row::read(record)?);
        Ok(self.is_valid(&row, now).then_some((row, rotation, user)))
    }

    fn is_valid(&self, row: &Row, now: DateTime<Utc>) -> bool {
        row.info.backend == self.backend && now < row.info.expires_at
    }

    /// Stores the session of a login, and answers with it.
    pub(super) async fn begin(
        &self,
        user: &U,
        login: &Login,
        token: Option<String>,
        now: DateTime<Utc>,
    ) -> Result<Row, Error> {
        let options = self.lifetimes.0;
        let id = BASE64_URL_SAFE_NO_PAD.encode(self.randomness.bytes::<{ signed::ID }>());
        let ends_at = self.lifetimes.ends_at(now, login.remember_me);
        let ip = login.ip.filter(|_| options.records_ip);
        let agent = login
            .user_agent
            .as_deref()
            .filter(|_| options.records_user_agent);
        let record = Record::new()
            .with("id", id)
            .with("user_id", user.account().id.to_value())
            .with("backend", self.backend.as_str())
            .with("token", token)
            .with(
                "stamp",
                CredentialsStamp::of(user.account().hashed_password).to_string(),
            )
            .with("created_at", now)
            .with("authenticated_at", now)
            .with("last_used_at", now)
            .with("ends_at", ends_at)
            .with("expires_at", self.lifetimes.expires_at(now, ends_at))
            .with("methods", login.methods.join(" "))
            .with("ip", ip.map(|ip| ip.to_string()))
            .with("user_agent", agent.map(kept_agent))
            .with("generation", 0)
            .with("is_persistent", login.remember_me);
        let row = Row::read(record.clone())?;
        self.records()?.insert(&table::SESSIONS, record).await?;
        Ok(row)
    }

    /// Ends the user's oldest sessions beyond the most, and now and then purges rows that have expired. What fails here is tried again
    /// by the next login.
    pub(super) async fn tidy(&self, user: &U, now: DateTime<Utc>) {
        if let Err(error) = self.try_tidy(user, now).await {
            tracing::warn!(
                backend = self.backend,
                error = &error as &dyn std::error::Error,
                "old sessions were not deleted"
            );
        }
    }

    async fn try_tidy(&self, user: &U, now: DateTime<Utc>) -> Result<(), Error> {
        let page = Page {
            offset: self.lifetimes.0.most,
            limit: EXCESS,
        };
        let records = self.records()?;
        for oldest in records
            .list(&table::OF_USER, self.of(user, now), page)
            .await?
        {
            if let Some(id) = oldest.text("id") {
                records.delete(&table::END, by_id(id)).await?;
            }
        }
        let seconds = now.timestamp();
        let before = self.purged.load(Ordering::Relaxed);
        let is_due = seconds.saturating_sub(before) >= PURGE_INTERVAL;
        let exchanged = |()| {
            self.purged
                .compare_exchange(before, seconds, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
        };
        if is_due && exchanged(()) {
            let purged = records.purge(&table::SESSIONS, now, PORTION).await?;
            if purged >= u64::from(PORTION) {
                // There may be more: the next login goes on at once, and the table does not grow under any load.
                self.purged.store(before, Ordering::Relaxed);
            }
        }
        Ok(())
    }

    /// The user's sessions, the newest first.
    pub(super) async fn list(&self, user: &U, now: DateTime<Utc>) -> Result<Vec<Row>, Error> {
        let page = Page::first(self.lifetimes.0.most.saturating_add(EXCESS));
        let records = self.records()?;
        let found = records
            .list(&table::OF_USER, self.of(user, now), page)
            .await?;
        found.into_iter().map(Row::read).collect()
    }

    /// Writes that a session was used, unless that was written within the interval.
    pub(super) async fn touch(&self, row: &mut Row, now: DateTime<Utc>) {
        let before = self.lifetimes.written_before(now);
        if row.info.last_used_at >= before {
            return;
        }
        let expires_at = self.lifetimes.expires_at(now, row.ends_at);
        let by = by_id(&row.info.id)
            .with("used_before", before)
            .with("last_used_at", now)
            .with("expires_at", expires_at);
        let written = match self.records() {
            Ok(records) => records.change(&table::TOUCH, by).await.map_err(Error::from),
            Err(error) => Err(error),
        };
        match written {
            Ok(_) => {
                row.info.last_used_at = now;
                row.info.expires_at = expires_at;
            }
            // The session is good; the next request tries again.
            Err(error) => tracing::warn!(
                error = &error as &dyn std::error::Error,
                "the use of a session was not written"
            ),
        }
    }

    /// Whether a session is one of the user's present credentials.
    pub(super) fn is_current(&self, row: &Row, user: &U) -> bool {
        !self.follows_credentials
            || row.stamp == CredentialsStamp::of(user.account().hashed_password)
    }

    pub(super) async fn end(&self, id: &str) -> Result<bool, Error> {
        Ok(self.records()?.delete(&table::END, by_id(id)).await? > 0)
    }

    pub(super) fn of(&self, user: &U, now: DateTime<Utc>) -> Record {
        self.of_any_time(user).with("now", now)
    }

    pub(super) fn of_any_time(&self, user: &U) -> Record {
        Record::new()
            .with("user_id", user.account().id.to_value())
            .with("backend", self.backend.as_str())
    }
}

pub(super) fn by_id(id: &str) -> Record {
    Record::new().with("id", id)
}

/// As much of a client's name as the column holds.
fn kept_agent(name: &str) -> String {
    name.chars()
        .filter(|letter| !letter.is_control())
        .take(512)
        .collect()
}
