//! Creating the tables, and checking the ones that exist.

use super::{
    SqlStore,
    compare::{compare, is_served, obstacle, reserved_name},
    ddl,
    dialect::Dialect,
    driver::{Driver, Query, TableInfo, Transaction},
    records::ddl::declared,
    table_plan::{IndexPlan, Purpose, TablePlan, add_column, add_key},
    tables::Tables,
};
use crate::{
    model::UserModel,
    store::{SchemaError, SchemaProblem, SchemaProblemKind, StoreError},
    value::Column,
};

impl<U: UserModel, D: Driver> SqlStore<U, D> {
    /// The tables and indexes as SQL text, for a migration tool of the application's own.
    ///
    /// Each statement does nothing where its table or index is there already. An index whose name would be too long for the
    /// database, because a table's is, has one that ends with a digest of the whole.
    pub fn schema_sql(&self) -> String {
        let dialect = self.driver.dialect();
        text(
            ddl::plan::<U>(dialect, &self.names)
                .iter()
                .flat_map(|table| created(dialect, table)),
        )
    }

    /// What [`migrate`](Self::migrate) would run now, in the form of [`schema_sql`](Self::schema_sql); empty when nothing is
    /// missing. Nothing is changed.
    ///
    /// It is the text of a migration for a tool of the application's own, and meant for this very database.
    ///
    /// # Errors
    ///
    /// Those of [`migrate`](Self::migrate): the statements alone would not make the tables fit.
    pub async fn pending_sql(&self) -> Result<String, SchemaError> {
        let mut transaction = self.driver.begin_read().await.map_err(StoreError::from)?;
        let steps = self.steps(&mut transaction).await?;
        Ok(text(steps.into_iter().map(|step| step.sql)))
    }

    /// Creates what is missing: tables, indexes, and columns that rows can get a value for (fields that are an `Option` or
    /// have a default, and the three flags: users that are there become active, no superusers and not verified). Nothing is dropped
    /// or changed.
    ///
    /// It may be repeated, and processes that start at the same time wait for each other. It is one transaction, but on MySQL and
    /// MariaDB, which keep every change to a table at once: there everything is checked before the first change, and a
    /// migration that breaks off, because the server stops, say, is completed by the next.
    ///
    /// # Errors
    ///
    /// [`SchemaError::DuplicateEmails`] when addresses of a table that was taken over differ only in case,
    /// [`SchemaError::Mismatch`] when the tables do not fit the struct even so. Nothing was changed then.
    pub async fn migrate(&self) -> Result<(), SchemaError> {
        let mut transaction = self
            .driver
            .begin_migration()
            .await
            .map_err(StoreError::from)?;
        for Step { table, sql } in self.steps(&mut transaction).await? {
            tracing::info!(table, sql, "migrating");
            let sql = sqlx::SqlSafeStr::into_sql_str(sqlx::AssertSqlSafe(sql));
            transaction
                .execute(Query {
                    sql,
                    arguments: Vec::new(),
                })
                .await
                .map_err(StoreError::from)?;
        }
        self.judge(&mut transaction).await?;
        Ok(transaction.commit().await.map_err(StoreError::from)?)
    }

    /// Whether the tables fit the struct: for a start-up that leaves migrating to others.
    ///
    /// # Errors
    ///
    /// [`SchemaError::Mismatch`] with every difference and what mends it.
    pub async fn check(&self) -> Result<(), SchemaError> {
        let mut transaction = self.driver.begin_read().await.map_err(StoreError::from)?;
        self.judge(&mut transaction).await
    }

    async fn judge(&self, transaction: &mut D::Transaction) -> Result<(), SchemaError> {
        let dialect = self.driver.dialect();
        let mut problems = Vec::new();
        for table in &ddl::plan::<U>(dialect, &self.names) {
            let found = self.described(transaction, table).await?;
            problems.extend(compare(dialect, table, found.as_ref(), U::TABLE));
        }
        refuse(problems)
    }

    /// What is to be run so that the tables fit, or why no statement would make them.
    async fn steps(&self, transaction: &mut D::Transaction) -> Result<Vec<Step>, SchemaError> {
        let dialect = self.driver.dialect();
        let mut draft = Draft::default();
        let found = self
            .complete(transaction, &ddl::users::<U>(dialect), &mut draft)
            .await?;
        let id = Tables::<U>::ID.name;
        let info = found.as_ref().and_then(|found| {
            found
                .columns
                .iter()
                .find(|info| dialect.is_same_name(&info.name, id))
        });
        let reference = info.and_then(|info| info.reference.as_deref());
        let belonging = ddl::belonging::<U>(dialect, &self.names, reference);
        let declared = declared::<U>(dialect, &self.names, reference);
        for table in belonging.into_iter().chain(declared) {
            self.complete(transaction, &table, &mut draft).await?;
        }
        refuse(draft.problems).map(|()| draft.steps)
    }

    /// What is to be run so that one table fits, and what the database has of it now.
    async fn complete(
        &self,
        transaction: &mut D::Transaction,
        table: &TablePlan,
        draft: &mut Draft,
    ) -> Result<Option<TableInfo>, SchemaError> {
        let dialect = self.driver.dialect();
        let Some(found) = self.described(transaction, table).await? else {
            draft.problems.extend(reserved_name(dialect, table));
            draft.add(table, created(dialect, table));
            return Ok(None);
        };
        let differences = compare(dialect, table, Some(&found), U::TABLE);
        if !can_complete(dialect, table, &found) {
            draft.problems.extend(differences);
            return Ok(Some(found));
        }
        let missing = self.missing_indexes(transaction, table, &found).await?;
        let gets_key = missing.iter().any(|index| index.purpose == Purpose::Email);
        if gets_key {
            self.refuse_duplicates(transaction).await?;
        }
        let is_on_key = gets_key
            || missing
                .iter()
                .any(|index| index.purpose == Purpose::Account);
        draft.add(
            table,
            missing_columns(dialect, table, &found)
                .filter_map(|column| add_column(dialect, &table.name, column)),
        );
        let key = table
            .key
            .iter()
            .filter(|key| is_on_key && !has_column(dialect, &found, &key.name));
        draft.add(table, key.map(|key| add_key(dialect, &table.name, key)));
        draft.add(table, missing.iter().map(|index| index.create.clone()));
        let is_mended = |kind: &SchemaProblemKind| match kind {
            SchemaProblemKind::MissingColumn { .. } => true,
            SchemaProblemKind::MissingEmailIndex => gets_key,
            SchemaProblemKind::MissingIndex { column } => missing
                .iter()
                .any(|index| index.purpose.declared() == *column),
            _ => false,
        };
        draft.problems.extend(
            differences
                .into_iter()
                .filter(|problem| !is_mended(&problem.kind)),
        );
        Ok(Some(found))
    }

    /// What the database has of a table, and which names of its indexes something else has.
    pub(super) async fn described(
        &self,
        transaction: &mut D::Transaction,
        table: &TablePlan,
    ) -> Result<Option<TableInfo>, StoreError> {
        let Some(mut found) = transaction.inspect(&table.name, table.email).await? else {
            return Ok(None);
        };
        for index in &table.indexes {
            if !is_served(self.driver.dialect(), table, &found, index)
                && transaction.has_index(&table.name, &index.name).await?
            {
                found.taken.push(index.name.clone());
            }
        }
        Ok(Some(found))
    }

    /// The indexes that creating them would add to a table that is there.
    async fn missing_indexes<'a>(
        &self,
        transaction: &mut D::Transaction,
        table: &'a TablePlan,
        found: &TableInfo,
    ) -> Result<Vec<&'a IndexPlan>, StoreError> {
        let dialect = self.driver.dialect();
        let mut missing = Vec::new();
        for index in &table.indexes {
            if is_served(dialect, table, found, index) || found.taken.contains(&index.name) {
                continue;
            }
            if index.purpose != Purpose::Account
                || self.can_be_unique(transaction, table, found).await?
            {
                missing.push(index);
            }
        }
        Ok(missing)
    }

    /// Whether the table of accounts can get its unique index. It is served without, so nothing is refused.
    async fn can_be_unique(
        &self,
        transaction: &mut D::Transaction,
        table: &TablePlan,
        found: &TableInfo,
    ) -> Result<bool, StoreError> {
        let is_shared = self.has_shared_account(transaction).await?;
        if is_shared {
            tracing::warn!(
                table = table.name,
                "an account at a provider is linked more than once, so that no unique index prevents more of this"
            );
        }
        Ok(!is_shared && obstacle(self.driver.dialect(), table, found).is_none())
    }
}

/// A statement of a migration.
struct Step {
    /// The table that it is about.
    table: String,
    sql: String,
}

/// A migration in the making.
#[derive(Default)]
struct Draft {
    steps: Vec<Step>,
    problems: Vec<SchemaProblem>,
}

impl Draft {
    fn add(&mut self, table: &TablePlan, statements: impl IntoIterator<Item = String>) {
        self.steps.extend(statements.into_iter().map(|sql| Step {
            table: table.name.clone(),
            sql,
        }));
    }
}

/// What makes a table that is not there.
fn created(dialect: &dyn Dialect, table: &TablePlan) -> impl Iterator<Item = String> {
    let indexes = if dialect.creates_indexes_with_tables() {
        &[][..]
    } else {
        &table.indexes
    };
    table
        .create
        .iter()
        .chain(indexes.iter().map(|index| &index.create))
        .cloned()
}

/// Statements as the text of a migration.
fn text(statements: impl Iterator<Item = String>) -> String {
    statements
        .map(|statement| format!("{statement};\n"))
        .collect::<Vec<_>>()
        .join("\n")
}

fn refuse(problems: Vec<SchemaProblem>) -> Result<(), SchemaError> {
    if problems.is_empty() {
        Ok(())
    } else {
        Err(SchemaError::Mismatch(problems))
    }
}

fn missing_columns<'a>(
    dialect: &dyn Dialect,
    table: &'a TablePlan,
    found: &TableInfo,
) -> impl Iterator<Item = &'a Column> {
    table
        .columns
        .iter()
        .filter(move |column| !has_column(dialect, found, column.name))
}

fn has_column(dialect: &dyn Dialect, found: &TableInfo, name: &str) -> bool {
    found
        .columns
        .iter()
        .any(|column| dialect.is_same_name(&column.name, name))
}

/// Whether every column that the table lacks can be added.
fn can_complete(dialect: &dyn Dialect, table: &TablePlan, found: &TableInfo) -> bool {
    let is_addable = |column| add_column(dialect, &table.name, column).is_some();
    let is_in_the_way = table.email.is_some() && obstacle(dialect, table, found).is_some();
    missing_columns(dialect, table, found).all(is_addable) && !is_in_the_way
}
