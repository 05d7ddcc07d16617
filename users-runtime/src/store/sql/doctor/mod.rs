//! Examining a live database.

mod rows;
mod users;

use super::{
    SqlStore,
    again::again,
    compare::{compare, missing_account_index},
    ddl,
    dialect::assigns,
    draft::{COUNT, Draft},
    driver::{Driver, TableInfo, Transaction},
    records::ddl::declared,
    search::count,
    table_plan::TablePlan,
    tables::Tables,
};
use crate::{
    model::UserModel,
    store::{Expectations, Finding, FindingKind, SchemaProblemKind, StoreError},
    value::{Column, Kind, Role, Row, Value},
};

/// An examination under way: one read transaction, and what it has found.
struct Examination<'a, U: UserModel, D: Driver> {
    store: &'a SqlStore<U, D>,
    expected: &'a Expectations,
    transaction: D::Transaction,
    findings: Vec<Finding>,
}

impl<U: UserModel, D: Driver> SqlStore<U, D> {
    /// Every finding about the tables and their rows, the most severe first.
    pub(super) async fn examined(
        &self,
        expected: &Expectations,
    ) -> Result<Vec<Finding>, StoreError> {
        again(|| self.examine_once(expected)).await
    }

    async fn examine_once(&self, expected: &Expectations) -> Result<Vec<Finding>, StoreError> {
        let transaction = self.driver.begin_read().await?;
        let mut examination = Examination {
            store: self,
            expected,
            transaction,
            findings: Vec::new(),
        };
        let dialect = self.driver.dialect();
        let [tokens, oauth] = ddl::belonging::<U>(dialect, &self.names, None);
        let info = examination.table(&ddl::users::<U>(dialect)).await?;
        // Rows can only be examined where the columns are there that are asked for.
        let has_users = info
            .as_ref()
            .is_some_and(|info| examination.has_all(info, &Tables::<U>::roles()));
        if info.as_ref().is_some_and(|info| info.reuses_ids) && assigns(Tables::<U>::ID.kind) {
            let table = U::TABLE.to_owned();
            examination.found(FindingKind::ReusedIds { table }, 1, Vec::new());
        }
        if let Some(info) = &info
            && has_users
        {
            examination.users(info).await?;
        }
        if let Some(info) = &examination.table(&tokens).await? {
            examination.tokens(&tokens, info, has_users).await?;
        }
        if let Some(info) = &examination.table(&oauth).await? {
            examination.links(&oauth, info, has_users).await?;
        }
        for plan in &declared::<U>(dialect, &self.names, None) {
            if let Some(info) = &examination.table(plan).await? {
                examination.owners(plan, info, has_users).await?;
            }
        }
        examination
            .findings
            .sort_by_key(|finding| std::cmp::Reverse(finding.severity()));
        Ok(examination.findings)
    }
}

impl<U: UserModel, D: Driver> Examination<'_, U, D> {
    /// Compares a table with its plan. `None` where it is missing, or its rows belong to others.
    async fn table(&mut self, plan: &TablePlan) -> Result<Option<TableInfo>, StoreError> {
        let found = self.store.described(&mut self.transaction, plan).await?;
        let dialect = self.store.driver.dialect();
        let mut problems = compare(dialect, plan, found.as_ref(), U::TABLE);
        let is_foreign = problems
            .iter()
            .any(|problem| matches!(problem.kind, SchemaProblemKind::ForeignTable { .. }));
        problems.extend(
            found
                .iter()
                .filter(|_| !is_foreign)
                .filter_map(|found| missing_account_index(dialect, plan, found)),
        );
        self.findings.extend(
            problems
                .into_iter()
                .map(|problem| Finding::new(FindingKind::Schema(problem), 1, Vec::new())),
        );
        let found = found.filter(|_| !is_foreign);
        if let Some(found) = &found {
            self.narrow_charsets(plan, found);
        }
        Ok(found)
    }

    /// Columns that cannot store every text. Tokens have ASCII letters only.
    fn narrow_charsets(&mut self, plan: &TablePlan, found: &TableInfo) {
        let dialect = self.store.driver.dialect();
        let is_token =
            |column: &Column| Some(column.name) == plan.unique && column.role != Role::Id;
        let is_free =
            |column: &&Column| matches!(column.kind, Kind::Text | Kind::Json) && !is_token(column);
        let mut charsets = Vec::new();
        for column in plan.columns.iter().filter(is_free) {
            let info = found
                .columns
                .iter()
                .find(|info| dialect.is_same_name(&info.name, column.name));
            charsets.extend(info.and_then(|info| info.narrow_charset.clone()));
        }
        charsets.sort();
        for same in charsets.chunk_by(|one, other| one == other) {
            let kind = FindingKind::NarrowCharset {
                table: plan.name.clone(),
                charset: same[0].clone(),
            };
            self.found(kind, same.len() as u64, Vec::new());
        }
    }

    /// Whether a table has all of these columns.
    fn has_all(&self, found: &TableInfo, names: &[&str]) -> bool {
        let dialect = self.store.driver.dialect();
        names.iter().all(|name| {
            found
                .columns
                .iter()
                .any(|column| dialect.is_same_name(&column.name, name))
        })
    }

    fn draft(&self, text: impl Into<String>) -> Draft<'static> {
        Draft::new(self.store.driver.dialect(), text)
    }

    async fn count(&mut self, draft: Draft<'_>) -> Result<u64, StoreError> {
        count(self.transaction.rows(draft.finish(), COUNT).await?)
    }

    /// The first ids of an answer whose only column is one.
    async fn ids(&mut self, mut draft: Draft<'_>) -> Result<Vec<String>, StoreError> {
        draft.add(format_args!(" LIMIT {}", Finding::LISTED));
        let rows = self
            .transaction
            .rows(draft.finish(), Tables::<U>::ID_ONLY)
            .await?;
        Ok(rows.into_iter().flatten().map(shown::<U>).collect())
    }

    fn found(&mut self, kind: FindingKind, count: u64, ids: Vec<String>) {
        self.findings.push(Finding::new(kind, count, ids));
    }
}

/// An id as text, even if it is none.
fn shown<U: UserModel>(id: Value) -> String {
    let id: Result<U::Id, _> = Row::new(Tables::<U>::ID_ONLY, vec![id]).take(0);
    id.map_or_else(|_| "unreadable".to_owned(), |id| id.to_string())
}
