//! The tables and indexes of a user type, as text.

use super::{
    Names,
    dialect::{Dialect, Index, KeyColumn, assigns},
    names::fitting,
    records::ddl::declared,
    tables::Tables,
};
use crate::model::{Column, Role, StrategyKind, UserModel};

/// A table that a store needs.
pub(super) struct TablePlan {
    /// Its name.
    pub name: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// The column of the e-mail address, in the users' table.
    pub email: Option<&'static str>,
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
    /// Links an account elsewhere once. A table that was taken over is served without it.
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
    fn create(&self, dialect: &dyn Dialect, table: &str) -> String {
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

/// The tables of a user type, in the order in which they can be created.
pub(super) fn plan<U: UserModel>(dialect: &dyn Dialect, names: &Names) -> Vec<TablePlan> {
    let belonging = belonging::<U>(dialect, names, None).into_iter();
    std::iter::once(users::<U>(dialect))
        .chain(belonging)
        .chain(declared::<U>(dialect, names, None))
        .collect()
}

/// The users' own table.
pub(super) fn users<U: UserModel>(dialect: &dyn Dialect) -> TablePlan {
    let email = Tables::<U>::EMAIL;
    let column = dialect.quote(email.name);
    let key = dialect.key_column(&email);
    let searched = key.as_ref().map_or_else(
        || dialect.email_key(&column),
        |key| dialect.quote(&key.name),
    );
    let [plain, lower] = email_indexes::<U>(dialect);
    let drafts = [
        // The original's own index. The other one implies it, so a table that was made without it does not need it.
        Draft {
            name: plain,
            on: column,
            is_unique: true,
            purpose: None,
        },
        Draft {
            name: lower,
            on: searched,
            is_unique: true,
            purpose: Some(Purpose::Email),
        },
    ];
    let mut lines = definitions(dialect, U::COLUMNS, None);
    lines.extend(key.iter().map(|key| key.definition.clone()));
    lines.extend(primary_key(dialect, U::COLUMNS));
    let (create, indexes) = texts(dialect, U::TABLE, lines, &drafts);
    TablePlan {
        name: U::TABLE.to_owned(),
        columns: U::COLUMNS.to_vec(),
        email: Some(email.name),
        key,
        owner: None,
        unique: Some(Tables::<U>::ID.name),
        is_required: true,
        is_declared: false,
        create,
        indexes,
    }
}

/// The tables that belong to the users'. `id_type` is the type that the column `user_id` must have, where the users' table that is
/// there decides it.
pub(super) fn belonging<U: UserModel>(
    dialect: &dyn Dialect,
    names: &Names,
    id_type: Option<&str>,
) -> [TablePlan; 2] {
    let index = |table: &str, column| Draft {
        name: fitting(dialect, format!("ix_{table}_{column}")),
        on: dialect.quote(column),
        is_unique: false,
        purpose: Some(Purpose::LookUp(column)),
    };
    let of = |table: &String, columns: &[Column], is_required, drafts: &[Draft]| {
        let owner = Some(Owner {
            column: "user_id",
            id: Tables::<U>::ID,
        });
        let (create, indexes) = texts(
            dialect,
            table,
            lines::<U>(dialect, table, columns, owner.as_ref(), id_type),
            drafts,
        );
        // Links are found by their accounts.
        let unique = columns
            .iter()
            .map(|column: &Column| column.name)
            .find(|name| *name == "token");
        TablePlan {
            name: table.clone(),
            columns: columns.to_vec(),
            email: None,
            key: None,
            owner,
            unique,
            is_required,
            is_declared: false,
            create,
            indexes,
        }
    };
    let Names { tokens, oauth, .. } = names;
    let uses_tokens = U::CONFIG
        .backends
        .iter()
        .any(|backend| backend.strategy == StrategyKind::Database);
    // The index on tokens' users is ours: the original deletes by token only, and leaves the rest to a cascade that scans the
    // table.
    let of_tokens = ["created_at", "user_id"].map(|column| index(tokens, column));
    let [name, id, user] =
        ["oauth_name", "account_id", "user_id"].map(|column| index(oauth, column));
    let accounts = of(
        oauth,
        Tables::<U>::OAUTH,
        false,
        &[account_index(dialect, oauth, "account_id"), name, id, user],
    );
    [
        of(tokens, Tables::<U>::TOKEN, uses_tokens, &of_tokens),
        with_account_key(dialect, accounts),
    ]
}

/// The unique index on accounts, of which the original's tables lack one; `id` is the column that tells accounts apart.
fn account_index(dialect: &dyn Dialect, table: &str, id: &str) -> Draft {
    let on = ["oauth_name", id]
        .map(|column| dialect.quote(column))
        .join(", ");
    Draft {
        name: fitting(dialect, format!("uq_{table}_account")),
        on,
        is_unique: true,
        purpose: Some(Purpose::Account),
    }
}

/// The table of accounts, whose unique index is on a column beside the id's where one that was taken over needs that.
fn with_account_key(dialect: &dyn Dialect, mut accounts: TablePlan) -> TablePlan {
    let id = accounts
        .columns
        .iter()
        .find(|column| column.name == "account_id");
    accounts.key = id.and_then(|id| dialect.account_key_column(id));
    if let Some(key) = &accounts.key {
        let create =
            account_index(dialect, &accounts.name, &key.name).create(dialect, &accounts.name);
        let on_accounts = accounts
            .indexes
            .iter_mut()
            .filter(|index| index.purpose == Purpose::Account);
        on_accounts.for_each(|index| index.create.clone_from(&create));
    }
    accounts
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

/// The names of the original's unique index on the e-mail address and of ours, which ignores case.
fn email_indexes<U: UserModel>(dialect: &dyn Dialect) -> [String; 2] {
    let plain = format!("ix_{}_{}", U::TABLE, Tables::<U>::EMAIL.name);
    let key = format!("{plain}_lower");
    [plain, key].map(|name| fitting(dialect, name))
}

/// Whether an index of this name is one of those that keep e-mail addresses unique.
pub(super) fn is_email_index<U: UserModel>(dialect: &dyn Dialect, name: &str) -> bool {
    email_indexes::<U>(dialect)
        .iter()
        .any(|index| index == name)
}

/// The columns, of which the one that refers to the users has the type of what it refers to.
fn definitions(
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
fn primary_key(dialect: &dyn Dialect, columns: &[Column]) -> Option<String> {
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
    let default = match column.default {
        Some(default) => format!(" DEFAULT {}", dialect.literal(&default())),
        None if column.nullable => String::new(),
        None => return None,
    };
    Some(format!(
        "ALTER TABLE {} ADD COLUMN {}{default}",
        dialect.quote(table),
        definition(dialect, column)
    ))
}

/// Adds the column that a unique index needs.
pub(super) fn add_key(dialect: &dyn Dialect, table: &str, key: &KeyColumn) -> String {
    format!(
        "ALTER TABLE {} ADD COLUMN {}",
        dialect.quote(table),
        key.definition
    )
}
