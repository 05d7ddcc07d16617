//! Pieces of SQL that several kinds of statements are made of.

use std::sync::Arc;

use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr};

use super::{dialect::Dialect, tables::Tables};
use crate::{
    model::UserModel,
    value::{Column, Kind},
};

/// A text that was built from names and placeholders only; names are quoted by the dialect, values are arguments.
pub(super) fn statement(text: String) -> SqlStr {
    AssertSqlSafe(Arc::<str>::from(text)).into_sql_str()
}

/// Columns to read.
pub(super) fn selected(dialect: &dyn Dialect, table: &str, columns: &[Column]) -> String {
    columns
        .iter()
        .map(|column| dialect.read(table, column))
        .collect::<Vec<_>>()
        .join(", ")
}

/// The condition that a user belongs to a tenant, where users belong to some; the tenant is the argument at this position.
pub(super) fn of_tenant<U: UserModel>(dialect: &dyn Dialect, position: usize) -> Option<String> {
    let column = Tables::<U>::TENANT?;
    let name = dialect.qualified(U::TABLE, column.name);
    let placeholder = dialect.placeholder(position);
    Some(match column.kind {
        Kind::Text => format!(" AND {}", dialect.text_equals(&name, &placeholder)),
        _ => format!(" AND {name} = {placeholder}"),
    })
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
