//! A table and its indexes as text, whatever it is for.

use super::{
    dialect::{Dialect, Index, KeyColumn, assigns},
    driver::AddressColumns,
    names::fitting,
    tables::Tables,
};
use crate::{
    model::UserModel,
    store::schema::{SchemaProblem, SchemaProblemKind},
    value::{Column, Role, Value},
};

/// A table that a store needs.
pub(super) struct TablePlan {
    /// Its name.
    pub name: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// The columns of the e-mail address's unique index, in the users' table.
    pub email: Option<AddressColumns>,
    /// The column that the index on the e-mail address needs, in the users' table of some databases, or that the one on accounts
    /// needs in a table that was taken over.
    pub key: Option<KeyColumn>,
    /// The column that refers to the users, in tables that belong to them.
    pub owner: Option<Owner>,
    /// The column by which rows are found, of which no two have the same.
    pub unique: Option<&'static str>,
    /// Whether nothing works without it.
    pub is_required: bool,
    /// Whether it is one of those that the configuration declares.
    pub is_declared: bool,
    /// Creates it, with what only a new table gets, and with its indexes where they come with the table.
    pub create: Vec<String>,
    /// The indexes that it must have.
    pub indexes: Vec<IndexPlan>,
}

impl TablePlan {
    /// A problem of the table.
    pub(super) fn problem(&self, kind: SchemaProblemKind, fix: impl Into<String>) -> SchemaProblem {
        SchemaProblem {
            table: self.name.clone(),
            kind,
            fix: fix.into(),
        }
    }
}

/// The column of a table that refers to the users.
pub(super) struct Owner {
    /// Its name.
    pub column: &'static str,
    /// The users' primary key.
    pub id: Column,
}

/// An index that a table must have.
pub(super) struct IndexPlan {
    /// Its name.
    pub name: String,
    /// Creates it on a table that is there, unless there is one of its name.
    pub create: String,
    /// What it is for.
    pub purpose: Purpose,
}

/// What an index is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Makes e-mail addresses unique without regard to case, and finds them.
    Email,
    /// An account is linked once. A table that was taken over is served without it.
    Account,
    /// Finds rows by this column.
    LookUp(&'static str),
    /// What a declared table says.
    Declared {
        /// The columns.
        columns: &'static [&'static str],
        /// Whether no two rows may share them.
        is_unique: bool,
    },
}

impl Purpose {
    /// The columns of a declared unique index, with commas; empty for any other.
    pub(super) fn declared(self) -> String {
        match self {
            Self::Declared {
                columns,
                is_unique: true,
            } => columns.join(", "),
            _ => String::new(),
        }
    }
}

/// An index, before it is text.
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) on: String,
    pub(super) is_unique: bool,
    /// What it is for, where a table that is there needs the index as well.
    pub(super) purpose: Option<Purpose>,
}

impl Draft {
    pub(super) fn create(&self, dialect: &dyn Dialect, table: &str) -> String {
        let Self {
            name,
            on,
            is_unique,
            ..
        } = self;
        dialect.create_index(&Index {
            name,
            table,
            on,
            is_unique: *is_unique,
        })
    }
}

/// What stands between the brackets of a table that belongs to the users'.
pub(super) fn lines<U: UserModel>(
    dialect: &dyn Dialect,
    table: &str,
    columns: &[Column],
    owner: Option<&Owner>,
    id_type: Option<&str>,
) -> Vec<String> {
    let id_type = id_type.map_or_else(|| dialect.column_type(&Tables::<U>::ID), str::to_owned);
    let reference = owner.map(|owner| (owner.column, &*id_type));
    let mut lines = definitions(dialect, columns, reference);
    lines.extend(primary_key(dialect, columns));
    let Some(Owner { column, .. }) = owner else {
        return lines;
    };
    let [user, users, id] =
        [*column, U::TABLE, Tables::<U>::ID.name].map(|name| dialect.quote(name));
    let name = constraint(dialect, table, column);
    lines.push(format!(
        "{name}FOREIGN KEY({user}) REFERENCES {users} ({id}) ON DELETE CASCADE"
    ));
    lines
}

/// Names the foreign key of a table after which the database could not name it.
fn constraint(dialect: &dyn Dialect, table: &str, column: &str) -> String {
    let name = format!("{table}_{column}_fkey");
    let fits = fitting(dialect, name.clone());
    if fits == name {
        String::new()
    } else {
        format!("CONSTRAINT {} ", dialect.quote(&fits))
    }
}

/// The statements that create a table, and the indexes that it must have.
pub(super) fn texts(
    dialect: &dyn Dialect,
    table: &str,
    mut lines: Vec<String>,
    drafts: &[Draft],
) -> (Vec<String>, Vec<IndexPlan>) {
    if dialect.creates_indexes_with_tables() {
        lines.extend(drafts.iter().map(
            |Draft {
                 name,
                 on,
                 is_unique,
                 ..
             }| {
                format!(
                    "{}INDEX {} ({on})",
                    if *is_unique { "UNIQUE " } else { "" },
                    dialect.quote(name)
                )
            },
        ));
    }
    let options = dialect.table_options();
    let mut create = vec![format!(
        "CREATE TABLE IF NOT EXISTS {} (\n\t{}\n){options}",
        dialect.quote(table),
        lines.join(",\n\t")
    )];
    let mut indexes = Vec::new();
    for draft in drafts {
        let text = draft.create(dialect, table);
        match draft.purpose {
            Some(purpose) => indexes.push(IndexPlan {
                name: draft.name.clone(),
                create: text,
                purpose,
            }),
            None if dialect.creates_indexes_with_tables() => {}
            None => create.push(text),
        }
    }
    (create, indexes)
}

/// The columns, of which the one that refers to the users has the type of what it refers to.
pub(super) fn definitions(
    dialect: &dyn Dialect,
    columns: &[Column],
    reference: Option<(&str, &str)>,
) -> Vec<String> {
    let line = |column: &Column| match reference {
        Some((name, id_type)) if column.name == name => {
            let not_null = if column.nullable { "" } else { " NOT NULL" };
            format!("{} {id_type}{not_null}", dialect.quote(column.name))
        }
        _ => definition(dialect, column),
    };
    columns.iter().map(line).collect()
}

/// The line of the primary key, where its column does not say so itself.
pub(super) fn primary_key(dialect: &dyn Dialect, columns: &[Column]) -> Option<String> {
    let key = columns
        .iter()
        .find(|column| column.role == Role::Id)
        .unwrap_or(&columns[0]);
    (!is_assigned(key)).then(|| format!("PRIMARY KEY ({})", dialect.quote(key.name)))
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
    let default = match value_of_rows(column) {
        Some(value) => format!(" DEFAULT {}", dialect.literal_of(column, &value)),
        None if column.nullable => String::new(),
        None => return None,
    };
    Some(format!(
        "ALTER TABLE {} ADD COLUMN {}{default}",
        dialect.quote(table),
        definition(dialect, column)
    ))
}

/// The value of rows that are there when their column is added: the field's default, and of the flags what a registration sets, so
/// that the users of a table that had none can log in.
fn value_of_rows(column: &Column) -> Option<Value> {
    match (column.default, column.role) {
        (Some(default), _) => Some(default()),
        (None, Role::IsActive) => Some(Value::Bool(true)),
        (None, Role::IsSuperuser | Role::IsVerified) => Some(Value::Bool(false)),
        (None, _) => None,
    }
}

/// Adds the column that a unique index needs.
pub(super) fn add_key(dialect: &dyn Dialect, table: &str, key: &KeyColumn) -> String {
    format!(
        "ALTER TABLE {} ADD COLUMN {}",
        dialect.quote(table),
        key.definition
    )
}
