//! Comparing the columns of a table with those that a store needs.

use crate::{
    store::{
        schema::{SchemaProblem, SchemaProblemKind as Kind},
        sql::{
            dialect::Dialect,
            driver::{ColumnInfo, TableInfo},
            table_plan::{TablePlan, add_column},
            tables::as_original,
        },
    },
    value::{Column, Role},
};

/// The columns that are missing, and those that do not hold what their fields need.
pub(super) fn column_problems(
    dialect: &dyn Dialect,
    plan: &TablePlan,
    found: &TableInfo,
) -> Vec<SchemaProblem> {
    let mut problems = Vec::new();
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
    problems
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
    plan.problem(
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
        return Some(plan.problem(kind, dialect.type_fix(&info.declared, column)));
    }
    if info.is_key || info.not_null != column.nullable {
        return None;
    }
    Some(if column.nullable {
        plan.problem(
            Kind::NotNullable { column: name },
            if plan.is_declared {
                "let the column be NULL"
            } else {
                "let the column be NULL, or make the field no `Option`"
            },
        )
    } else {
        plan.problem(
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
            plan.problem(
                Kind::UnknownRequiredColumn {
                    column: info.name.clone(),
                },
                fix,
            )
        })
        .collect()
}

/// A field whose column is called as the key's.
pub(in crate::store::sql) fn reserved_name(
    dialect: &dyn Dialect,
    plan: &TablePlan,
) -> Vec<SchemaProblem> {
    let is_taken = |column: &&Column| {
        plan.key
            .as_ref()
            .is_some_and(|key| dialect.is_same_name(&key.name, column.name))
    };
    let fix = "give the field's column another name with `#[fastapi_users(column = \"…\")]`, since the store needs one of its own";
    let taken = plan.columns.iter().filter(is_taken);
    taken
        .map(|column| {
            plan.problem(
                Kind::ReservedName {
                    column: column.name.to_owned(),
                },
                fix,
            )
        })
        .collect()
}
