//! The table of sessions, and what is done with it.

use crate::{
    store::records::{Assignment, Change, Condition, Delete, Find, List},
    value::{Kind, RecordColumn, Table},
};

/// A row for each login of a backend that keeps sessions.
pub static SESSIONS: Table = Table::new(
    "auth_session",
    &[
        RecordColumn::text("id", 22),
        RecordColumn::owner("user_id"),
        RecordColumn::text("backend", 100),
        // The hash of the access token; NULL where the access tokens are signed.
        RecordColumn::text("token", 43).nullable(),
        RecordColumn::text("stamp", 11),
        RecordColumn::instant("created_at"),
        RecordColumn::instant("authenticated_at"),
        RecordColumn::instant("last_used_at"),
        // The end that nothing moves, and the end unless the session is used before.
        RecordColumn::instant("ends_at"),
        RecordColumn::instant("expires_at"),
        RecordColumn::text("methods", 255),
        RecordColumn::text("ip", 45).nullable(),
        RecordColumn::text("user_agent", 512).nullable(),
        // How often the refresh token has changed, and when it did so last.
        RecordColumn::value("generation", Kind::BigInt),
        RecordColumn::instant("rotated_at").nullable(),
        // Whether a browser keeps the tokens after it is closed.
        RecordColumn::value("is_persistent", Kind::Bool).nullable(),
    ],
)
.unique(&[&["token"]])
.indexes(&[&["user_id", "created_at"], &["expires_at"]])
.expiry("expires_at");

/// The session of a refresh token.
pub(super) static TO_REFRESH: Find = Find::new(&SESSIONS, &[Condition::is("id")]);

/// What every request reads: the address and the name of the client are long, and no decision rests on them.
const OF_REQUEST: &[&str] = &[
    "id",
    "backend",
    "stamp",
    "created_at",
    "authenticated_at",
    "last_used_at",
    "ends_at",
    "expires_at",
    "methods",
];

/// The session of an access token that names it.
pub(super) static BY_ID: Find = Find::new(&SESSIONS, &[Condition::is("id")]).columns(OF_REQUEST);

/// The session of an access token whose hash is stored.
pub(super) static BY_TOKEN: Find =
    Find::new(&SESSIONS, &[Condition::is("token")]).columns(OF_REQUEST);

pub(super) static OF_USER: List = List {
    table: &SESSIONS,
    of: &[
        Condition::is("user_id"),
        Condition::is("backend"),
        Condition::Greater("expires_at", "now"),
    ],
    by: "created_at",
    descending: true,
};

/// The session was used: written once per interval, whichever process comes first.
pub(super) static TOUCH: Change = Change {
    table: &SESSIONS,
    by: &[
        Condition::is("id"),
        Condition::Less("last_used_at", "used_before"),
    ],
    set: &[Assignment::to("last_used_at"), Assignment::to("expires_at")],
};

/// The user changed the password with this session.
pub(super) static KEEP: Change = Change {
    table: &SESSIONS,
    by: &[Condition::is("id")],
    set: &[Assignment::to("stamp")],
};

/// The refresh token is used: of several at once, one wins.
pub(super) static ROTATE: Change = Change {
    table: &SESSIONS,
    by: &[Condition::is("id"), Condition::is("generation")],
    set: &[
        Assignment::Add("generation", 1),
        Assignment::to("rotated_at"),
        Assignment::to("last_used_at"),
        Assignment::to("expires_at"),
    ],
};

pub(super) static END: Delete = Delete {
    table: &SESSIONS,
    of: &[Condition::is("id")],
};

pub(super) static END_OWN: Delete = Delete {
    table: &SESSIONS,
    of: &[
        Condition::is("id"),
        Condition::is("user_id"),
        Condition::is("backend"),
    ],
};

pub(super) static END_ALL: Delete = Delete {
    table: &SESSIONS,
    of: &[Condition::is("user_id"), Condition::is("backend")],
};

pub(super) static END_EVERYONES: Delete = Delete {
    table: &SESSIONS,
    of: &[Condition::is("backend")],
};

pub(super) static END_OTHERS: Delete = Delete {
    table: &SESSIONS,
    of: &[
        Condition::is("user_id"),
        Condition::is("backend"),
        Condition::IsNot("id", "kept"),
    ],
};
