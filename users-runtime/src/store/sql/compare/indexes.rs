//! Comparing the indexes of a table with those that a store needs.

use crate::store::{
    schema::{SchemaProblem, SchemaProblemKind as Kind},
    sql::{
        dialect::{Dialect, Index},
        driver::{ColumnInfo, TableInfo},
        names::fitting,
        table_plan::{IndexPlan, Purpose, TablePlan, add_key},
    },
};

/// The indexes that are missing, and those that are in the way.
pub(super) fn index_problems(
    dialect: &dyn Dialect,
    plan: &TablePlan,
    found: &TableInfo,
) -> Vec<SchemaProblem> {
    let mut problems = Vec::new();
    problems.extend(missing_key(dialect, plan, found));
    problems.extend(missing_unique(dialect, plan, found));
    problems.extend(missing_email_index(dialect, plan, found));
    problems.extend(index_across_tenants(dialect, plan, found));
    problems
}

/// What a table has under the name of the key's column, if that is something else.
pub(in crate::store::sql) fn obstacle<'a>(
    dialect: &dyn Dialect,
    plan: &TablePlan,
    found: &'a TableInfo,
) -> Option<&'a ColumnInfo> {
    let key = plan.key.as_ref()?;
    let info = found
        .columns
        .iter()
        .find(|info| dialect.is_same_name(&info.name, &key.name))?;
    (!dialect.is_key_column(&info.declared, key)).then_some(info)
}

/// That rows are searched one by one, and may be there twice. Databases that are restored from a dump may have lost their keys.
fn missing_key(
    dialect: &dyn Dialect,
    plan: &TablePlan,
    found: &TableInfo,
) -> Option<SchemaProblem> {
    let key = plan
        .columns
        .iter()
        .find(|column| Some(column.name) == plan.unique)?;
    let is_key = |name: &String| dialect.is_same_name(name, key.name);
    let primary = found
        .columns
        .iter()
        .filter(|info| info.is_key)
        .map(|info| info.name.clone())
        .collect::<Vec<_>>();
    let is_missing = found.columns.iter().any(|info| is_key(&info.name))
        && !found
            .unique
            .iter()
            .chain([&primary])
            .any(|columns| matches!(&columns[..], [only] if is_key(only)));
    let name = fitting(dialect, format!("uq_{}_{}", plan.name, key.name));
    let index = Index {
        name: &name,
        table: &plan.name,
        on: &dialect.quote(key.name),
        is_unique: true,
    };
    let fix = format!(
        "delete the rows that are there twice, and run `{}`",
        dialect.create_index(&index)
    );
    is_missing.then(|| {
        plan.problem(
            Kind::MissingIndex {
                column: key.name.to_owned(),
            },
            fix,
        )
    })
}

/// That rows may share what no two of them may share.
fn missing_unique(
    dialect: &dyn Dialect,
    plan: &TablePlan,
    found: &TableInfo,
) -> Vec<SchemaProblem> {
    let is_missing = |index: &&IndexPlan| {
        let is_unique = matches!(
            index.purpose,
            Purpose::Declared {
                is_unique: true,
                ..
            }
        );
        is_unique && !is_served(dialect, plan, found, index)
    };
    let missing = plan.indexes.iter().filter(is_missing);
    missing
        .map(|index| {
            plan.problem(
                Kind::MissingIndex {
                    column: index.purpose.declared(),
                },
                index_fix(dialect, plan, found, index),
            )
        })
        .collect()
}

fn missing_email_index(
    dialect: &dyn Dialect,
    plan: &TablePlan,
    found: &TableInfo,
) -> Option<SchemaProblem> {
    let index = plan
        .indexes
        .iter()
        .find(|index| index.purpose == Purpose::Email)?;
    (!found.has_email_index).then(|| {
        plan.problem(
            Kind::MissingEmailIndex,
            index_fix(dialect, plan, found, index),
        )
    })
}

/// That one address cannot belong to users of two tenants.
fn index_across_tenants(
    dialect: &dyn Dialect,
    plan: &TablePlan,
    found: &TableInfo,
) -> Option<SchemaProblem> {
    let index = found.index_across_tenants.clone()?;
    let fix = format!(
        "drop this index, or the constraint that made it, for example with `{}`",
        dialect.drop_index(&plan.name, &index)
    );
    Some(plan.problem(Kind::EmailIndexAcrossTenants { index }, fix))
}

/// That nothing but the look-ups before keeps an account from being linked twice, which a table that was taken over is served with.
pub(in crate::store::sql) fn missing_account_index(
    dialect: &dyn Dialect,
    plan: &TablePlan,
    found: &TableInfo,
) -> Option<SchemaProblem> {
    let index = plan
        .indexes
        .iter()
        .find(|index| index.purpose == Purpose::Account)?;
    let is_missing = !is_served(dialect, plan, found, index);
    is_missing.then(|| {
        plan.problem(
            Kind::MissingAccountIndex,
            index_fix(dialect, plan, found, index),
        )
    })
}

/// What makes a unique index.
fn index_fix(
    dialect: &dyn Dialect,
    plan: &TablePlan,
    found: &TableInfo,
    index: &IndexPlan,
) -> String {
    let has = |name: &str| {
        found
            .columns
            .iter()
            .any(|info| dialect.is_same_name(&info.name, name))
    };
    let sql = match &plan.key {
        Some(key) if obstacle(dialect, plan, found).is_some() => {
            let (name, definition) = (&key.name, &key.definition);
            return format!(
                "give the column `{name}` another name, since the store needs one of its own: `{definition}`"
            );
        }
        Some(key) if !has(&key.name) => {
            format!("{}; {}", add_key(dialect, &plan.name, key), index.create)
        }
        _ => index.create.clone(),
    };
    if found.taken.contains(&index.name) {
        let (name, drop) = (&index.name, dialect.drop_index(&plan.name, &index.name));
        return format!(
            "drop or rename what is called `{name}` and does not serve (`{drop}`), then call `migrate()`, or run `{sql}`"
        );
    }
    format!("call `migrate()`, or run `{sql}`")
}

/// Whether a table has an index that does what this one is for.
pub(in crate::store::sql) fn is_served(
    dialect: &dyn Dialect,
    plan: &TablePlan,
    found: &TableInfo,
    index: &IndexPlan,
) -> bool {
    let is = |column: &str, wanted: &str| dialect.is_same_name(column, wanted);
    let key = plan
        .key
        .as_ref()
        .filter(|_| obstacle(dialect, plan, found).is_none());
    let is_of_account = |column: &String| {
        is(column, "oauth_name")
            || is(column, "account_id")
            || key.is_some_and(|key| is(column, &key.name))
    };
    match index.purpose {
        Purpose::Email => found.has_email_index,
        Purpose::Account => found
            .unique
            .iter()
            .any(|columns| columns.iter().all(is_of_account)),
        Purpose::Declared {
            columns: wanted,
            is_unique: true,
        } => {
            let is_wanted = |column: &String| wanted.iter().any(|wanted| is(column, wanted));
            found
                .unique
                .iter()
                .any(|columns| columns.iter().all(is_wanted))
        }
        // By its name, of which a store asks the database.
        Purpose::Declared { .. } => false,
        Purpose::LookUp(wanted) => found.indexed.iter().any(|column| is(column, wanted)),
    }
}
