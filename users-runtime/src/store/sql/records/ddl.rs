//! Declared tables as text.

use super::columns;
use crate::{
    model::UserModel,
    store::{
        sql::{
            Names,
            dialect::Dialect,
            names::fitting,
            table_plan::{Draft, Owner, Purpose, TablePlan, lines, texts},
        },
        tables::Tables,
    },
    value::Table,
};

/// The tables that the configuration declares. `id_type` is the type of a column that refers to the users', where the users' table
/// that is there decides it.
pub(in crate::store::sql) fn declared<U: UserModel>(
    dialect: &dyn Dialect,
    names: &Names,
    id_type: Option<&str>,
) -> Vec<TablePlan> {
    let plan = |table: &&'static Table| plan::<U>(dialect, &names.declared(table), table, id_type);
    U::CONFIG.tables.iter().map(plan).collect()
}

fn plan<U: UserModel>(
    dialect: &dyn Dialect,
    name: &str,
    table: &'static Table,
    id_type: Option<&str>,
) -> TablePlan {
    let columns = columns::<U>(table);
    let owner = table.owner().map(|owner| Owner {
        column: owner.name,
        id: Tables::<U>::ID,
    });
    let (create, indexes) = texts(
        dialect,
        name,
        lines::<U>(dialect, name, &columns, owner.as_ref(), id_type),
        &drafts(dialect, name, table),
    );
    TablePlan {
        name: name.to_owned(),
        columns,
        email: None,
        key: None,
        owner,
        unique: Some(table.key().name),
        is_required: true,
        is_declared: true,
        create,
        indexes,
    }
}

/// The indexes of a table: those that it declares, and those by which a user's rows and the rows that have expired are found.
fn drafts(dialect: &dyn Dialect, name: &str, table: &'static Table) -> Vec<Draft> {
    let unique = table.unique.iter().map(|combination| (*combination, true));
    let plain = table
        .indexes
        .iter()
        .map(|combination| (*combination, false));
    let mut wanted = unique.chain(plain).collect::<Vec<_>>();
    let owner = table.owner().map(|owner| owner.name);
    for column in [owner, table.expiry].into_iter().flatten() {
        let begins = |(combination, _): &(&[&str], bool)| combination.first() == Some(&column);
        let position = table.columns.iter().position(|known| known.name == column);
        if let Some(position) = position
            && position > 0
            && !wanted.iter().any(begins)
        {
            wanted.push((std::slice::from_ref(&table.columns[position].name), false));
        }
    }
    let of = |(combination, is_unique): (&'static [&'static str], bool)| Draft {
        name: fitting(
            dialect,
            format!(
                "{}_{name}_{}",
                if is_unique { "uq" } else { "ix" },
                combination.join("_")
            ),
        ),
        on: combination
            .iter()
            .map(|column| dialect.quote(column))
            .collect::<Vec<_>>()
            .join(", "),
        is_unique,
        purpose: Some(Purpose::Declared {
            columns: combination,
            is_unique,
        }),
    };
    wanted.into_iter().map(of).collect()
}
