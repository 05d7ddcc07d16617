//! What operators need from a store.

use std::fmt;

use async_trait::async_trait;

use super::{Expectations, Finding, SchemaError, StoreError};
use crate::{
    model::UserModel,
    value::{Field, UserField, Value},
};

/// What operators need from a store: its users, the state of its database, and the definition of its tables.
///
/// Nothing here changes the database.
#[async_trait]
pub trait Administration<U: UserModel>: Send + Sync + 'static {
    /// The users that match a search, sorted by e-mail address ignoring case and then by id; at most [`limit`](UserSearch::limit)
    /// of them, after the [cursor](UserSearch::after).
    ///
    /// # Errors
    ///
    /// [`StoreError::Value`] when the cursor is invalid, and for a field that holds JSON.
    async fn search(&self, search: &UserSearch) -> Result<Vec<U>, StoreError>;

    /// The number of users that match a search, ignoring its limit and cursor.
    async fn count(&self, search: &UserSearch) -> Result<u64, StoreError>;

    /// Checks the live database and reports what is wrong with it, the most severe findings first.
    ///
    /// It reads every user once, in batches, and writes nothing: a read-only connection is sufficient.
    async fn doctor(&self) -> Result<Vec<Finding>, StoreError> {
        self.examine(&Expectations::new()).await
    }

    /// The same, and also reports rows that differ from what a user system expects of them.
    /// [`Users::doctor`](crate::Users::doctor) calls this with the builder's options.
    async fn examine(&self, expected: &Expectations) -> Result<Vec<Finding>, StoreError>;

    /// What a new database needs, in the database's own language: the tables and indexes as SQL text.
    fn schema(&self) -> String;

    /// What migrating would run on this database now, in the form of [`schema`](Self::schema); empty when nothing is missing.
    /// It is the text of a migration for sqlx or another tool.
    ///
    /// # Errors
    ///
    /// Those of migrating, if it would fail: the statements alone cannot fix the tables.
    async fn pending(&self) -> Result<String, SchemaError>;
}

/// Which users to look for; the default is all users, 50 at a time.
///
/// Its `Debug` shows no part of an address and no value of a field.
#[derive(Clone, PartialEq)]
pub struct UserSearch {
    pub(super) email: Option<String>,
    pub(super) is_active: Option<bool>,
    pub(super) is_superuser: Option<bool>,
    pub(super) is_verified: Option<bool>,
    /// Fields of the application's own, by their names.
    pub(crate) fields: Vec<(&'static str, Value)>,
    pub(super) limit: u32,
    pub(super) after: Option<Cursor>,
}

impl UserSearch {
    /// All users, 50 at a time.
    pub const fn new() -> Self {
        Self {
            email: None,
            is_active: None,
            is_superuser: None,
            is_verified: None,
            fields: Vec::new(),
            limit: 50,
            after: None,
        }
    }

    /// Only users whose address contains this text, ignoring case. `%` and `_` are not wildcards.
    #[must_use]
    pub fn email(mut self, part: impl Into<String>) -> Self {
        self.email = Some(part.into());
        self
    }

    /// Only users whose `is_active` is this.
    #[must_use]
    pub const fn is_active(mut self, flag: bool) -> Self {
        self.is_active = Some(flag);
        self
    }

    /// Only users whose `is_superuser` is this.
    #[must_use]
    pub const fn is_superuser(mut self, flag: bool) -> Self {
        self.is_superuser = Some(flag);
        self
    }

    /// Only users whose `is_verified` is this.
    #[must_use]
    pub const fn is_verified(mut self, flag: bool) -> Self {
        self.is_verified = Some(flag);
        self
    }

    /// Only users whose field is this; `None` finds those that have no value. Every field that is asked for must fit. Texts are compared
    /// exactly.
    ///
    /// JSON cannot be searched by: the search fails then. Lists in [arrays](macro@crate::UserModel#array) can, as a whole.
    ///
    /// A column that is often searched by wants an index of the application's own.
    ///
    /// ```
    /// # use users_runtime::{PasswordHash, UserModel, store::UserSearch};
    /// # #[derive(Clone, Debug, UserModel)]
    /// # #[fastapi_users(backend(name = "web", transport = cookie, strategy = jwt))]
    /// # pub struct User {
    /// #     pub id: i64, pub email: String, pub hashed_password: PasswordHash,
    /// #     pub is_active: bool, pub is_superuser: bool, pub is_verified: bool,
    /// #     pub company: Option<String>,
    /// # }
    /// let colleagues = UserSearch::new().field(User::COMPANY, Some("ACME".to_owned())).is_active(true);
    /// # let _ = colleagues;
    /// ```
    #[must_use]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a value that is looked for, not looked at"
    )]
    pub fn field<U: UserModel, T: Field>(mut self, field: UserField<U, T>, value: T) -> Self {
        self.fields.push((field.name(), value.to_value()));
        self
    }

    /// The maximum number of users; the default is 50.
    #[must_use]
    pub const fn limit(mut self, most: u32) -> Self {
        self.limit = most;
        self
    }

    /// Only users after this cursor. With the last user of one page as the cursor, the next page begins where it ended, even if
    /// that user has been deleted since.
    #[must_use]
    pub fn after(mut self, cursor: Cursor) -> Self {
        self.after = Some(cursor);
        self
    }
}

/// The column of a field that is searched by.
#[cfg(any(
    feature = "sqlite",
    feature = "postgres",
    feature = "mysql",
    feature = "mongodb"
))]
pub(super) fn searched<U: UserModel>(
    field: &str,
) -> Result<&'static crate::value::Column, StoreError> {
    let mut columns = U::COLUMNS.iter();
    let column = columns
        .find(|column| column.field == field)
        .ok_or_else(|| super::error::unexpected("a search by a field of another user type"))?;
    if column.kind == crate::value::Kind::Json && column.items.is_none() {
        return Err(StoreError::Value {
            column: column.name,
            reason: "JSON cannot be searched by",
        });
    }
    Ok(column)
}

impl Default for UserSearch {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for UserSearch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.fields.iter().map(|(name, _)| name).collect();
        f.debug_struct("UserSearch")
            .field("is_active", &self.is_active)
            .field("is_superuser", &self.is_superuser)
            .field("is_verified", &self.is_verified)
            .field("fields", &names)
            .field("limit", &self.limit)
            .field("after", &self.after)
            .finish_non_exhaustive()
    }
}

/// The end of a page of a search.
///
/// Its `Debug` shows the id only.
#[derive(Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The last user's address.
    pub email: String,
    /// The last user's id as text.
    pub id: String,
}

impl Cursor {
    /// The cursor after this user.
    pub fn of<U: UserModel>(user: &U) -> Self {
        let account = user.account();
        Self {
            email: account.email.to_owned(),
            id: account.id.to_string(),
        }
    }
}

impl fmt::Debug for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cursor")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_shown_without_addresses() {
        let cursor = Cursor {
            email: "secret@example.com".into(),
            id: "7".into(),
        };
        let shown = format!(
            "{:?}",
            UserSearch::new()
                .email("secret")
                .is_active(true)
                .after(cursor)
        );
        assert!(
            shown.contains("is_active: Some(true)") && shown.contains("id: \"7\""),
            "{shown}"
        );
        assert!(!shown.contains("secret"), "{shown}");
    }
}
