//! The epoch of each user, by which JSON web tokens end before they expire.

use std::sync::Arc;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};

use crate::{
    error::Error,
    model::UserModel,
    store::{
        StoreError, UserStore,
        records::{Assignment, Change, Condition, Find, Record, RecordStore},
    },
    token,
    value::{Field, RecordColumn, Table},
};

/// The table of epochs: a row for each user with a JSON web token of a `revocable` backend, and one for everyone. A token is valid
/// in the epoch that it was issued in.
pub static EPOCHS: Table = Table::new(
    "auth_epoch",
    &[
        RecordColumn::text("id", 22),
        // NULL in the one row that ends the tokens of users without a row of their own.
        RecordColumn::owner("user_id").nullable(),
        // Random, since a number would be counted anew after a row was lost or restored.
        RecordColumn::text("epoch", 11),
        // When the tokens of the user were last revoked; NULL where they never were.
        RecordColumn::instant("advanced_at").nullable(),
    ],
)
.unique(&[&["user_id"]]);

/// The id of the row that ends the tokens of every user.
const EVERYONES: &str = "everyone";

static BY_ID: Find = Find::new(&EPOCHS, &[Condition::is("id")]);

static OF_USER: Find = Find::new(&EPOCHS, &[Condition::is("user_id")]);

static ADVANCE: Change = Change {
    table: &EPOCHS,
    by: &[Condition::is("user_id")],
    set: &[Assignment::to("epoch"), Assignment::to("advanced_at")],
};

static ADVANCE_EVERYONES: Change = Change {
    table: &EPOCHS,
    by: &[],
    set: &[Assignment::to("epoch"), Assignment::to("advanced_at")],
};

/// How often a row is looked for whose insertion another request was faster with.
const ATTEMPTS: usize = 8;

pub(super) struct Epochs<U: UserModel> {
    store: Arc<dyn UserStore<U>>,
}

/// A user's epoch, as stored.
pub(super) struct Epoch {
    pub(super) value: String,
    /// When the user's tokens were last revoked.
    pub(super) advanced_at: Option<DateTime<Utc>>,
}

impl<U: UserModel> Epochs<U> {
    pub(super) const fn new(store: Arc<dyn UserStore<U>>) -> Self {
        Self { store }
    }

    /// The user with this id and their epoch: one statement on SQL. `None` for a user who has no epoch yet, and for no user.
    pub(super) async fn find_with_user(&self, id: &U::Id) -> Result<Option<(Epoch, U)>, Error> {
        let found = self.records()?.find_with_user(&OF_USER, of(id)).await?;
        found
            .map(|(record, user)| Ok((Epoch::read(&record)?, user)))
            .transpose()
    }

    /// The user's epoch, which begins with their first token.
    pub(super) async fn current(&self, user: &U) -> Result<String, Error> {
        let id = user.account().id;
        for _ in 0..ATTEMPTS {
            if let Some(record) = self.records()?.find(&OF_USER, of(id)).await? {
                return Ok(Epoch::read(&record)?.value);
            }
            let record = new_epoch(of(id), None);
            let value = record.text("epoch").map(str::to_owned);
            match self.insert(record).await {
                // Another login has begun the epoch.
                Err(StoreError::Conflict { .. }) => {}
                inserted => {
                    inserted?;
                    return Ok(value.unwrap_or_default());
                }
            }
        }
        Err(busy().into())
    }

    /// Ends every token of a user.
    pub(super) async fn advance(&self, user: &U) -> Result<(), Error> {
        let id = user.account().id;
        for _ in 0..ATTEMPTS {
            let record = new_epoch(of(id), Some(Utc::now()));
            let advanced = self.records()?.change(&ADVANCE, record.clone()).await?;
            if advanced > 0 {
                return Ok(());
            }
            match self.insert(record).await {
                // A login has begun the epoch.
                Err(StoreError::Conflict { .. }) => {}
                // The user is gone, and their tokens with them.
                Ok(()) | Err(StoreError::NotFound) => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
        Err(busy().into())
    }

    /// Ends the tokens of all users, also of those who have no row: their tokens were issued before the backend was `revocable`.
    pub(super) async fn advance_everyones(&self) -> Result<(), Error> {
        let records = self.records()?;
        let record = new_epoch(Record::new(), Some(Utc::now()));
        let everyones = record.clone().with("id", EVERYONES);
        match records.insert(&EPOCHS, everyones).await {
            // It is there since an earlier time, and advances with the others.
            Ok(()) | Err(StoreError::Conflict { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        // After the insertion: a user whose first token comes in between gets a row that the next statement finds, or one that
        // begins after it.
        records.change(&ADVANCE_EVERYONES, record).await?;
        Ok(())
    }

    /// When the tokens of every user were last ended; `None` if they never were.
    pub(super) async fn everyones_advanced_at(&self) -> Result<Option<DateTime<Utc>>, Error> {
        let by = Record::new().with("id", EVERYONES);
        let found = self.records()?.find(&BY_ID, by).await?;
        Ok(found.and_then(|record| record.instant("advanced_at")))
    }

    async fn insert(&self, record: Record) -> Result<(), StoreError> {
        let id = BASE64_URL_SAFE_NO_PAD.encode(token::random_bytes::<16>());
        let records = self.records()?;
        records.insert(&EPOCHS, record.with("id", id)).await
    }

    fn records(&self) -> Result<&dyn RecordStore<U>, StoreError> {
        let missing = || StoreError::Database("the store holds no epochs".into());
        self.store.records().ok_or_else(missing)
    }
}

impl Epoch {
    fn read(record: &Record) -> Result<Self, StoreError> {
        let unreadable = || StoreError::Database("a stored epoch cannot be read".into());
        Ok(Self {
            value: record.text("epoch").ok_or_else(unreadable)?.to_owned(),
            advanced_at: record.instant("advanced_at"),
        })
    }
}

fn of<Id: Field>(id: &Id) -> Record {
    Record::new().with("user_id", id.to_value())
}

fn new_epoch(of: Record, advanced_at: Option<DateTime<Utc>>) -> Record {
    let epoch = BASE64_URL_SAFE_NO_PAD.encode(token::random_bytes::<8>());
    of.with("epoch", epoch).with("advanced_at", advanced_at)
}

fn busy() -> StoreError {
    StoreError::Unavailable("the user's epoch keeps changing".into())
}
