//! The tables and indexes of a user type, as text.

use super::{
    Names,
    dialect::Dialect,
    driver::AddressColumns,
    names::fitting,
    records::ddl::declared,
    table_plan::{Draft, Owner, Purpose, TablePlan, definitions, lines, primary_key, texts},
    tables::Tables,
};
use crate::{
    model::{StrategyKind, UserModel},
    value::Column,
};

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
    let tenant = Tables::<U>::TENANT;
    let [plain, lower] = email_indexes::<U>(dialect);
    let draft = |name, on, purpose| Draft {
        name,
        on,
        is_unique: true,
        purpose,
    };
    let drafts = match tenant {
        Some(tenant) => {
            let searched = format!("{}, {searched}", dialect.quote(tenant.name));
            vec![draft(lower, searched, Some(Purpose::Email))]
        }
        // The original's own index. The other one implies it, so a table that was made without it does not need it.
        None => vec![
            draft(plain, column, None),
            draft(lower, searched, Some(Purpose::Email)),
        ],
    };
    let mut lines = definitions(dialect, U::COLUMNS, None);
    lines.extend(key.iter().map(|key| key.definition.clone()));
    lines.extend(primary_key(dialect, U::COLUMNS));
    let (create, indexes) = texts(dialect, U::TABLE, lines, &drafts);
    TablePlan {
        name: U::TABLE.to_owned(),
        columns: U::COLUMNS.to_vec(),
        email: Some(AddressColumns {
            email: email.name,
            tenant: tenant.map(|tenant| tenant.name),
        }),
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
    let of = |table: &str, columns, drafts: &[Draft]| {
        belonging_table::<U>(dialect, table, columns, drafts, id_type)
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
    let of_accounts = [account_index(dialect, oauth, "account_id"), name, id, user];
    let accounts = of(oauth, Tables::<U>::OAUTH, &of_accounts);
    [
        TablePlan {
            is_required: uses_tokens,
            ..of(tokens, Tables::<U>::TOKEN, &of_tokens)
        },
        with_account_key(dialect, accounts),
    ]
}

/// A table that belongs to the users', without which the others work.
fn belonging_table<U: UserModel>(
    dialect: &dyn Dialect,
    table: &str,
    columns: &[Column],
    drafts: &[Draft],
    id_type: Option<&str>,
) -> TablePlan {
    let owner = Some(Owner {
        column: "user_id",
        id: Tables::<U>::ID,
    });
    let lines = lines::<U>(dialect, table, columns, owner.as_ref(), id_type);
    let (create, indexes) = texts(dialect, table, lines, drafts);
    // Links are found by their accounts.
    let unique = columns
        .iter()
        .map(|column| column.name)
        .find(|name| *name == "token");
    TablePlan {
        name: table.to_owned(),
        columns: columns.to_vec(),
        email: None,
        key: None,
        owner,
        unique,
        is_required: false,
        is_declared: false,
        create,
        indexes,
    }
}

/// The unique index on accounts, of which the original's tables lack one; `id` is the column that identifies an account.
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

/// The names of the original's unique index on the e-mail address and of ours, which ignores case and is for each tenant where users
/// belong to tenants.
fn email_indexes<U: UserModel>(dialect: &dyn Dialect) -> [String; 2] {
    let (table, email) = (U::TABLE, Tables::<U>::EMAIL.name);
    let plain = match Tables::<U>::TENANT {
        Some(tenant) => format!("ix_{table}_{}_{email}", tenant.name),
        None => format!("ix_{table}_{email}"),
    };
    let key = format!("{plain}_lower");
    [plain, key].map(|name| fitting(dialect, name))
}

/// Whether an index of this name is one of those that keep e-mail addresses unique.
pub(super) fn is_email_index<U: UserModel>(dialect: &dyn Dialect, name: &str) -> bool {
    email_indexes::<U>(dialect)
        .iter()
        .any(|index| index == name)
}
