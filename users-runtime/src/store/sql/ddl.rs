//! The tables and indexes of a user type, as text.

use super::{
    Names,
    dialect::{Dialect, assigns},
    tables::Tables,
};
use crate::model::{Column, Role, StrategyKind, UserModel};

/// A table that a store needs.
pub(super) struct TablePlan {
    /// Its name.
    pub name: String,
    /// Its columns.
    pub columns: &'static [Column],
    /// The column of the e-mail address, in the users' table.
    pub email: Option<&'static str>,
    /// Whether nothing works without it.
    pub is_required: bool,
    /// Creates it, with what only a new table gets.
    pub create: Vec<String>,
    /// The indexes that it must have.
    pub indexes: Vec<IndexPlan>,
}

/// An index that a table must have.
pub(super) struct IndexPlan {
    /// Its name.
    pub name: String,
    /// Creates it unless there is one of its name.
    pub create: String,
    /// Whether it makes e-mail addresses unique without regard to case.
    pub is_email_key: bool,
}

/// The tables of a user type, in the order in which they can be created.
pub(super) fn plan<U: UserModel>(dialect: &dyn Dialect, names: &Names) -> [TablePlan; 3] {
    let uses_tokens = U::CONFIG.backends.iter().any(|backend| backend.strategy == StrategyKind::Database);
    [
        users::<U>(dialect),
        TablePlan {
            name: names.tokens.clone(),
            columns: Tables::<U>::TOKEN,
            email: None,
            is_required: uses_tokens,
            create: vec![create_table::<U>(dialect, &names.tokens, Tables::<U>::TOKEN)],
            indexes: vec![
                index(dialect, &names.tokens, "created_at"),
                // Ours: the original deletes by token only, and leaves the rest to a cascade that scans the table.
                index(dialect, &names.tokens, "user_id"),
            ],
        },
        TablePlan {
            name: names.oauth.clone(),
            columns: Tables::<U>::OAUTH,
            email: None,
            is_required: false,
            // A table that was taken over may have duplicates, which the original does not prevent.
            create: vec![create_table::<U>(dialect, &names.oauth, Tables::<U>::OAUTH), account_key(dialect, &names.oauth)],
            indexes: vec![
                index(dialect, &names.oauth, "oauth_name"),
                index(dialect, &names.oauth, "account_id"),
                index(dialect, &names.oauth, "user_id"),
            ],
        },
    ]
}

fn users<U: UserModel>(dialect: &dyn Dialect) -> TablePlan {
    let email = Tables::<U>::EMAIL.name;
    let (table, column) = (dialect.quote(U::TABLE), dialect.quote(email));
    let [plain, key] = email_indexes::<U>();
    let unique =
        |name: &str, what: &str| format!("CREATE UNIQUE INDEX IF NOT EXISTS {} ON {table} ({what})", dialect.quote(name));
    TablePlan {
        name: U::TABLE.to_owned(),
        columns: U::COLUMNS,
        email: Some(email),
        is_required: true,
        // The original's own index. The other one implies it, so a table that was made without it does not need it.
        create: vec![create_table::<U>(dialect, U::TABLE, U::COLUMNS), unique(&plain, &column)],
        indexes: vec![IndexPlan { create: unique(&key, &dialect.email_key(&column)), name: key, is_email_key: true }],
    }
}

/// The names of the original's unique index on the e-mail address and of ours, which ignores case.
fn email_indexes<U: UserModel>() -> [String; 2] {
    let plain = format!("ix_{}_{}", U::TABLE, Tables::<U>::EMAIL.name);
    let key = format!("{plain}_lower");
    [plain, key]
}

/// Whether an index of this name is one of those that keep e-mail addresses unique.
pub(super) fn is_email_index<U: UserModel>(name: &str) -> bool {
    email_indexes::<U>().iter().any(|index| index == name)
}

fn index(dialect: &dyn Dialect, table: &str, column: &str) -> IndexPlan {
    let name = format!("ix_{table}_{column}");
    let create =
        format!("CREATE INDEX IF NOT EXISTS {} ON {} ({})", dialect.quote(&name), dialect.quote(table), dialect.quote(column));
    IndexPlan { name, create, is_email_key: false }
}

/// Links an account once.
fn account_key(dialect: &dyn Dialect, table: &str) -> String {
    let [name, table, provider, account] =
        [&format!("uq_{table}_account"), table, "oauth_name", "account_id"].map(|name| dialect.quote(name));
    format!("CREATE UNIQUE INDEX IF NOT EXISTS {name} ON {table} ({provider}, {account})")
}

fn create_table<U: UserModel>(dialect: &dyn Dialect, table: &str, columns: &[Column]) -> String {
    let mut lines = columns.iter().map(|column| definition(dialect, column)).collect::<Vec<_>>();
    let key = columns.iter().find(|column| column.role == Role::Id).unwrap_or(&columns[0]);
    if !is_assigned(key) {
        lines.push(format!("PRIMARY KEY ({})", dialect.quote(key.name)));
    }
    if table != U::TABLE {
        lines.push(format!(
            "FOREIGN KEY({}) REFERENCES {} ({}) ON DELETE CASCADE",
            dialect.quote("user_id"),
            dialect.quote(U::TABLE),
            dialect.quote(Tables::<U>::ID.name)
        ));
    }
    format!("CREATE TABLE IF NOT EXISTS {} (\n\t{}\n)", dialect.quote(table), lines.join(",\n\t"))
}

fn is_assigned(column: &Column) -> bool {
    column.role == Role::Id && assigns(column.kind)
}

fn definition(dialect: &dyn Dialect, column: &Column) -> String {
    let name = dialect.quote(column.name);
    if is_assigned(column) {
        return format!("{name} {}", dialect.assigned_id(column));
    }
    let not_null = if column.nullable { "" } else { " NOT NULL" };
    format!("{name} {}{not_null}", dialect.column_type(column))
}

/// Adds a column to a table that may have rows; `None` where those rows would have no value.
pub(super) fn add_column(dialect: &dyn Dialect, table: &str, column: &Column) -> Option<String> {
    let default = match column.default {
        Some(default) => format!(" DEFAULT {}", dialect.literal(&default())),
        None if column.nullable => String::new(),
        None => return None,
    };
    Some(format!("ALTER TABLE {} ADD COLUMN {}{default}", dialect.quote(table), definition(dialect, column)))
}
