//! Events as they are stored and listed.

use std::fmt;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::store::{StoreError, records::Record};

/// An event as it is stored.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct StoredEvent {
    /// The event's id, a UUID.
    pub id: String,
    /// The event's [name](crate::events::EventKind::name).
    pub name: String,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// Who did it, in the form of [`Actor`](crate::events::Actor)'s `Display`.
    pub actor: String,
    /// The id of the session in which it happened.
    pub session: Option<String>,
    /// The client's address.
    pub ip: Option<String>,
    /// The [fields of its kind](crate::events::EventKind::details).
    pub details: Map<String, Value>,
}

/// A portion of a user's events.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct EventPage {
    /// The events, the newest first.
    pub items: Vec<StoredEvent>,
    /// Where the next portion begins; `None` at the end.
    pub next: Option<EventCursor>,
}

/// Where a portion of a list of events ended. Its text is for [`parse`](Self::parse) only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventCursor {
    pub(super) at: DateTime<Utc>,
    pub(super) id: String,
}

impl EventCursor {
    /// Reads the text of a cursor; `None` where it is not one.
    pub fn parse(text: &str) -> Option<Self> {
        let (at, id) = text.split_once('_')?;
        Some(Self {
            at: DateTime::from_timestamp_micros(at.parse().ok()?)?,
            id: Uuid::try_parse(id).ok()?.to_string(),
        })
    }

    pub(super) fn after(event: &StoredEvent) -> Self {
        Self {
            at: event.at,
            id: event.id.clone(),
        }
    }
}

impl fmt::Display for EventCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.at.timestamp_micros(), self.id)
    }
}

impl StoredEvent {
    pub(super) fn read(record: &Record) -> Result<Self, StoreError> {
        Self::try_read(record)
            .ok_or_else(|| StoreError::Database("a stored event cannot be read".into()))
    }

    fn try_read(record: &Record) -> Option<Self> {
        let text = |name| record.text(name).map(str::to_owned);
        Some(Self {
            id: text("id")?,
            name: text("name")?,
            at: record.instant("at")?,
            actor: text("actor")?,
            session: text("session"),
            ip: text("ip"),
            details: serde_json::from_str(record.text("details")?).ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_is_written() {
        let cursor = EventCursor {
            at: DateTime::from_timestamp_micros(1_796_000_000_123_456).expect("an instant"),
            id: Uuid::now_v7().to_string(),
        };
        assert_eq!(EventCursor::parse(&cursor.to_string()), Some(cursor));
        for text in [
            "",
            "_",
            "1",
            "1_2",
            "x_00000000-0000-0000-0000-000000000000",
        ] {
            assert_eq!(EventCursor::parse(text), None, "{text}");
        }
    }
}
