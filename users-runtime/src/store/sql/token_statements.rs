//! The statements on access tokens.

use sqlx::SqlStr;

use super::{
    dialect::Dialect,
    tables::Tables,
    text::{equals, selected, statement},
};
use crate::{model::UserModel, value::Column};

/// The statements on the access tokens of one store.
pub(crate) struct TokenStatements {
    /// Stores an access token.
    pub insert: SqlStr,
    /// Deletes an access token.
    pub delete: SqlStr,
    /// Deletes a user's access tokens.
    pub delete_of: SqlStr,
    /// Deletes a user's access tokens except one.
    pub delete_others_of: SqlStr,
    /// Deletes access tokens older than an instant.
    pub delete_before: SqlStr,
    /// A user's access tokens, the oldest first.
    pub of_user: SqlStr,
    /// Access tokens among one and among two.
    find: [SqlStr; 2],
    /// The same with their users, whose columns follow the tokens' and are null where there is no user.
    find_with_user: [SqlStr; 2],
    /// The columns of a token and of its user.
    pub with_user: Vec<Column>,
}

impl TokenStatements {
    pub(super) fn new<U: UserModel>(dialect: &dyn Dialect, table: &str) -> Self {
        let columns = Tables::<U>::TOKEN;
        let (users, tokens) = (dialect.quote(U::TABLE), dialect.quote(table));
        let names = columns
            .iter()
            .map(|column| dialect.quote(column.name))
            .collect::<Vec<_>>()
            .join(", ");
        let [user_id, token, created_at] =
            ["user_id", "token", "created_at"].map(|name| dialect.qualified(table, name));
        let [first, second, third] = [1, 2, 3].map(|position| dialect.placeholder(position));
        let of_user = equals::<U>(dialect, &user_id, &first);
        let found = selected(dialect, table, columns);
        let all = selected(dialect, U::TABLE, U::COLUMNS);
        let id = dialect.qualified(U::TABLE, Tables::<U>::ID.name);
        let find = format!("SELECT {found} FROM {tokens} WHERE {token}");
        let find_with_user = format!(
            "SELECT {found}, {all} FROM {tokens} LEFT JOIN {users} ON {id} = {user_id} WHERE {token}"
        );
        let delete = format!("DELETE FROM {tokens} WHERE");
        Self {
            insert: statement(format!(
                "INSERT INTO {tokens} ({names}) VALUES ({first}, {second}, {third})"
            )),
            delete: statement(format!("{delete} {}", dialect.text_equals(&token, &first))),
            delete_of: statement(format!("{delete} {of_user}")),
            delete_others_of: statement(format!("{delete} {of_user} AND {token} <> {second}")),
            delete_before: statement(format!("{delete} {created_at} < {first}")),
            of_user: statement(format!(
                "SELECT {found} FROM {tokens} WHERE {of_user} ORDER BY {created_at}, {token}"
            )),
            find: one_or_two(dialect, &find),
            find_with_user: one_or_two(dialect, &find_with_user),
            with_user: [columns, U::COLUMNS].concat(),
        }
    }

    /// Finds any of this number of access tokens; a strategy asks for one or two.
    pub(crate) fn find(&self, dialect: &dyn Dialect, candidates: usize) -> SqlStr {
        among(dialect, &self.find, candidates)
    }

    /// The same with their users.
    pub(crate) fn find_with_user(&self, dialect: &dyn Dialect, candidates: usize) -> SqlStr {
        among(dialect, &self.find_with_user, candidates)
    }
}

/// Statements that look for one text and for one of two; `select` ends with the column.
fn one_or_two(dialect: &dyn Dialect, select: &str) -> [SqlStr; 2] {
    [1, 2].map(|candidates| any_of(dialect, select, candidates))
}

/// A statement that looks for one of a number of texts; it is rendered already for one and for two.
fn among(dialect: &dyn Dialect, [one, two]: &[SqlStr; 2], candidates: usize) -> SqlStr {
    match candidates {
        0 | 1 => one.clone(),
        2 => two.clone(),
        _ => {
            let equals = format!(" = {}", dialect.placeholder(1));
            let select = one.as_str().strip_suffix(&equals);
            any_of(dialect, select.unwrap_or_default(), candidates)
        }
    }
}

/// Not `IN`, for which SQLite builds a table of the texts.
fn any_of(dialect: &dyn Dialect, select: &str, candidates: usize) -> SqlStr {
    let selects: Vec<_> = (1..=candidates)
        .map(|position| format!("{select} = {}", dialect.placeholder(position)))
        .collect();
    statement(selects.join(" UNION ALL "))
}
