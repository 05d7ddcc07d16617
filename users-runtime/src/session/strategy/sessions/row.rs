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
}

/// What a session's row says of its refresh token.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rotation {
    /// How often the token has changed.
    pub(super) generation: i64,
    /// When it did so last.
    pub(super) rotated_at: Option<DateTime<Utc>>,
    /// Whether a browser keeps the tokens after it is closed.
    pub(super) is_persistent: bool,
}

impl Row {
    pub(super) fn read(record: Record) -> Result<Self, Error> {
        Self::try_read(record).ok_or_else(unreadable)
    }

    /// A column that was not read, such as the address, is as one without a value.
    fn try_read(mut record: Record) -> Option<Self> {
        let mut info = SessionInfo::new(
            record.take_text("id")?,
            record.take_text("backend")?,
            record.instant("created_at")?,
            record.instant("expires_at")?,
        );
        info.authenticated_at = record.instant("authenticated_at")?;
        info.last_used_at = record.instant("last_used_at")?;
        info.methods = record
            .text("methods")?
            .split_ascii_whitespace()
            .map(str::to_owned)
            .collect();
        info.ip = record.take_text("ip");
        info.user_agent = record.take_text("user_agent");
        Some(Self {
            info,
            stamp: CredentialsStamp::parse(record.text("stamp")?)?,
            ends_at: record.instant("ends_at")?,
        })
    }
}

impl Rotation {
    pub(super) fn read(record: &Record) -> Result<Self, Error> {
        let is_persistent: Option<bool> = record.read("is_persistent").map_err(|_| unreadable())?;
        Ok(Self {
            generation: record.read("generation").map_err(|_| unreadable())?,
            rotated_at: record.instant("rotated_at"),
            // Yes for a session from before the column was added.
            is_persistent: is_persistent.unwrap_or(true),
        })
    }
}

fn unreadable() -> Error {
    Error::Store(StoreError::Database(
        "a stored session cannot be read".into(),
    ))
}
