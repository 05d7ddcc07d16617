//! The operations of the checks, and rows for them.

use uuid::Uuid;

use super::holder::{NOTES, TICKETS};
use crate::{
    model::UserModel,
    store::records::{Assignment, Change, Condition, Delete, Find, List, Record, Take},
    value::{Field, Value},
};

pub(crate) static BY_ID: Find = Find::new(&NOTES, &[Condition::is("id")]);
pub(crate) static BY_TITLE: Find =
    Find::new(&NOTES, &[Condition::is("user_id"), Condition::is("title")]);
pub(crate) static BY_LABEL: Find = Find::new(&NOTES, &[Condition::is("label")]);
pub(crate) static TICKET: Find = Find::new(&TICKETS, &[Condition::is("key")]);
/// A row that is still valid.
pub(crate) static VALID: Find = Find::new(
    &NOTES,
    &[
        Condition::is("id"),
        Condition::Greater("expires_at", "now"),
        Condition::IsNull("used_at"),
    ],
);
pub(crate) static OLDEST: List = List {
    table: &NOTES,
    of: &[Condition::is("user_id")],
    by: "expires_at",
    descending: false,
};
pub(crate) static NEWEST: List = List {
    table: &NOTES,
    of: &[Condition::is("user_id")],
    by: "expires_at",
    descending: true,
};
/// Behind a row, among those that are its equals in the order of a list.
pub(crate) static BEFORE: List = List {
    table: &NOTES,
    of: &[
        Condition::is("user_id"),
        Condition::is("expires_at"),
        Condition::Less("id", "before"),
    ],
    by: "expires_at",
    descending: true,
};
pub(crate) static EDIT: Change = Change {
    table: &NOTES,
    by: &[Condition::is("id")],
    set: &[
        Assignment::to("title"),
        Assignment::To("order", "place"),
        Assignment::Null("label"),
        Assignment::Add("rank", -2),
    ],
};
pub(crate) static RETITLE: Change = Change {
    table: &NOTES,
    by: &[Condition::is("id")],
    set: &[Assignment::to("title")],
};
pub(crate) static COUNT: Change = Change {
    table: &NOTES,
    by: &[Condition::is("id")],
    set: &[Assignment::Add("rank", 1)],
};
/// Compare and set.
pub(crate) static USE: Change = Change {
    table: &NOTES,
    by: &[Condition::is("id"), Condition::IsNull("used_at")],
    set: &[Assignment::to("used_at")],
};
/// Every condition that there is.
pub(crate) static GUARDED: Change = Change {
    table: &NOTES,
    by: &[
        Condition::is("id"),
        Condition::is("is_done"),
        Condition::Is("title", "old_title"),
        Condition::IsNot("label", "other_label"),
        Condition::IsNot("title", "other_title"),
        Condition::Less("rank", "above"),
        Condition::Greater("expires_at", "now"),
        Condition::IsNull("used_at"),
        Condition::IsNotNull("order"),
    ],
    set: &[Assignment::Add("rank", 1)],
};
pub(crate) static TAKE: Take = Take {
    table: &NOTES,
    by: &[Condition::is("id")],
};
pub(crate) static TAKE_VALID: Take = Take {
    table: &NOTES,
    by: &[
        Condition::is("id"),
        Condition::is("title"),
        Condition::Greater("expires_at", "now"),
    ],
};
pub(crate) static DELETE_OTHERS: Delete = Delete {
    table: &NOTES,
    of: &[Condition::is("user_id"), Condition::IsNot("id", "except")],
};

/// An instant in microseconds.
pub(super) const NOW: i64 = 1_700_000_000_123_456;

/// A note of a user, with values where they are required.
pub(super) fn note<U: UserModel>(id: &str, user: &U, title: &str) -> Record {
    Record::new()
        .with("id", id)
        .with("user_id", user.account().id.to_value())
        .with("title", title)
        .with("rank", 5)
        .with("expires_at", NOW)
        .with("is_done", false)
}

/// A value in every column.
pub(super) fn full<U: UserModel>(id: &str, user: &U, title: &str) -> Record {
    note(id, user, title)
        .with("label", "blue")
        .with("is_done", true)
        .with("used_at", i64::MAX)
        .with("order", i64::MIN)
        .with("data", Value::Bytes(vec![0, 255]))
        .with("seen", Value::Timestamp(chrono::DateTime::UNIX_EPOCH))
        .with("extra", Value::Json(serde_json::json!({"a": [1, "é"]})))
}

pub(super) fn ticket(key: &str) -> Record {
    Record::new().with("key", key).with("purpose", "invitation")
}

pub(super) fn id() -> String {
    Uuid::new_v4().to_string()
}

pub(super) fn by_id(id: &str) -> Record {
    Record::new().with("id", id)
}

pub(super) fn of<U: UserModel>(user: &U) -> Record {
    Record::new().with("user_id", user.account().id.to_value())
}
