//! Comparing a database's tables with what a store needs.

use super::{
    dialect::{Dialect, Index},
    driver::{ColumnInfo, TableInfo},
    names::fitting,
    table_plan::{IndexPlan, Purpose, TablePlan, add_column, add_key},
    tables::as_original,
};
use crate::{
    store::schema::{SchemaProblem, SchemaProblemKind as Kind},
    value::{Column, Role},
};

/// Every difference that would hurt between a table and its plan.
pub(super) fn compare(
    dialect: &dyn Dialect,
    plan: &TablePlan,
    found: Option<&TableInfo>,
    users: &str,
) -> Vec<SchemaProblem> {
    let mut problems = reserved_name(dialect, plan);
    let Some(found) = found else {
        problems.extend(plan.is_required.then(|| missing_table(plan)));
        return problems;
    };
    for column in &plan.columns {
        match found
            .columns
            .iter()
            .find(|info| dialect.is_same_name(&info.name, column.name))
        {
            None => problems.push(missing_column(dialect, plan, column)),
            Some(info) => problems.extend(column_problem(dialect, plan, column, info)),
        }
    }
    problems.extend(unknown_columns(dialect, plan, found));
    problems.extend(missing_key(dialect, plan, found));
    problems.extend(missing_unique(dialect, plan, found));
    problems.extend(missing_email_index(dialect, plan, found));
    problems.extend(index_across_tenants(dialect, plan, found));
    problems.extend(foreign_table(dialect, plan, found, users));
    problems.extend(wrong_engine(dialect, plan, found));
    problems
}

fn problem(plan: &TablePlan, kind: Kind, fix: impl Into<String>) -> SchemaProblem {
    SchemaProblem {
        table: plan.name.clone(),
        kind,
        fix: fix.into(),
    }
}

fn missing_table(plan: &TablePlan) -> SchemaProblem {
    problem(
        plan,
        Kind::MissingTable,
        "call `migrate()` at start-up, or run the store's `schema_sql()`",
    )
}

fn missing_column(dialect: &dyn Dialect, plan: &TablePlan, column: &Column) -> SchemaProblem {
    let fix = match add_column(dialect, &plan.name, column) {
        Some(sql) => format!("call `migrate()`, or run `{sql}`"),
        None if plan.is_declared => {
            "add the column with a value for the rows that are there, or drop the table, and call `migrate()`"
                .to_owned()
        }
        None if column.role != Role::Extra => {
            "add the column with a value for the rows that are there, and call `migrate()`".to_owned()
        }
        None => "give the field a default or make it an `Option`, so that the rows that are there get a value, and call \
                 `migrate()`"
            .to_owned(),
    };
    problem(
        plan,
        Kind::MissingColumn {
            column: column.name.to_owned(),
        },
        fix,
    )
}

fn column_problem(
    dialect: &dyn Dialect,
    plan: &TablePlan,
    column: &Column,
    info: &ColumnInfo,
) -> Option<SchemaProblem> {
    let name = column.name.to_owned();
    let original = if plan.email.is_none() && !plan.is_declared {
        as_original(column)
    } else {
        None
    };
    let holds = |column: &Column| match &plan.owner {
        Some(owner) if column.name == owner.column => {
            dialect.holds_reference(&info.declared, &owner.id)
        }
        _ => dialect.holds(&info.declared, column),
    };
    if !holds(column) && !original.as_ref().is_some_and(holds) {
        let kind = Kind::WrongType {
            column: name,
            found: info.declared.clone(),
            expected: dialect.column_type(column),
        };
        return Some(problem(
            plan,
            kind,
            dialect.type_fix(&info.declared, column),
        ));
    }
    if info.is_key || info.not_null != column.nullable {
        return None;
    }
    Some(if column.nullable {
        problem(
            plan,
            Kind::NotNullable { column: name },
            if plan.is_declared {
                "let the column be NULL"
            } else {
                "let the column be NULL, or make the field no `Option`"
            },
        )
    } else {
        problem(
            plan,
            Kind::Nullable { column: name },
            if plan.is_declared {
                "make the column NOT NULL"
            } else {
                "make the field an `Option`, or the column NOT NULL"
            },
        )
    })
}

fn unknown_columns(
    dialect: &dyn Dialect,
    plan: &TablePlan,
    found: &TableInfo,
) -> Vec<SchemaProblem> {
    let is_known = |info: &ColumnInfo| {
        plan.columns
            .iter()
            .any(|column| dialect.is_same_name(&info.name, column.name))
    };
    let unknown = found
        .columns
        .iter()
        .filter(|info| info.not_null && !info.has_default && !is_known(info));
    let fix = if plan.is_declared {
        "drop the column, or give it a default"
    } else {
        "add the field to the struct, or give the column a default"
    };
    unknown
        .map(|info| {
            problem(
                plan,
                Kind::UnknownRequiredColumn {
                    column: info.name.clone(),
                },
                fix,
            )
        })
        .collect()
}

/// A field whose column is called as the key's.
pub(super) fn reserved_name(dialect: &dyn Dialect, plan: &TablePlan) -> Vec<SchemaProblem> {
    let is_taken = |column: &&Column| {
        plan.key
            .as_ref()
            .is_some_and(|key| dialect.is_same_name(&key.name, column.name))
    };
    let fix = "give the field's column another name with `#[fastapi_users(column = \"…\")]`, since the store needs one of its own";
    let taken = plan.columns.iter().filter(is_taken);
    taken
        .map(|column| {
            problem(
                plan,
                Kind::ReservedName {
                    column: column.name.to_owned(),
                },
                fix,
            )
        })
        .collect()
}

/// What a table has under the name of the key's column, if that is something else.
pub(super) fn obstacle<'a>(
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
        problem(
            plan,
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
            problem(
                plan,
                Kind::MissingIndex {
                    column: index.purpose.declared(),
                },
                index_fix(dialect, plan, found, index),
            )
        })
        .collect()
}

/// That what takes several statements may be left half done.
fn wrong_engine(
    dialect: &dyn Dialect,
    plan: &TablePlan,
    found: &TableInfo,
) -> Option<SchemaProblem> {
    let engine = found.wrong_engine.clone()?;
    let fix = format!(
        "run `ALTER TABLE {} ENGINE=InnoDB`",
        dialect.quote(&plan.name)
    );
    Some(problem(plan, Kind::WrongEngine { found: engine }, fix))
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
        problem(
            plan,
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
    Some(problem(plan, Kind::EmailIndexAcrossTenants { index }, fix))
}

/// That nothing but the look-ups before keeps an account from being linked twice, which a table that was taken over is served with.
pub(super) fn missing_account_index(
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
        problem(
            plan,
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
pub(super) fn is_served(
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

fn foreign_table(
    dialect: &dyn Dialect,
    plan: &TablePlan,
    found: &TableInfo,
    users: &str,
) -> Option<SchemaProblem> {
    let references = found.references.first()?;
    if found
        .references
        .iter()
        .any(|table| dialect.is_same_name(table, users))
    {
        return None;
    }
    let is_tokens = plan.columns.iter().any(|column| column.name == "token");
    let setter = match (plan.is_declared, is_tokens) {
        (true, _) => "table_prefix",
        (false, true) => "access_token_table",
        (false, false) => "oauth_account_table",
    };
    let fix = format!("give the store a table of its own with `.{setter}(\"…\")`");
    (plan.email.is_none()).then(|| {
        problem(
            plan,
            Kind::ForeignTable {
                references: references.clone(),
            },
            fix,
        )
    })
}
