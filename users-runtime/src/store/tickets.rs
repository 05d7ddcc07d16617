//! The table of what is used once.

use super::records::{RecordColumn, Table};

/// The table of what is used once, in whichever process: a row is inserted by the first use, and the primary key refuses the second.
/// The struct's key `oauth` declares it, for the states of OAuth logins.
pub static TICKETS: Table = Table::new(
    "auth_ticket",
    &[
        // A SHA-256 in base64url of the kind and the secret, so that a reader of the table cannot use a row.
        RecordColumn::text("id", 43),
        RecordColumn::text("kind", 32),
        RecordColumn::owner("user_id").nullable(),
        RecordColumn::instant("created_at"),
        RecordColumn::instant("expires_at"),
    ],
)
.expiry("expires_at");
