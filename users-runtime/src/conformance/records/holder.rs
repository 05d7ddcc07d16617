//! Users with declared tables.

use crate::{
    conformance::member::{Member, Nothing},
    model::{Account, BackendSpec, Config, StrategyKind, UserModel},
    store::LIMITS,
    value::{Column, Kind, RecordColumn, Row, RowError, Table, UserId, Viewer},
};

/// A user of the suite's own who has records: a [`Member`] whose configuration declares tables.
#[derive(Clone, Debug)]
pub struct Holder<Id>(Member<Id>);

/// Rows of a user, with a column of every kind that matters, some of whose names SQL reserves.
pub(crate) static NOTES: Table = Table::new(
    "note",
    &[
        RecordColumn::text("id", 36),
        RecordColumn::owner("user_id"),
        RecordColumn::text("title", 50),
        RecordColumn::value("rank", Kind::Int),
        RecordColumn::instant("expires_at"),
        RecordColumn::text("label", 20).nullable(),
        RecordColumn::value("is_done", Kind::Bool),
        RecordColumn::instant("used_at").nullable(),
        RecordColumn::value("order", Kind::BigInt).nullable(),
        RecordColumn::value("data", Kind::Bytes).nullable(),
        RecordColumn::value("seen", Kind::Timestamp).nullable(),
        RecordColumn::value("extra", Kind::Json).nullable(),
    ],
)
.unique(&[&["user_id", "title"], &["label"]])
.indexes(&[&["user_id", "expires_at"]])
.expiry("expires_at");

/// Rows that belong to a user or to none.
pub(super) static TICKETS: Table = Table::new(
    "ticket",
    &[
        RecordColumn::text("key", 64),
        RecordColumn::owner("holder").nullable(),
        RecordColumn::text("purpose", 32),
    ],
);

/// What the users' configuration declares.
static TABLES: &[&Table] = &[&NOTES, &TICKETS, &LIMITS];

impl<Id: UserId> UserModel for Holder<Id> {
    type Id = Id;
    type Read = Nothing;
    type Loaded = ();
    type Create = Nothing;
    type Update = Nothing;

    const TABLE: &'static str = "user";
    const COLUMNS: &'static [Column] = Member::<Id>::COLUMNS;
    const CONFIG: Config =
        Config::new(&[BackendSpec::bearer("database", StrategyKind::Database)]).tables(TABLES);

    fn from_row(row: &mut Row) -> Result<Self, RowError> {
        Member::from_row(row).map(Self)
    }

    fn account(&self) -> Account<'_, Id> {
        self.0.account()
    }

    fn read_with(&self, email: String, viewer: Viewer, (): ()) -> Nothing {
        self.0.read_with(email, viewer, ())
    }
}
