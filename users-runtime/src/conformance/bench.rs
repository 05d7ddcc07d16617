//! What the checks are written with.

use std::{fmt, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};

use super::{Stores, report::Failed};
use crate::{
    model::UserModel,
    store::{ColumnValue, StoreError, UserStore},
    value::{Role, Value},
};

/// A store under test and how to fill it.
pub(super) struct Bench<'a, U: UserModel> {
    pub(super) store: Arc<dyn UserStore<U>>,
    /// Another store on the same database.
    pub(super) twin: Arc<dyn UserStore<U>>,
    stores: &'a dyn Stores<U>,
}

impl<'a, U: UserModel> Bench<'a, U> {
    pub(super) async fn new(stores: &'a dyn Stores<U>) -> Self {
        let store = stores.fresh().await;
        Self {
            twin: Arc::clone(&store),
            store,
            stores,
        }
    }

    /// With a second store on the same database, which costs connections that most checks do not need.
    pub(super) async fn paired(stores: &'a dyn Stores<U>) -> Self {
        let [store, twin] = stores.pair().await;
        Self {
            store,
            twin,
            stores,
        }
    }

    /// The values of a new user, in the columns' order.
    pub(super) fn values(&self, email: &str) -> Vec<ColumnValue> {
        let columns = U::COLUMNS
            .iter()
            .enumerate()
            .filter_map(|(column, description)| {
                let value = match description.role {
                    Role::Id => crate::value::Field::to_value(&U::new_id()?),
                    Role::Email => Value::Text(email.to_owned()),
                    Role::HashedPassword => Value::Text("$argon2id$hash".to_owned()),
                    Role::IsActive => Value::Bool(true),
                    Role::IsSuperuser | Role::IsVerified => Value::Bool(false),
                    Role::Tenant | Role::Extra => self.stores.sample(description),
                };
                Some(ColumnValue { column, value })
            });
        columns.collect()
    }

    /// The smallest difference between two instants that the store keeps.
    pub(super) fn instant_unit(&self) -> TimeDelta {
        self.stores.instant_unit()
    }

    /// An instant as the store keeps it.
    pub(super) fn kept(&self, instant: DateTime<Utc>) -> DateTime<Utc> {
        let unit = self.instant_unit().num_microseconds().unwrap_or(1);
        let microseconds = instant.timestamp_micros();
        DateTime::from_timestamp_micros(microseconds - microseconds.rem_euclid(unit))
            .unwrap_or(instant)
    }

    /// Stores a new user.
    pub(super) async fn user(&self, email: &str) -> Result<U, StoreError> {
        self.store.insert(self.values(email)).await
    }

    /// Stores a new user and deletes them: an id that no user has.
    pub(super) async fn nobody(&self) -> Result<U::Id, StoreError> {
        let id = self.user("nobody@example.com").await?.account().id.clone();
        self.store.delete(&id).await?;
        Ok(id)
    }

    /// The user as the store has them now.
    pub(super) async fn stored(&self, id: &U::Id) -> Result<U, Failed> {
        self.store
            .find(id)
            .await?
            .ok_or_else(|| Failed(format!("user {id} is gone")))
    }
}

/// The column of a role.
pub(super) fn column<U: UserModel>(role: Role) -> usize {
    U::COLUMNS
        .iter()
        .position(|column| column.role == role)
        .unwrap_or_default()
}

/// A value for the column of a role.
pub(super) fn set<U: UserModel>(role: Role, value: Value) -> ColumnValue {
    ColumnValue {
        column: column::<U>(role),
        value,
    }
}

/// A text for the column of a role.
pub(super) fn text<U: UserModel>(role: Role, text: &str) -> ColumnValue {
    set::<U>(role, Value::Text(text.to_owned()))
}

/// A result for a message: the error, or what there should not have been.
pub(super) fn outcome<T, E: fmt::Debug>(result: &Result<T, E>) -> String {
    match result {
        Ok(_) => "success".to_owned(),
        Err(error) => format!("{error:?}"),
    }
}

/// Fails a check unless a result is the expected error.
macro_rules! refused {
    ($result:expr, $error:pat) => {{
        let result = $result;
        crate::conformance::report::ensure!(
            matches!(result, Err($error)),
            "expected {}, got {}",
            stringify!($error),
            crate::conformance::bench::outcome(&result)
        );
    }};
}
pub(super) use refused;
