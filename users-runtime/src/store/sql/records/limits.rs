//! Rate limits on SQL: one row for each key, and one atomic statement for each pass.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use std::time::Duration;

use super::{Statement, Verb, render::Rendering};
use crate::{
    model::UserModel,
    store::{
        LIMITS, LimitKey, LimitStore, Pass, Quota, StoreError,
        error::unexpected,
        records::{Record, RecordStore},
        sql::{
            SqlStore,
            driver::{Driver, Failure},
        },
        tables::plain,
    },
    value::{Kind, Value},
};

/// The columns of [`LIMITS`].
const KEY: &str = "key";
const TAT: &str = "tat";

/// The names of the arguments: the present, by how much a pass moves a key, and the latest instant from which it may be moved.
const NOW: &str = "now";
const INCREMENT: &str = "increment";
const LATEST: &str = "latest";

/// How often a pass is tried where others create and move the key at the same time.
const ATTEMPTS: usize = 8;

#[async_trait]
impl<U: UserModel, D: Driver> LimitStore for SqlStore<U, D> {
    async fn pass(
        &self,
        keys: &[(LimitKey, Quota)],
        now: DateTime<Utc>,
    ) -> Result<Pass, StoreError> {
        let now = now.timestamp_micros();
        for (position, (key, quota)) in keys.iter().enumerate() {
            let step = Step::new(key, *quota, now);
            let wait = match self.pass_one(&step).await {
                Ok(None) => continue,
                Ok(Some(wait)) => wait,
                Err(error) => {
                    // The error is what the caller must hear of, not a second one.
                    let _ = self.refund(&keys[..position]).await;
                    return Err(error);
                }
            };
            self.refund(&keys[..position]).await?;
            return Ok(Pass::Refused {
                key: position,
                retry_after: wait,
            });
        }
        Ok(Pass::Passed)
    }

    async fn refund(&self, keys: &[(LimitKey, Quota)]) -> Result<(), StoreError> {
        for (key, quota) in keys {
            let statement = self.limit(Verb::Refund, refund)?;
            let arguments = Record::new()
                .with(INCREMENT, quota.increment_micros())
                .with(KEY, key.as_str());
            self.executed(&statement, &arguments).await??;
        }
        Ok(())
    }

    async fn forget(&self, keys: &[LimitKey]) -> Result<(), StoreError> {
        for key in keys {
            let statement = self.limit(Verb::DeleteByKey, |text| text.delete_by_key(&LIMITS))?;
            let arguments = Record::new().with(KEY, key.as_str());
            self.executed(&statement, &arguments).await??;
        }
        Ok(())
    }

    async fn purge(&self, before: DateTime<Utc>, most: u32) -> Result<u64, StoreError> {
        RecordStore::purge(self, &LIMITS, before, most).await
    }
}

/// One pass of one key.
struct Step<'a> {
    key: &'a LimitKey,
    now: i64,
    increment: i64,
    /// The latest theoretical arrival time with which the key still passes.
    latest: i64,
}

impl<'a> Step<'a> {
    fn new(key: &'a LimitKey, quota: Quota, now: i64) -> Self {
        let increment = quota.increment_micros();
        let ahead = quota.tolerance_micros().saturating_sub(increment).max(0);
        Self {
            key,
            now,
            increment,
            latest: now.saturating_add(ahead),
        }
    }

    fn arguments(&self) -> Record {
        Record::new()
            .with(KEY, self.key.as_str())
            .with(TAT, self.now.saturating_add(self.increment))
            .with(NOW, self.now)
            .with(INCREMENT, self.increment)
            .with(LATEST, self.latest)
    }

    /// After how long a key with this theoretical arrival time passes; `None` where it does now.
    fn wait(&self, tat: i64) -> Option<Duration> {
        let micros = u64::try_from(tat.saturating_sub(self.latest)).ok()?;
        (micros > 0).then(|| Duration::from_micros(micros))
    }
}

impl<U: UserModel, D: Driver> SqlStore<U, D> {
    /// Counts a pass of one key; `None` where it passed, or else after how long it would.
    async fn pass_one(&self, step: &Step<'_>) -> Result<Option<Duration>, StoreError> {
        if self.driver.dialect().returning("").is_empty() {
            return self.pass_by_steps(step).await;
        }
        let statement = self.limit(Verb::Pass, upsert)?;
        if !self.read(&statement, &step.arguments()).await?.is_empty() {
            return Ok(None);
        }
        // The key may have been given back or forgotten since: then it would pass at once.
        let tat = self.tat(step.key).await?;
        Ok(Some(
            tat.and_then(|tat| step.wait(tat)).unwrap_or(Duration::ZERO),
        ))
    }

    /// The same where no statement answers whether it wrote: each is atomic, and decides only what it has itself written.
    async fn pass_by_steps(&self, step: &Step<'_>) -> Result<Option<Duration>, StoreError> {
        let (arguments, advance) = (step.arguments(), self.limit(Verb::Move, advance)?);
        for _ in 0..ATTEMPTS {
            if self.executed(&advance, &arguments).await?? > 0 {
                return Ok(None);
            }
            let Some(tat) = self.tat(step.key).await? else {
                let statement = self.limit(Verb::Insert, |text| Ok(text.insert()))?;
                match self.executed(&statement, &arguments).await? {
                    Ok(_) => return Ok(None),
                    // Another pass has created the row since.
                    Err(Failure::Unique(_)) => continue,
                    Err(failure) => return Err(failure.into()),
                }
            };
            if let Some(wait) = step.wait(tat) {
                return Ok(Some(wait));
            }
        }
        Err(StoreError::Unavailable(
            "too many passes of one rate limit at the same time".into(),
        ))
    }

    /// The theoretical arrival time of a key.
    async fn tat(&self, key: &LimitKey) -> Result<Option<i64>, StoreError> {
        let statement = self.limit(Verb::Tat, tat)?;
        let arguments = Record::new().with(KEY, key.as_str());
        let row = self.read(&statement, &arguments).await?.into_iter().next();
        match row.as_deref() {
            None => Ok(None),
            Some([Value::Int(tat)]) => Ok(Some(*tat)),
            Some(_) => Err(unexpected("a stored rate limit cannot be read")),
        }
    }

    fn limit(
        &self,
        verb: Verb,
        render: impl FnOnce(Rendering<'_>) -> Result<Statement, StoreError>,
    ) -> Result<std::sync::Arc<Statement>, StoreError> {
        self.rendered(verb, &LIMITS, &LIMITS, render)
    }
}

/// Creates the row of a key or moves it on. A row that is not moved is not answered with.
fn upsert(mut text: Rendering<'_>) -> Result<Statement, StoreError> {
    let instant = |name| plain(name, Kind::BigInt);
    let (key_column, tat_column) = (text.column(KEY)?, text.column(TAT)?);
    let [key, tat] = [KEY, TAT].map(|name| text.dialect.quote(name));
    let stored = text.qualified(TAT);
    let wanted = text.bind(KEY, key_column);
    let first = text.bind(TAT, tat_column);
    let now = text.bind(NOW, instant(NOW));
    let increment = text.bind(INCREMENT, instant(INCREMENT));
    let latest = text.bind(LATEST, instant(LATEST));
    let moved = text.dialect.greatest(&stored, &now);
    let returning = text.dialect.returning(&stored);
    let sql = format!(
        "INSERT INTO {} ({key}, {tat}) VALUES ({wanted}, {first}) \
         ON CONFLICT ({key}) DO UPDATE SET {tat} = {moved} + {increment} WHERE {stored} <= {latest}{returning}",
        text.table
    );
    Ok(text.answering(sql, vec![tat_column]))
}

/// Moves the row of a key on, if it may be.
fn advance(mut text: Rendering<'_>) -> Result<Statement, StoreError> {
    let instant = |name| plain(name, Kind::BigInt);
    let (tat, stored) = (text.dialect.quote(TAT), text.qualified(TAT));
    let now = text.bind(NOW, instant(NOW));
    let increment = text.bind(INCREMENT, instant(INCREMENT));
    let by_key = text.equals(KEY, KEY)?;
    let latest = text.bind(LATEST, instant(LATEST));
    let moved = text.dialect.greatest(&stored, &now);
    let sql = format!(
        "UPDATE {} SET {tat} = {moved} + {increment} WHERE {by_key} AND {stored} <= {latest}",
        text.table
    );
    Ok(text.silent(sql))
}

/// Moves the row of a key back.
fn refund(mut text: Rendering<'_>) -> Result<Statement, StoreError> {
    let (tat, stored) = (text.dialect.quote(TAT), text.qualified(TAT));
    let increment = text.bind(INCREMENT, plain(INCREMENT, Kind::BigInt));
    let by_key = text.equals(KEY, KEY)?;
    let sql = format!(
        "UPDATE {} SET {tat} = {stored} - {increment} WHERE {by_key}",
        text.table
    );
    Ok(text.silent(sql))
}

/// Reads the theoretical arrival time of a key.
fn tat(mut text: Rendering<'_>) -> Result<Statement, StoreError> {
    let (tat, stored) = (text.column(TAT)?, text.qualified(TAT));
    let by_key = text.equals(KEY, KEY)?;
    let sql = format!("SELECT {stored} FROM {} WHERE {by_key}", text.table);
    Ok(text.answering(sql, vec![tat]))
}
