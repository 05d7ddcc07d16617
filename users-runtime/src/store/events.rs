//! The table of events.

use super::records::{RecordColumn, Table};
use crate::value::Kind;

/// The table of events: a row for each, which the struct's key `events` declares. The rows of a user are deleted with the user.
pub static EVENTS: Table = Table::new(
    "auth_event",
    &[
        // A UUID of version 7: of two events at one instant, the later has the greater one.
        RecordColumn::text("id", 36),
        // NULL where no user is known, as for a login with an unknown address, and where the user is deleted.
        RecordColumn::owner("user_id").nullable(),
        RecordColumn::text("name", 64),
        RecordColumn::text("actor", 255),
        RecordColumn::text("session", 255).nullable(),
        RecordColumn::text("ip", 45).nullable(),
        RecordColumn::instant("at"),
        // A JSON object.
        RecordColumn::value("details", Kind::Text),
    ],
)
.indexes(&[&["user_id", "at"], &["at"]])
.expiry("at");
