//! The statements on OAuth accounts.

use sqlx::SqlStr;

use super::{
    dialect::{Dialect, assigns},
    tables::Tables,
    text::{equals, selected, statement},
};
use crate::model::UserModel;

/// What an update of an OAuth account sets.
pub(super) const ACCOUNT_UPDATE: [&str; 4] = [
    "access_token",
    "expires_at",
    "refresh_token",
    "account_email",
];
/// What an update sets that leaves the refresh token.
pub(super) const ACCESS_TOKEN_UPDATE: [&str; 3] = ["access_token", "expires_at", "account_email"];

/// The statements on the OAuth accounts of one store.
pub(crate) struct AccountStatements {
    /// Stores an OAuth account.
    pub insert: SqlStr,
    /// An OAuth account by the provider's name and its id.
    pub find: SqlStr,
    /// A user's OAuth accounts.
    pub of_user: SqlStr,
    /// Replaces what an OAuth account has besides its name and id.
    pub update: SqlStr,
    /// The same without the refresh token.
    pub update_access_token: SqlStr,
    /// Deletes one OAuth account of a user.
    pub delete: SqlStr,
    /// Deletes a user's OAuth accounts.
    pub delete_of: SqlStr,
}

impl AccountStatements {
    pub(super) fn new<U: UserModel>(dialect: &dyn Dialect, table: &str) -> Self {
        let accounts = dialect.quote(table);
        let [user_id, name, account_id, id] = ["user_id", "oauth_name", "account_id", "id"]
            .map(|name| dialect.qualified(table, name));
        let of_user = equals::<U>(dialect, &user_id, &dialect.placeholder(1));
        let is = |column: &str, position: usize| {
            dialect.text_equals(column, &dialect.placeholder(position))
        };
        let found = selected(dialect, table, Tables::<U>::ACCOUNT);
        Self {
            insert: statement(insert::<U>(dialect, table)),
            find: statement(format!(
                // A table that was taken over may have an account twice: the same one each time.
                "SELECT {found} FROM {accounts} WHERE {} AND {} ORDER BY {id}",
                is(&name, 1),
                is(&account_id, 2),
            )),
            of_user: statement(format!(
                "SELECT {found} FROM {accounts} WHERE {of_user} ORDER BY {name}, {account_id}"
            )),
            update: statement(update(dialect, table, &ACCOUNT_UPDATE)),
            update_access_token: statement(update(dialect, table, &ACCESS_TOKEN_UPDATE)),
            delete: statement(format!(
                "DELETE FROM {accounts} WHERE {of_user} AND {} AND {}",
                is(&name, 2),
                is(&account_id, 3)
            )),
            delete_of: statement(format!("DELETE FROM {accounts} WHERE {of_user}")),
        }
    }
}

/// Stores an OAuth account; its id is left to the database where that assigns it.
fn insert<U: UserModel>(dialect: &dyn Dialect, table: &str) -> String {
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

/// Sets columns of an OAuth account, which is found by its provider's name and its id.
fn update(dialect: &dyn Dialect, table: &str, columns: &[&str]) -> String {
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
