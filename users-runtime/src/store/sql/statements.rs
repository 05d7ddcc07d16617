//! The text of every statement, built once per store.

use sqlx::SqlStr;

use super::{
    account_statements::AccountStatements,
    dialect::{Dialect, assigns},
    tables::Tables,
    text::{equals, of_tenant, selected, statement},
    token_statements::TokenStatements,
    updates::{Updates, guards, update_text},
};
use crate::{model::UserModel, store::Expected};

/// The statements of one store.
pub(crate) struct Statements {
    /// A user by id.
    pub find: SqlStr,
    /// Users by address, without regard to case.
    pub find_by_email: SqlStr,
    /// Users of a tenant by address, where users belong to tenants.
    pub find_in_tenant: Option<SqlStr>,
    /// A user's id by id: whether there is such a user.
    pub exists: SqlStr,
    /// The same, and the row is kept from others until the transaction ends.
    pub lock: SqlStr,
    /// Deletes a user.
    pub delete: SqlStr,
    /// Those on access tokens.
    pub tokens: TokenStatements,
    /// Those on OAuth accounts.
    pub accounts: AccountStatements,
    insert: Insert,
    /// The users' table, quoted.
    users: String,
    updates: Updates,
}

/// What the variable statements are made of.
struct Insert {
    /// The statement for the usual columns: all, but the id where the database assigns it.
    usual: (Vec<usize>, SqlStr),
    head: String,
    tail: String,
}

impl Statements {
    /// Builds the statements for a user type and the names of the tables that belong to it.
    pub(super) fn new<U: UserModel>(
        dialect: &dyn Dialect,
        token_table: &str,
        oauth_table: &str,
    ) -> Self {
        let users = dialect.quote(U::TABLE);
        let id = dialect.qualified(U::TABLE, Tables::<U>::ID.name);
        let all = selected(dialect, U::TABLE, U::COLUMNS);
        let first = dialect.placeholder(1);
        let wanted = dialect.wanted_email(U::TABLE, Tables::<U>::EMAIL.name, &first);
        let indexed = dialect.indexed_email(U::TABLE, Tables::<U>::EMAIL.name);
        let by_id = equals::<U>(dialect, &id, &first);
        let of_tenant = of_tenant::<U>(dialect, 2);
        let by_email = format!("SELECT {all} FROM {users} WHERE {indexed} = {wanted}");
        Self {
            find: statement(format!("SELECT {all} FROM {users} WHERE {by_id}")),
            find_in_tenant: of_tenant.map(|of_tenant| statement(format!("{by_email}{of_tenant}"))),
            find_by_email: statement(by_email),
            exists: statement(format!("SELECT {id} FROM {users} WHERE {by_id}")),
            lock: statement(format!(
                "SELECT {id} FROM {users} WHERE {by_id}{}",
                dialect.for_update()
            )),
            delete: statement(format!("DELETE FROM {users} WHERE {by_id}")),
            tokens: TokenStatements::new::<U>(dialect, token_table),
            accounts: AccountStatements::new::<U>(dialect, oauth_table),
            insert: Insert::new::<U>(dialect),
            users,
            updates: Updates::default(),
        }
    }

    /// Stores a user with values for these columns, in ascending order.
    pub(crate) fn insert<U: UserModel>(&self, dialect: &dyn Dialect, columns: &[usize]) -> SqlStr {
        if columns == self.insert.usual.0 {
            self.insert.usual.1.clone()
        } else {
            self.insert.text::<U>(dialect, columns)
        }
    }

    /// Changes these columns of a user; the arguments are their values, the id and what is expected.
    pub(crate) fn update<U: UserModel>(
        &self,
        dialect: &dyn Dialect,
        columns: &[usize],
        expected: Option<Expected<'_>>,
    ) -> SqlStr {
        self.updates
            .get(columns, expected.unwrap_or_default(), |expected| {
                statement(update_text::<U>(dialect, &self.users, columns, expected))
            })
    }

    /// A user's id by id and by what is expected, and the row is kept from others until the transaction ends.
    pub(crate) fn lock_if<U: UserModel>(dialect: &dyn Dialect, expected: Expected<'_>) -> SqlStr {
        let id = dialect.qualified(U::TABLE, Tables::<U>::ID.name);
        let by_id = equals::<U>(dialect, &id, &dialect.placeholder(1));
        statement(format!(
            "SELECT {id} FROM {} WHERE {by_id}{}{}",
            dialect.quote(U::TABLE),
            guards::<U>(dialect, expected, 2),
            dialect.for_update()
        ))
    }
}

impl Insert {
    fn new<U: UserModel>(dialect: &dyn Dialect) -> Self {
        let assigned = assigns(Tables::<U>::ID.kind);
        let usual = (0..U::COLUMNS.len())
            .filter(|column| !assigned || U::COLUMNS[*column].name != Tables::<U>::ID.name)
            .collect::<Vec<_>>();
        let mut insert = Self {
            usual: (Vec::new(), SqlStr::from_static("")),
            head: format!("INSERT INTO {}", dialect.quote(U::TABLE)),
            tail: dialect.returning(&selected(dialect, U::TABLE, U::COLUMNS)),
        };
        let text = insert.text::<U>(dialect, &usual);
        insert.usual = (usual, text);
        insert
    }

    fn text<U: UserModel>(&self, dialect: &dyn Dialect, columns: &[usize]) -> SqlStr {
        let Self { head, tail, .. } = self;
        let names = columns
            .iter()
            .map(|column| dialect.quote(U::COLUMNS[*column].name))
            .collect::<Vec<_>>()
            .join(", ");
        let values = (1..=columns.len())
            .map(|position| dialect.placeholder(position))
            .collect::<Vec<_>>()
            .join(", ");
        statement(format!("{head} ({names}) VALUES ({values}){tail}"))
    }
}
