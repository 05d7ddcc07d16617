//! What the user system needs from a database.

mod admin;
mod error;
mod events;
mod expectations;
mod expected;
mod finding;
mod guard;
mod limits;
#[cfg(feature = "mongodb")]
mod mongodb;
#[cfg(feature = "mysql")]
mod mysql;
mod oauth;
#[cfg(feature = "postgres")]
mod postgres;
pub mod records;
mod schema;
#[cfg(all(feature = "sea-orm", any(feature = "sqlite", feature = "postgres")))]
mod sea_orm;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod sql;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod sql_uuid;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(any(
    feature = "sqlite",
    feature = "postgres",
    feature = "mysql",
    feature = "mongodb"
))]
mod tables;
#[cfg(any(
    feature = "sqlite",
    feature = "postgres",
    feature = "mysql",
    feature = "mongodb"
))]
mod tally;
mod tenant_accounts;
mod tenant_users;
mod tenants;
mod tickets;
mod token;
mod transaction;
mod url;

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use chrono::{DateTime, Utc};

pub use admin::{Administration, Cursor, UserSearch};
pub use error::StoreError;
pub use events::EVENTS;
pub use expectations::Expectations;
pub use expected::Expected;
pub use finding::{Finding, FindingKind, Severity};
pub use guard::check_value;
#[cfg(feature = "redis")]
pub use limits::RedisLimits;
pub use limits::{LIMITS, LimitKey, LimitStore, MemoryLimits, Pass, Quota};
#[cfg(feature = "mongodb")]
pub use mongodb::MongoStore;
#[cfg(feature = "mysql")]
pub use mysql::{MySql, MySqlStore};
pub use oauth::{OAuthAccount, OAuthAccountStore};
#[cfg(feature = "postgres")]
pub use postgres::{Postgres, PostgresStore};
pub use schema::{SchemaError, SchemaProblem, SchemaProblemKind};
#[cfg(all(feature = "sea-orm", any(feature = "sqlite", feature = "postgres")))]
pub use sea_orm::{SeaOrm, SeaOrmStore};
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
pub use sql::SqlStore;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
pub use sql_uuid::SqlUuid;
#[cfg(feature = "sqlite")]
pub use sqlite::{Sqlite, SqliteStore};
pub(crate) use tenant_users::TenantUsers;
pub use tenants::TenantStore;
pub(crate) use tenants::{tenant_column, tenant_text};
pub use tickets::TICKETS;
pub use token::{AccessToken, is_token_hash, token_hash};
pub use transaction::{SharedTransaction, StoreTransaction};
pub use url::{DatabaseKind, DatabaseUrl, DatabaseUrlError};

use self::records::RecordStore;
use crate::{model::UserModel, value::Value};

/// A value for one column: its index in [`UserModel::COLUMNS`] and what to store there.
///
/// Its `Debug` shows the column and the kind of the value, since the value may be a password hash.
#[derive(Clone, PartialEq)]
pub struct ColumnValue {
    /// The index in [`UserModel::COLUMNS`].
    pub column: usize,
    /// What to store.
    pub value: Value,
}

impl fmt::Debug for ColumnValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = format_args!("{}", self.value.variant());
        f.debug_struct("ColumnValue")
            .field("column", &self.column)
            .field("value", &kind)
            .finish()
    }
}

/// A store of users.
///
/// An implementation keeps e-mail addresses unique, ignoring case, *in the database* and finds one without a scan.
/// The suite of the module `conformance` (a cargo feature of that name) tests it.
///
/// Every method fails with [`StoreError::Unavailable`] while the database cannot be reached or is too busy. An id or an address
/// that the database could not hold, such as one with a NUL character, is one that no user has; a value to store that it cannot
/// hold is [`StoreError::Value`].
#[async_trait]
pub trait UserStore<U: UserModel>: Send + Sync + 'static {
    /// The user with this id.
    async fn find(&self, id: &U::Id) -> Result<Option<U>, StoreError>;

    /// The user with this address; case is ignored.
    async fn find_by_email(&self, email: &str) -> Result<Option<U>, StoreError>;

    /// Stores a new user. `values` has every column except those that the database fills itself (an id that it assigns).
    ///
    /// # Errors
    ///
    /// [`StoreError::EmailTaken`] when another user has the address, [`StoreError::Conflict`] when another row has a value that
    /// must be unique for another reason.
    async fn insert(&self, values: Vec<ColumnValue>) -> Result<U, StoreError>;

    /// Changes exactly these columns in one statement and returns the user as stored afterwards. With `expected`, nothing
    /// changes unless what is stored fulfils every condition, which the same statement compares.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`], [`StoreError::EmailTaken`], [`StoreError::Conflict`], and [`StoreError::Outdated`] when
    /// something else is stored than expected.
    async fn update(
        &self,
        id: &U::Id,
        changes: Vec<ColumnValue>,
        expected: Option<Expected<'_>>,
    ) -> Result<U, StoreError>;

    /// Whether [`update`](Self::update) compares [`Expected::free_email`], which saves the look-up of another user with a new
    /// address. The default is no.
    fn compares_free_email(&self) -> bool {
        false
    }

    /// Deletes a user together with their access tokens and OAuth accounts, in one transaction.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`]
    async fn delete(&self, id: &U::Id) -> Result<(), StoreError>;

    /// The store's access tokens, if it supports them; the database strategy needs them.
    fn access_tokens(&self) -> Option<&dyn AccessTokenStore<U::Id>> {
        None
    }

    /// The first of these access tokens that is stored, with its user, as stored now; `None` for the user where there is none. The
    /// default reads one after the other; a store that can read both at once saves a statement.
    async fn find_by_token(
        &self,
        candidates: &[&str],
    ) -> Result<Option<(AccessToken<U::Id>, Option<U>)>, StoreError> {
        let Some(tokens) = self.access_tokens() else {
            return Ok(None);
        };
        let Some(token) = tokens.find_token(candidates).await? else {
            return Ok(None);
        };
        let user = self.find(&token.user_id).await?;
        Ok(Some((token, user)))
    }

    /// The store's OAuth accounts, if it supports them; the OAuth routes need them.
    fn oauth_accounts(&self) -> Option<&dyn OAuthAccountStore<U>> {
        None
    }

    /// The tables beside the users' own that [`Config::tables`](crate::model::Config::tables) lists, if the store supports them;
    /// sessions need them.
    fn records(&self) -> Option<&dyn RecordStore<U>> {
        None
    }

    /// The store's rate limits, if it can count them for all processes.
    fn limits(&self) -> Option<&dyn LimitStore> {
        None
    }

    /// Whether the store holds the lists of fields with [`array`](macro@crate::UserModel#array), whose [`Column::items`](crate::value::Column::items) say what the
    /// items are. Default: yes, for a store whose database has arrays, or that stores them as it likes.
    fn has_arrays(&self) -> bool {
        true
    }

    /// The same users on a transaction of the application: [`find`](Self::find), [`find_by_email`](Self::find_by_email),
    /// [`insert`](Self::insert), [`update`](Self::update) and [`delete`](Self::delete) run on it, and the rest need not. `None` where the
    /// transaction is not one of this store's database, and by default.
    fn within(&self, transaction: &SharedTransaction) -> Option<Arc<dyn UserStore<U>>> {
        let _ = transaction;
        None
    }

    /// The look-ups of users by tenant, if the store supports them; a struct with `#[fastapi_users(tenant)]` needs them.
    fn tenants(&self) -> Option<&dyn TenantStore<U>> {
        None
    }

    /// What operators need from the store, if it supports it.
    fn administration(&self) -> Option<&dyn Administration<U>> {
        None
    }
}

/// A store of the access tokens of the database strategy.
#[async_trait]
pub trait AccessTokenStore<Id>: Send + Sync + 'static {
    /// The first of these tokens that is stored (a strategy may ask for a token's hash and its clear text).
    async fn find_token(&self, candidates: &[&str]) -> Result<Option<AccessToken<Id>>, StoreError>;

    /// Stores a token.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] when the token is stored already. [`StoreError::NotFound`] when the user does not exist, in
    /// databases that check this.
    async fn insert_token(&self, token: AccessToken<Id>) -> Result<(), StoreError>;

    /// Deletes a token, and returns whether it existed.
    async fn delete_token(&self, token: &str) -> Result<bool, StoreError>;

    /// Deletes every token of a user except one, and returns how many.
    async fn delete_tokens_of(&self, user: &Id, except: Option<&str>) -> Result<u64, StoreError>;

    /// Deletes every token that was issued before an instant, and returns how many.
    async fn delete_tokens_before(&self, instant: DateTime<Utc>) -> Result<u64, StoreError>;

    /// Every token of a user as it is stored, the oldest first, expired ones included; `None`, the default, if the store does not
    /// list tokens.
    async fn tokens_of(&self, user: &Id) -> Result<Option<Vec<AccessToken<Id>>>, StoreError>
    where
        Id: Sync,
    {
        let _ = user;
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_shown_without_its_value() {
        let shown = |value| format!("{:?}", ColumnValue { column: 2, value });
        assert_eq!(
            shown(Value::Text("$argon2id$secret".to_owned())),
            "ColumnValue { column: 2, value: Text }"
        );
        assert_eq!(
            shown(Value::Bytes(b"secret".to_vec())),
            "ColumnValue { column: 2, value: Bytes }"
        );
        assert_eq!(
            shown(Value::Json("secret".into())),
            "ColumnValue { column: 2, value: Json }"
        );
        assert_eq!(shown(Value::Null), "ColumnValue { column: 2, value: Null }");
        let pretty = format!(
            "{:#?}",
            vec![ColumnValue {
                column: 0,
                value: Value::Text("secret".to_owned())
            }]
        );
        assert!(!pretty.contains("secret"), "{pretty}");
    }
}
