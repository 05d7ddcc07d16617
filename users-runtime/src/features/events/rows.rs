//! The rows of stored events: written with each event, listed by their user, deleted when they are old.

use std::{
    sync::atomic::{AtomicI64, AtomicU32, Ordering},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{
    event::{Event, EventKind},
    repeated::RepeatedAttempts,
    stored::{EventCursor, EventPage, StoredEvent},
};
use crate::{
    error::Error,
    features::limits::network::of_one_client,
    model::UserModel,
    store::{
        EVENTS, StoreError,
        records::{Condition, List, Page, Record, RecordStore},
    },
    users::Users,
    value::Field as _,
};

static OF_USER: List = List {
    table: &EVENTS,
    of: &[Condition::is("user_id")],
    by: "at",
    descending: true,
};

static OF_USER_BEFORE: List = List {
    table: &EVENTS,
    of: &[Condition::is("user_id"), Condition::Less("at", "at")],
    by: "at",
    descending: true,
};

static OF_USER_AT: List = List {
    table: &EVENTS,
    of: &[
        Condition::is("user_id"),
        Condition::is("at"),
        Condition::Less("id", "id"),
    ],
    by: "at",
    descending: true,
};

/// How many old rows are deleted at once.
const PORTION: u32 = 500;
/// After how many seconds, or how many rows, a process deletes old rows again. A portion is more than these rows, so the table does not
/// grow under any load.
const PURGE_INTERVAL: i64 = 60;
const PURGE_ROWS: u32 = 250;
/// The longest text of a column, in code points.
const LONGEST: usize = 255;

/// What a process remembers about the events that it stored.
#[derive(Debug, Default)]
pub(crate) struct StoredEvents {
    repeated: RepeatedAttempts,
    /// When this process deleted old rows last, in seconds since the Unix epoch.
    purged: AtomicI64,
    /// How many rows it has written since.
    written: AtomicU32,
}

impl StoredEvents {
    /// Counts a row, and returns whether it is time to delete old ones. Of several callers at once, one deletes them.
    fn is_time_to_purge(&self, now: DateTime<Utc>) -> bool {
        let (seconds, before) = (now.timestamp(), self.purged.load(Ordering::Relaxed));
        let written = self
            .written
            .fetch_add(1, Ordering::Relaxed)
            .saturating_add(1);
        let is_due = written >= PURGE_ROWS || seconds.saturating_sub(before) >= PURGE_INTERVAL;
        if !is_due || self.written.swap(0, Ordering::Relaxed) == 0 {
            return false;
        }
        self.purged.store(seconds, Ordering::Relaxed);
        true
    }
}

impl<U: UserModel> Users<U> {
    /// Stores an event where the struct declares their table. A failure is logged and changes nothing.
    pub(super) async fn store_event(&self, event: &Event<'_, U>) {
        let Some(records) = self.event_records() else {
            return;
        };
        let stored = &self.inner.stored_events;
        if let Some(subject) = repeated(event)
            && !stored.repeated.is_first(subject, event.at)
        {
            return;
        }
        if let Err(error) = insert(records, event).await {
            let error: &dyn std::error::Error = &error;
            tracing::error!(event = event.kind.name(), error, "an event was not stored");
            return;
        }
        if stored.is_time_to_purge(event.at)
            && let Err(error) = records
                .purge(&EVENTS, self.events_kept_since(event.at), PORTION)
                .await
        {
            let error: &dyn std::error::Error = &error;
            tracing::warn!(error, "old events were not deleted");
        }
    }

    /// A portion of the user's stored events, the newest first: at most `limit`, from the beginning or after a cursor. Events of users
    /// who are deleted, and those of no user, are in none of these lists.
    ///
    /// # Errors
    ///
    /// When the store fails, or the struct does not declare `events`.
    pub async fn events(
        &self,
        user: &U,
        limit: u32,
        after: Option<&EventCursor>,
    ) -> Result<EventPage, Error> {
        let records = self.declared_event_records()?;
        let of = Record::new().with("user_id", user.account().id.to_value());
        // One more than wanted says whether there is a next portion.
        let wanted = limit.saturating_add(1);
        let mut found = Vec::new();
        if let Some(cursor) = after {
            let of = of.clone().with("at", cursor.at);
            let at = of.clone().with("id", cursor.id.as_str());
            let same_instant = records.list(&OF_USER_AT, at, Page::first(wanted)).await?;
            found.extend(same_instant);
            let rest = wanted.saturating_sub(u32::try_from(found.len()).unwrap_or(u32::MAX));
            let older = records.list(&OF_USER_BEFORE, of, Page::first(rest)).await?;
            found.extend(older);
        } else {
            found = records.list(&OF_USER, of, Page::first(wanted)).await?;
        }
        let shown = found.iter().take(limit as usize).map(StoredEvent::read);
        let items = shown.collect::<Result<Vec<_>, _>>()?;
        let has_more = found.len() > items.len();
        let next = items.last().filter(|_| has_more).map(EventCursor::after);
        Ok(EventPage { items, next })
    }

    /// Deletes all stored events that are older than they are kept, and returns how many there were. Requests do so in portions, too.
    ///
    /// # Errors
    ///
    /// When the store fails, or the struct does not declare `events`.
    pub async fn purge_events(&self) -> Result<u64, Error> {
        let records = self.declared_event_records()?;
        let before = self.events_kept_since(self.inner.limiter.now());
        let mut deleted = 0;
        loop {
            let portion = records.purge(&EVENTS, before, PORTION).await?;
            deleted += portion;
            if portion < u64::from(PORTION) {
                return Ok(deleted);
            }
        }
    }

    /// Where events are stored; `None` where the struct does not declare that.
    fn event_records(&self) -> Option<&dyn RecordStore<U>> {
        let records = self.store().records();
        records.filter(|_| U::CONFIG.events.is_some())
    }

    fn declared_event_records(&self) -> Result<&dyn RecordStore<U>, StoreError> {
        let missing = || StoreError::Database("the struct does not declare `events`".into());
        self.event_records().ok_or_else(missing)
    }

    /// The instant before which events are deleted.
    fn events_kept_since(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let keep = self.options().keep_events.or(U::CONFIG.events);
        let keep = TimeDelta::from_std(keep.unwrap_or(Duration::MAX)).unwrap_or(TimeDelta::MAX);
        // Nothing happened before the epoch.
        now.checked_sub_signed(keep).unwrap_or(DateTime::UNIX_EPOCH)
    }
}

/// What is stored once a minute, since a client can repeat it without an end: refused attempts, and former refresh tokens.
fn repeated<U: UserModel>(event: &Event<'_, U>) -> Option<String> {
    match event.kind {
        EventKind::LimitReached { limited } => Some(subject(limited, event)),
        EventKind::RefreshTokenReplayed { .. } => {
            let session = event.session.as_deref().unwrap_or_default();
            Some(format!("replayed {session}"))
        }
        _ => None,
    }
}

/// Which client reached a limit. The user is not part of it: otherwise the time of a refusal would reveal whether there is one.
fn subject<U: UserModel>(limited: &str, event: &Event<'_, U>) -> String {
    event.ip.map_or_else(
        || limited.to_owned(),
        |ip| format!("{limited} {}", of_one_client(ip)),
    )
}

async fn insert<U: UserModel>(
    records: &dyn RecordStore<U>,
    event: &Event<'_, U>,
) -> Result<(), StoreError> {
    let mut details = event.kind.details();
    let record = record(event);
    if let Some(user) = event.user {
        let id = user.account().id;
        if !matches!(event.kind, EventKind::Deleted) {
            let own = record.clone().with("user_id", id.to_value());
            let own = own.with("details", text(&details));
            match records.insert(&EVENTS, own).await {
                // The user was deleted in the meantime.
                Err(StoreError::NotFound) => {}
                inserted => return inserted,
            }
        }
        // Nothing but the row itself says who it was.
        details.insert("user".to_owned(), Value::String(id.to_string()));
    }
    let record = record.with("details", text(&details));
    records.insert(&EVENTS, record).await
}

fn record<U: UserModel>(event: &Event<'_, U>) -> Record {
    Record::new()
        .with("id", Uuid::now_v7().to_string())
        .with("name", event.kind.name())
        .with("actor", shortened(&event.actor.to_string()))
        .with("session", event.session.as_deref().map(shortened))
        .with("ip", event.ip.map(|ip| ip.to_string()))
        .with("at", event.at)
}

fn text(details: &Map<String, Value>) -> String {
    serde_json::to_string(details).unwrap_or_else(|_| "{}".to_owned())
}

/// As much of a text as the column holds.
fn shortened(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}
