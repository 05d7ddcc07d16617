//! What the stores on SQL databases have in common: everything but the dialect and the driver.
//!
//! The text of each statement is built once per store from [`UserModel::COLUMNS`] and a `Dialect`; a `Driver` runs it. A new
//! database is those two and nothing else.

pub(super) mod account_statements;
mod administration;
pub(super) mod again;
mod compare;
mod ddl;
pub(super) mod dialect;
mod doctor;
mod draft;
pub(super) mod driver;
pub(super) mod held;
mod migrate;
pub(super) mod names;
mod oauth;
#[cfg(any(feature = "postgres", feature = "sea-orm"))]
pub(super) mod prepared;
pub(super) mod records;
mod room;
mod search;
mod shared;
pub(super) mod statements;
mod table_plan;
mod text;
pub(super) mod token_statements;
mod tokens;
pub(in crate::store) mod unmigrated;
mod updates;
mod users;

use std::{fmt, marker::PhantomData, sync::Arc};

use self::{
    driver::{Argument, Driver, Query},
    records::Rendered,
    statements::Statements,
};
use crate::{
    model::UserModel,
    store::{
        guard,
        tables::{self, Tables},
    },
    value::{Field, Kind, Table, Value},
};

/// A store on an SQL database; see the database's own name for it, e.g. [`SqliteStore`](super::SqliteStore).
///
/// Cheap to clone: clones share the pool and the statements.
pub struct SqlStore<U, D> {
    driver: D,
    names: Names,
    statements: Arc<Statements>,
    records: Arc<Rendered>,
    user: PhantomData<fn() -> U>,
}

/// The names of the tables that belong to the users' table.
#[derive(Clone, Debug)]
struct Names {
    tokens: String,
    oauth: String,
    /// What stands before the names of declared tables.
    prefix: String,
}

impl Names {
    /// A declared table's name in the database.
    fn declared(&self, table: &Table) -> String {
        format!("{}{}", self.prefix, table.name)
    }
}

impl<U: UserModel, D: Driver> SqlStore<U, D> {
    /// A store on a driver, with the original's names for the tables beside the users' own.
    pub(super) fn on(driver: D) -> Self {
        Self::named(
            driver,
            Names {
                tokens: "accesstoken".into(),
                oauth: "oauth_account".into(),
                prefix: String::new(),
            },
        )
    }

    pub(super) fn driver(&self) -> &D {
        &self.driver
    }

    pub(super) fn map_driver(self, map: impl FnOnce(D) -> D) -> Self {
        Self::named(map(self.driver), self.names)
    }

    /// The statements, for a test that looks at the database's plans.
    #[cfg(all(test, feature = "conformance"))]
    pub(super) fn statements(&self) -> &Statements {
        &self.statements
    }

    fn named(driver: D, names: Names) -> Self {
        let statements = Arc::new(Statements::new::<U>(
            driver.dialect(),
            &names.tokens,
            &names.oauth,
        ));
        Self {
            driver,
            names,
            statements,
            records: Arc::default(),
            user: PhantomData,
        }
    }

    /// Keeps access tokens in a table of this name instead of `accesstoken`; needed where one database has several user types.
    #[must_use]
    pub fn access_token_table(self, name: impl Into<String>) -> Self {
        Self::named(
            self.driver,
            Names {
                tokens: name.into(),
                ..self.names
            },
        )
    }

    /// Keeps OAuth accounts in a table of this name instead of `oauth_account`; needed where one database has several user
    /// types.
    #[must_use]
    pub fn oauth_account_table(self, name: impl Into<String>) -> Self {
        Self::named(
            self.driver,
            Names {
                oauth: name.into(),
                ..self.names
            },
        )
    }

    /// Puts a prefix before the names of the tables that [`Config::tables`](crate::model::Config::tables) lists; needed where one
    /// database has several user types, e.g. `"staff_"` for `staff_auth_session`.
    ///
    /// It is not put before the names of the users' table, of the access tokens' and of the OAuth accounts'.
    #[must_use]
    pub fn table_prefix(self, prefix: impl Into<String>) -> Self {
        Self::named(
            self.driver,
            Names {
                prefix: prefix.into(),
                ..self.names
            },
        )
    }

    /// The argument for an id; `None` for an id that no row can have.
    fn id_argument(&self, id: &U::Id) -> Option<Argument> {
        let value = id.to_value();
        guard::check(&Tables::<U>::ID, &value, self.driver.dialect().held()).ok()?;
        Some(Argument::new(Tables::<U>::ID.kind, value))
    }

    /// The argument for a text that is looked for; `None` for one that no row can have.
    fn text_argument(&self, text: &str) -> Option<Argument> {
        let is_storable = self.driver.dialect().holds_nul() || !text.contains('\0');
        is_storable.then(|| Argument::new(Kind::Text, Value::Text(text.to_owned())))
    }

    /// A statement with the id as its only argument; `None` for an id that no row can have.
    fn by_id(&self, sql: &sqlx::SqlStr, id: &U::Id) -> Option<Query> {
        Some(Query {
            sql: sql.clone(),
            arguments: self.compared(self.id_argument(id)?).collect(),
        })
    }

    /// An argument that a column is compared with, as often as its statement wants it.
    fn compared(&self, argument: Argument) -> impl Iterator<Item = Argument> + use<U, D> {
        let times = if argument.kind == Kind::Text {
            self.driver.dialect().arguments_of_text_equals()
        } else {
            1
        };
        std::iter::repeat_n(argument, times)
    }
}

impl<U, D: Clone> Clone for SqlStore<U, D> {
    fn clone(&self) -> Self {
        Self {
            driver: self.driver.clone(),
            names: self.names.clone(),
            statements: Arc::clone(&self.statements),
            records: Arc::clone(&self.records),
            user: PhantomData,
        }
    }
}

impl<U, D> fmt::Debug for SqlStore<U, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqlStore")
            .field("tables", &self.names)
            .finish_non_exhaustive()
    }
}
