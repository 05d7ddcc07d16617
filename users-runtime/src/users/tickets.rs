//! What is used once, in whichever process.

use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest as _, Sha256};

use super::Users;
use crate::{
    error::Error,
    model::UserModel,
    store::{
        StoreError, TICKETS,
        records::{Record, RecordStore},
    },
};

/// How many expired rows are deleted at once, how many times one use does so at most, and after how many seconds without any the next
/// use looks again.
const PORTION: u32 = 500;
const MOST_PORTIONS: u32 = 8;
const PURGE_INTERVAL: i64 = 60;

/// When this process last deleted expired tickets, in seconds since the Unix epoch.
#[derive(Default)]
pub(crate) struct PurgedTickets(AtomicI64);

impl<U: UserModel> Users<U> {
    /// Where tickets are stored; `None` where the struct does not declare their table, or the store has no tables.
    pub(crate) fn tickets(&self) -> Option<&dyn RecordStore<U>> {
        let records = self.store().records();
        records.filter(|_| U::CONFIG.declares(&TICKETS))
    }

    /// Uses a secret of this kind, which expires within `lifetime`, and returns whether this is its first use.
    ///
    /// Of several uses at once, in whatever processes, the primary key lets exactly one in.
    pub(crate) async fn use_once(
        &self,
        tickets: &dyn RecordStore<U>,
        kind: &'static str,
        secret: &str,
        lifetime: Duration,
    ) -> Result<bool, Error> {
        let now = Utc::now();
        let lifetime = TimeDelta::from_std(lifetime).unwrap_or(TimeDelta::MAX);
        let expires_at = now.checked_add_signed(lifetime);
        let record = Record::new()
            .with("id", ticket_id(kind, secret))
            .with("kind", kind)
            .with("created_at", now)
            .with("expires_at", expires_at.unwrap_or(DateTime::<Utc>::MAX_UTC));
        match tickets.insert(&TICKETS, record).await {
            Ok(()) => {}
            Err(StoreError::Conflict { .. }) => return Ok(false),
            Err(error) => return Err(error.into()),
        }
        self.purge_tickets(tickets, now).await;
        Ok(true)
    }

    /// Deletes what has expired, in portions, at most once per interval. If there is more than one use deletes, the next one goes on at
    /// once, so that the table does not grow under any load. A failure is for the log: a later use tries again.
    async fn purge_tickets(&self, tickets: &dyn RecordStore<U>, now: DateTime<Utc>) {
        let (seconds, purged) = (now.timestamp(), &self.inner.purged_tickets.0);
        let before = purged.load(Ordering::Relaxed);
        if seconds.saturating_sub(before) < PURGE_INTERVAL
            || purged
                .compare_exchange(before, seconds, Ordering::Relaxed, Ordering::Relaxed)
                .is_err()
        {
            return;
        }
        for _ in 0..MOST_PORTIONS {
            match tickets.purge(&TICKETS, now, PORTION).await {
                Ok(deleted) if deleted < u64::from(PORTION) => return,
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "expired tickets were not deleted"
                    );
                    return;
                }
            }
        }
        purged.store(before, Ordering::Relaxed);
    }
}

fn ticket_id(kind: &str, secret: &str) -> String {
    let digest = Sha256::new_with_prefix(b"fastapi-users:ticket\0")
        .chain_update(kind)
        .chain_update([0])
        .chain_update(secret);
    BASE64_URL_SAFE_NO_PAD.encode(digest.finalize())
}
