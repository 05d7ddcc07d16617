//! A row of the table of sessions.

use chrono::{DateTime, Utc};

use crate::{
    error::Error,
    password::CredentialsStamp,
    session::SessionInfo,
    store::{StoreError, records::Record},
};

/// A stored session.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) info: SessionInfo,
    pub(super) stamp: CredentialsStamp,
    /// The end that nothing moves.
    pub(super) ends_at: DateTime<Utc>,
    /// How often the refresh token has changed.
    pub(super) generation: i64,
    /// When it did so last.
    pub(super) rotated_at: Option<DateTime<Utc>>,
}

impl Row {
    pub(super) fn read(record: &Record) -> Result<Self, Error> {
        Self::try_read(record).ok_or_else(|| {
            Error::Store(StoreError::Database(
                "a stored session cannot be read".into(),
            ))
        })
    }

    fn try_read(record: &Record) -> Option<Self> {
        let instant = |name| record.instant(name);
        let text = |name| record.text(name).map(str::to_owned);
        let mut info = SessionInfo::new(
            text("id")?,
            text("backend")?,
            instant("created_at")?,
            instant("expires_at")?,
        );
        info.authenticated_at = instant("authenticated_at")?;
        info.last_used_at = instant("last_used_at")?;
        info.methods = record
            .text("methods")?
            .split_ascii_whitespace()
            .map(str::to_owned)
            .collect();
        info.ip = text("ip");
        info.user_agent = text("user_agent");
        Some(Self {
            info,
            stamp: CredentialsStamp::parse(record.text("stamp")?)?,
            ends_at: instant("ends_at")?,
            generation: record.read("generation").ok()?,
            rotated_at: instant("rotated_at"),
        })
    }
}
