//! The text of every statement, built once per store.

use std::sync::Arc;

use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr};

use super::{
    dialect::{Dialect, assigns},
    tables::Tables,
    updates::{Updates, guards, update_text},
};
use crate::{
    model::UserModel,
    store::Expected,
    value::{Column, Kind},
};

/// The statements of one store.
pub(crate) struct Statements {
    /// A user by id.
    pub find: SqlStr,
    /// Users by address, without regard to case.
    pub find_by_email: SqlStr,
    /// A user's id by id: whether there is such a user.
    pub exists: SqlStr,
    /// The same, and the row is kept from others until the transaction ends.
    pub lock: SqlStr,
    /// Deletes a user.
    pub delete: SqlStr,
    /// Deletes a user's access tokens.
    pub delete_tokens_of: SqlStr,
    /// Deletes a user's access tokens except one.
    pub delete_other_tokens_of: SqlStr,
    /// Deletes a user's OAuth accounts.
    pub delete_accounts_of: SqlStr,
    /// Stores an OAuth account.
    pub insert_account: SqlStr,
    /// An OAuth account by the provider's name and its id.
    pub find_account: SqlStr,
    /// A user's OAuth accounts.
    pub accounts_of: SqlStr,
    /// Replaces what an OAuth account has besides its name and id.
    pub update_account: SqlStr,
    pub update_access_token: SqlStr,
    /// Deletes one OAuth account of a user.
    pub delete_account: SqlStr,
    /// Stores an access token.
    pub insert_token: SqlStr,
    /// Deletes an access token.
    pub delete_token: SqlStr,
    /// Deletes access tokens older than an instant.
    pub delete_tokens_before: SqlStr,
    /// A user's access tokens, the oldest first.
    pub tokens_of: SqlStr,
    /// Access tokens among one and among two.
    find_token: [SqlStr; 2],
    /// The same with their users, whose columns follow the tokens' and are null where there is no user.
    find_token_with_user: [SqlStr; 2],
    /// The columns of a token and of its user.
    pub token_and_user: Vec<Column>,
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

/// A text that was built from names and placeholders only; names are quoted by the dialect, values are arguments.
fn statement(text: String) -> SqlStr {
    AssertSqlSafe(Arc::<str>::from(text)).into_sql_str()
}

impl Statements {
    /// Builds the statements for a user type and the names of the tables that belong to it.
    pub(super) fn new<U: UserModel>(
        dialect: &dyn Dialect,
        token_table: &str,
        oauth_table: &str,
    ) -> Self {
        let (users, tokens, oauth) = (
            dialect.quote(U::TABLE),
            dialect.quote(token_table),
            dialect.quote(oauth_table),
        );
        let id = dialect.qualified(U::TABLE, Tables::<U>::ID.name);
        let all = selected(dialect, U::TABLE, U::COLUMNS);
        let token_columns = Tables::<U>::TOKEN
            .iter()
            .map(|column| dialect.quote(column.name))
            .collect::<Vec<_>>()
            .join(", ");
        let of_token = |name| dialect.qualified(token_table, name);
        let (user_id, token, created_at) = (
            of_token("user_id"),
            of_token("token"),
            of_token("created_at"),
        );
        let of_accounts = |name| dialect.qualified(oauth_table, name);
        let (account_of, oauth_name, account_id) = (
            of_accounts("user_id"),
            of_accounts("oauth_name"),
            of_accounts("account_id"),
        );
        let accounts = selected(dialect, oauth_table, Tables::<U>::ACCOUNT);
        let [first, second, third] = [1, 2, 3].map(|position| dialect.placeholder(position));
        let wanted = dialect.wanted_email(U::TABLE, Tables::<U>::EMAIL.name, &first);
        let indexed = dialect.indexed_email(U::TABLE, Tables::<U>::EMAIL.name);
        let by = |column: &str| equals::<U>(dialect, column, &first);
        let (by_id, of_user, of_account) = (by(&id), by(&user_id), by(&account_of));
        let is = |column: &str, position: usize| {
            dialect.text_equals(column, &dialect.placeholder(position))
        };
        let found = selected(dialect, token_table, Tables::<U>::TOKEN);
        let find_token = format!("SELECT {found} FROM {tokens} WHERE {token}");
        let find_token_with_user = format!(
            "SELECT {found}, {all} FROM {tokens} LEFT JOIN {users} ON {id} = {user_id} WHERE {token}"
        );
        Self {
            find: statement(format!("SELECT {all} FROM {users} WHERE {by_id}")),
            find_by_email: statement(format!(
                "SELECT {all} FROM {users} WHERE {indexed} = {wanted}"
            )),
            exists: statement(format!("SELECT {id} FROM {users} WHERE {by_id}")),
            lock: statement(format!(
                "SELECT {id} FROM {users} WHERE {by_id}{}",
                dialect.for_update()
            )),
            delete: statement(format!("DELETE FROM {users} WHERE {by_id}")),
            delete_tokens_of: statement(format!("DELETE FROM {tokens} WHERE {of_user}")),
            delete_other_tokens_of: statement(format!(
                "DELETE FROM {tokens} WHERE {of_user} AND {token} <> {second}"
            )),
            delete_accounts_of: statement(format!("DELETE FROM {oauth} WHERE {of_account}")),
            find_token: one_or_two(dialect, &find_token),
            token_and_user: [Tables::<U>::TOKEN, U::COLUMNS].concat(),
            find_token_with_user: one_or_two(dialect, &find_token_with_user),
            insert_account: statement(insert_account::<U>(dialect, oauth_table)),
            find_account: statement(format!(
                // A table that was taken over may have an account twice: the same one each time.
                "SELECT {accounts} FROM {oauth} WHERE {} AND {} ORDER BY {}",
                is(&oauth_name, 1),
                is(&account_id, 2),
                of_accounts("id")
            )),
            accounts_of: statement(format!(
                "SELECT {accounts} FROM {oauth} WHERE {of_account} ORDER BY {oauth_name}, {account_id}"
            )),
            update_account: statement(update_account(dialect, oauth_table, &ACCOUNT_UPDATE)),
            update_access_token: statement(update_account(
                dialect,
                oauth_table,
                &ACCESS_TOKEN_UPDATE,
            )),
            delete_account: statement(format!(
                "DELETE FROM {oauth} WHERE {of_account} AND {} AND {}",
                is(&oauth_name, 2),
                is(&account_id, 3)
            )),
            insert_token: statement(format!(
                "INSERT INTO {tokens} ({token_columns}) VALUES ({first}, {second}, {third})"
            )),
            delete_token: statement(format!("DELETE FROM {tokens} WHERE {}", is(&token, 1))),
            delete_tokens_before: statement(format!(
                "DELETE FROM {tokens} WHERE {created_at} < {first}"
            )),
            tokens_of: statement(format!(
                "SELECT {found} FROM {tokens} WHERE {of_user} ORDER BY {created_at}, {token}"
            )),
            insert: Insert::new::<U>(dialect),
            users,
            updates: Updates::default(),
        }
    }

    /// The access tokens among so many; a strategy asks for one or two.
    pub(crate) fn find_tokens(&self, dialect: &dyn Dialect, candidates: usize) -> SqlStr {
        among(dialect, &self.find_token, candidates)
    }

    /// The same with their users.
    pub(crate) fn find_tokens_with_users(
        &self,
        dialect: &dyn Dialect,
        candidates: usize,
    ) -> SqlStr {
        among(dialect, &self.find_token_with_user, candidates)
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

/// Statements that look for one text and for one of two; `select` ends with the column.
fn one_or_two(dialect: &dyn Dialect, select: &str) -> [SqlStr; 2] {
    let [first, second] = [1, 2].map(|position| dialect.placeholder(position));
    [
        statement(format!("{select} = {first}")),
        // Not `IN`, for which SQLite builds a table of the two texts.
        statement(format!("{select} = {first} UNION ALL {select} = {second}")),
    ]
}

/// A statement that looks for one of a number of texts; it is rendered already for one and for two.
fn among(dialect: &dyn Dialect, [one, two]: &[SqlStr; 2], candidates: usize) -> SqlStr {
    match candidates {
        0 | 1 => one.clone(),
        2 => two.clone(),
        _ => {
            let select = one.as_str().trim_end_matches(&dialect.placeholder(1));
            let selects: Vec<_> = (1..=candidates)
                .map(|position| format!("{select}{}", dialect.placeholder(position)))
                .collect();
            statement(selects.join(" UNION ALL "))
        }
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

/// Stores an OAuth account; its id is left to the database where that assigns it.
fn insert_account<U: UserModel>(dialect: &dyn Dialect, table: &str) -> String {
    let columns = if assigns(Tables::<U>::ID.kind) {
        Tables::<U>::ACCOUNT
    } else {
        Tables::<U>::OAUTH
    };
    let names = columns
        .iter()
        .map(|column| dialect.quote(column.name))
        .collect::<Vec<_>>()
        .join(", ");
    let values = (1..=columns.len())
        .map(|position| dialect.placeholder(position))
        .collect::<Vec<_>>()
        .join(", ");
    format!(
        "INSERT INTO {} ({names}) VALUES ({values})",
        dialect.quote(table)
    )
}

/// What an update of an OAuth account sets.
pub(super) const ACCOUNT_UPDATE: [&str; 4] = [
    "access_token",
    "expires_at",
    "refresh_token",
    "account_email",
];
/// What an update sets that leaves the refresh token.
pub(super) const ACCESS_TOKEN_UPDATE: [&str; 3] = ["access_token", "expires_at", "account_email"];

/// Sets columns of an OAuth account, which is found by its provider's name and its id.
fn update_account(dialect: &dyn Dialect, table: &str, columns: &[&str]) -> String {
    let sets = columns.iter().enumerate();
    let sets = sets.map(|(position, name)| {
        format!(
            "{} = {}",
            dialect.quote(name),
            dialect.placeholder(position + 1)
        )
    });
    let sets = sets.collect::<Vec<_>>().join(", ");
    let is = |(name, position)| {
        dialect.text_equals(
            &dialect.qualified(table, name),
            &dialect.placeholder(position),
        )
    };
    let next = columns.len() + 1;
    let [name, id] = [("oauth_name", next), ("account_id", next + 1)].map(is);
    format!(
        "UPDATE {} SET {sets} WHERE {name} AND {id}",
        dialect.quote(table)
    )
}

/// Columns to read.
pub(super) fn selected(dialect: &dyn Dialect, table: &str, columns: &[Column]) -> String {
    columns
        .iter()
        .map(|column| dialect.read(table, column))
        .collect::<Vec<_>>()
        .join(", ")
}

/// The condition that a column has a user's id.
pub(super) fn equals<U: UserModel>(
    dialect: &dyn Dialect,
    column: &str,
    placeholder: &str,
) -> String {
    match Tables::<U>::ID.kind {
        Kind::Text => dialect.text_equals(column, placeholder),
        _ => format!("{column} = {placeholder}"),
    }
}
