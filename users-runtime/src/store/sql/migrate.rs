//! Creating the tables, and judging the ones that are there.

use super::{
    SqlStore,
    compare::compare,
    ddl::{self, IndexPlan, TablePlan, add_column},
    dialect::Dialect,
    driver::{Driver, Query, TableInfo, Transaction},
    tables::Tables,
};
use crate::{
    model::{Column, Row, UserModel, Value},
    store::{SchemaError, SchemaProblem, SchemaProblemKind, StoreError},
};

/// An error lists the users of at most so many addresses.
const LISTED: usize = 100;

impl<U: UserModel, D: Driver> SqlStore<U, D> {
    /// The tables and indexes as SQL text, for a migration tool of the application's own.
    ///
    /// Each statement does nothing where its table or index is there already.
    pub fn schema_sql(&self) -> String {
        let plan = ddl::plan::<U>(self.driver.dialect(), &self.names);
        let statements = plan.iter().flat_map(|table| {
            table.create.iter().map(String::as_str).chain(table.indexes.iter().map(|index| index.create.as_str()))
        });
        text(statements)
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
        Ok(text(steps.iter().map(|step| step.sql.as_str())))
    }

    /// Creates what is missing: tables, indexes, and columns that rows can get a value for (fields that are an `Option` or
    /// have a default). Nothing is dropped or changed.
    ///
    /// It is one transaction: it may be repeated, and processes that start at the same time wait for each other.
    ///
    /// # Errors
    ///
    /// [`SchemaError::DuplicateEmails`] when addresses of a table that was taken over differ only in case,
    /// [`SchemaError::Mismatch`] when the tables do not fit the struct even so. Nothing was changed then.
    pub async fn migrate(&self) -> Result<(), SchemaError> {
        let mut transaction = self.driver.begin_migration().await.map_err(StoreError::from)?;
        for Step { table, sql } in self.steps(&mut transaction).await? {
            tracing::info!(table, sql, "migrating");
            let sql = sqlx::SqlSafeStr::into_sql_str(sqlx::AssertSqlSafe(sql));
            transaction.execute(Query { sql, arguments: Vec::new() }).await.map_err(StoreError::from)?;
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
            let found = transaction.inspect(&table.name, table.email).await.map_err(StoreError::from)?;
            problems.extend(compare(dialect, table, found.as_ref(), U::TABLE));
        }
        refuse(problems)
    }

    /// What is to be run so that the tables fit, or why no statement would make them.
    async fn steps(&self, transaction: &mut D::Transaction) -> Result<Vec<Step>, SchemaError> {
        let dialect = self.driver.dialect();
        let (mut steps, mut problems) = (Vec::new(), Vec::new());
        for table in &ddl::plan::<U>(dialect, &self.names) {
            let found = transaction.inspect(&table.name, table.email).await.map_err(StoreError::from)?;
            let Some(found) = found else {
                steps.extend(table.create.iter().map(|sql| Step::new(table, sql.clone())));
                steps.extend(table.indexes.iter().map(|index| Step::new(table, index.create.clone())));
                continue;
            };
            let differences = compare(dialect, table, Some(&found), U::TABLE);
            if !can_complete(dialect, table, &found) {
                problems.extend(differences);
                continue;
            }
            let missing = self.missing_indexes(transaction, table, &found).await?;
            if missing.iter().any(|index| index.is_email_key) {
                self.refuse_duplicates(transaction).await?;
            }
            let columns = missing_columns(dialect, table, &found).filter_map(|column| add_column(dialect, &table.name, column));
            steps.extend(columns.map(|sql| Step::new(table, sql)));
            steps.extend(missing.iter().map(|index| Step::new(table, index.create.clone())));
            let gets_key = missing.iter().any(|index| index.is_email_key);
            problems.extend(differences.into_iter().filter(|problem| !is_mended(&problem.kind, gets_key)));
        }
        refuse(problems).map(|()| steps)
    }

    /// The indexes that creating them would add to a table that is there.
    async fn missing_indexes<'a>(
        &self,
        transaction: &mut D::Transaction,
        table: &'a TablePlan,
        found: &TableInfo,
    ) -> Result<Vec<&'a IndexPlan>, StoreError> {
        let mut missing = Vec::new();
        for index in &table.indexes {
            let is_served = index.is_email_key && found.has_email_index;
            if !is_served && !transaction.has_index(&table.name, &index.name).await? {
                missing.push(index);
            }
        }
        Ok(missing)
    }

    async fn refuse_duplicates(&self, transaction: &mut D::Transaction) -> Result<(), SchemaError> {
        let query = Query { sql: self.statements.duplicates.clone(), arguments: Vec::new() };
        let rows = transaction.rows(query, Tables::<U>::ID_AND_EMAIL).await.map_err(StoreError::from)?;
        let mut ids: Vec<Vec<String>> = Vec::new();
        let (mut addresses, mut last) = (0, None);
        for mut values in rows {
            let address = values.pop();
            let id = id_text::<U>(values)?;
            match ids.last_mut() {
                Some(group) if last == address => {
                    if addresses <= LISTED {
                        group.push(id);
                    }
                }
                _ => {
                    addresses += 1;
                    if addresses <= LISTED {
                        ids.push(vec![id]);
                    }
                }
            }
            last = address;
        }
        if addresses == 0 { Ok(()) } else { Err(SchemaError::DuplicateEmails { addresses, ids }) }
    }
}

/// A statement of a migration.
struct Step {
    /// The table that it is about.
    table: String,
    sql: String,
}

impl Step {
    fn new(table: &TablePlan, sql: String) -> Self {
        Self { table: table.name.clone(), sql }
    }
}

/// Statements as the text of a migration.
fn text<'a>(statements: impl Iterator<Item = &'a str>) -> String {
    statements.map(|statement| format!("{statement};\n")).collect::<Vec<_>>().join("\n")
}

fn refuse(problems: Vec<SchemaProblem>) -> Result<(), SchemaError> {
    if problems.is_empty() { Ok(()) } else { Err(SchemaError::Mismatch(problems)) }
}

/// Whether the steps mend a difference of a table that they complete.
fn is_mended(kind: &SchemaProblemKind, gets_key: bool) -> bool {
    match kind {
        SchemaProblemKind::MissingColumn { .. } => true,
        SchemaProblemKind::MissingEmailIndex => gets_key,
        _ => false,
    }
}

fn missing_columns(dialect: &dyn Dialect, table: &TablePlan, found: &TableInfo) -> impl Iterator<Item = &'static Column> {
    let is_there = |name: &str| found.columns.iter().any(|column| dialect.is_same_name(&column.name, name));
    table.columns.iter().filter(move |column| !is_there(column.name))
}

/// Whether every column that the table lacks can be added.
fn can_complete(dialect: &dyn Dialect, table: &TablePlan, found: &TableInfo) -> bool {
    missing_columns(dialect, table, found).all(|column| add_column(dialect, &table.name, column).is_some())
}

fn id_text<U: UserModel>(values: Vec<Value>) -> Result<String, StoreError> {
    let id: U::Id = Row::new(Tables::<U>::ID_ONLY, values).take(0)?;
    Ok(id.to_string())
}
