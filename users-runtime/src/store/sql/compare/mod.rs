//! Comparing a database's tables with what a store needs.

mod columns;
mod indexes;

pub(super) use self::{
    columns::reserved_name,
    indexes::{is_served, missing_account_index, obstacle},
};

use self::{columns::column_problems, indexes::index_problems};
use super::{dialect::Dialect, driver::TableInfo, table_plan::TablePlan};
use crate::store::schema::{SchemaProblem, SchemaProblemKind as Kind};

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
    problems.extend(column_problems(dialect, plan, found));
    problems.extend(index_problems(dialect, plan, found));
    problems.extend(foreign_table(dialect, plan, found, users));
    problems.extend(wrong_engine(dialect, plan, found));
    problems
}

fn missing_table(plan: &TablePlan) -> SchemaProblem {
    plan.problem(
        Kind::MissingTable,
        "call `migrate()` at start-up, or run the store's `schema_sql()`",
    )
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
    Some(plan.problem(Kind::WrongEngine { found: engine }, fix))
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
        plan.problem(
            Kind::ForeignTable {
                references: references.clone(),
            },
            fix,
        )
    })
}
