//! Rate limits on MongoDB: a document for each key, and one atomic update for each pass.

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use mongodb::bson::{Document, doc};

use super::{
    MongoStore,
    documents::parsed,
    failure::{failure, violated},
    values,
};
use crate::{
    model::UserModel,
    store::{
        LIMITS, LimitKey, LimitStore, Pass, Quota, StoreError,
        error::unexpected,
        limits::{advance, latest_arrival},
        records::RecordStore,
    },
};

/// How often a pass is tried while others create, forget and refund its key at the same time.
const ATTEMPTS: u32 = 8;

#[async_trait]
impl<U: UserModel> LimitStore for MongoStore<U> {
    async fn pass(
        &self,
        keys: &[(LimitKey, Quota)],
        now: DateTime<Utc>,
    ) -> Result<Pass, StoreError> {
        let now = now.timestamp_micros();
        if let Some(refused) = self.used_up(keys, now).await? {
            return Ok(refused);
        }
        for (position, (key, quota)) in keys.iter().enumerate() {
            let retry_after = match self.pass_one(key, quota, now).await {
                Ok(None) => continue,
                Ok(Some(retry_after)) => retry_after,
                Err(error) => {
                    // The first error is more informative than a second one.
                    let _ = self.refund(&keys[..position]).await;
                    return Err(error);
                }
            };
            self.refund(&keys[..position]).await?;
            return Ok(Pass::Refused {
                key: position,
                retry_after,
            });
        }
        Ok(Pass::Passed)
    }

    async fn refund(&self, keys: &[(LimitKey, Quota)]) -> Result<(), StoreError> {
        let limits = self.declared(&LIMITS)?;
        for (key, quota) in keys {
            let back = doc! { "$inc": { "tat": -quota.increment_micros() } };
            limits
                .update_one(doc! { "_id": key.as_str() }, back)
                .await
                .map_err(failure)?;
        }
        Ok(())
    }

    async fn forget(&self, keys: &[LimitKey]) -> Result<(), StoreError> {
        let keys = keys.iter().map(LimitKey::as_str).collect::<Vec<_>>();
        self.declared(&LIMITS)?
            .delete_many(doc! { "_id": { "$in": keys } })
            .await
            .map(drop)
            .map_err(failure)
    }

    async fn purge(&self, before: DateTime<Utc>, most: u32) -> Result<u64, StoreError> {
        RecordStore::purge(self, &LIMITS, before, most).await
    }
}

impl<U: UserModel> MongoStore<U> {
    /// The refusal by the first key that is used up. A guess at an account that is locked ends here: it is one read, where counting the
    /// other keys and giving them back are six commands.
    async fn used_up(
        &self,
        keys: &[(LimitKey, Quota)],
        now: i64,
    ) -> Result<Option<Pass>, StoreError> {
        let limits = self.declared(&LIMITS)?;
        let ids = keys.iter().map(|(key, _)| key.as_str());
        let these = doc! { "_id": { "$in": ids.collect::<Vec<_>>() } };
        let mut found = limits.find(these).await.map_err(failure)?;
        let mut first: Option<(usize, Duration)> = None;
        while found.advance().await.map_err(failure)? {
            let stored = parsed(found.current())?;
            let id = stored.get_str("_id").ok();
            let position = keys.iter().position(|(key, _)| id == Some(key.as_str()));
            let Some(position) = position.filter(|at| first.is_none_or(|(first, _)| *at < first))
            else {
                continue;
            };
            if let Err(wait) = advance(Some(arrival(&stored)?), &keys[position].1, now) {
                first = Some((position, wait));
            }
        }
        Ok(first.map(|(key, retry_after)| Pass::Refused { key, retry_after }))
    }

    /// Counts one pass of a key; the time to wait where it is refused.
    async fn pass_one(
        &self,
        key: &LimitKey,
        quota: &Quota,
        now: i64,
    ) -> Result<Option<Duration>, StoreError> {
        let limits = self.declared(&LIMITS)?;
        let (key, latest) = (key.as_str(), latest_arrival(quota, now));
        // Without a document, `$max` ignores the field that is missing.
        let tat = doc! { "$add": [{ "$max": ["$tat", now] }, quota.increment_micros()] };
        for _ in 0..ATTEMPTS {
            let passed = limits
                .update_one(
                    doc! { "_id": key, "tat": { "$lte": latest } },
                    vec![doc! { "$set": { "tat": tat.clone() } }],
                )
                .upsert(true)
                .await;
            match passed {
                Ok(_) => return Ok(None),
                // The key is there: it is used up, or was created at the same time.
                Err(error) if violated(&error).is_some() => {}
                Err(error) => return Err(failure(error)),
            }
            let stored = limits.find_one(doc! { "_id": key }).await;
            if let Some(stored) = stored.map_err(failure)? {
                let stored = arrival(&parsed(&stored)?)?;
                if let Err(retry_after) = advance(Some(stored), quota, now) {
                    return Ok(Some(retry_after));
                }
            }
        }
        Ok(Some(Duration::ZERO))
    }
}

/// The theoretical arrival time in a stored document.
fn arrival(stored: &Document) -> Result<i64, StoreError> {
    let tat = stored.get("tat").and_then(values::number);
    tat.ok_or_else(|| unexpected("a stored limit cannot be read"))
}
