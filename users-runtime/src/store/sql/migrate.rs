//! Creating the tables, and judging the ones that are there.

use super::{
    SqlStore,
    compare::{compare, obstacle},
    ddl::{self, IndexPlan, TablePlan, add_column, add_key},
    dialect::Dialect,
    driver::{Driver, Failure, Query, TableInfo, Transaction},
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
        let dialect = self.driver.dialect();
        let plan = ddl::plan::<U>(dialect, &self.names);
        let statements = plan.iter().flat_map(|table| {
            let indexes = if dialect.creates_indexes_with_tables() { &[][..] } else { &table.indexes };
            table.create.iter().map(String::as_str).chain(indexes.iter().map(|index| index.create.as_str()))
        });
        statements.map(|statement| format!("{statement};\n")).collect::<Vec<_>>().join("\n")
    }

    /// Creates what is missing: tables, indexes, and columns that rows can get a value for (fields that are an `Option` or
    /// have a default). Nothing is dropped or changed.
    ///
    /// It may be repeated, and processes that start at the same time wait for each other. It is one transaction, but on MySQL and
    /// MariaDB, which keep every change to a table at once: there everything is judged before the first change, and a
    /// migration that breaks off, because the server stops, say, is completed by the next.
    ///
    /// # Errors
    ///
    /// [`SchemaError::DuplicateEmails`] when addresses of a table that was taken over differ only in case,
    /// [`SchemaError::Mismatch`] when the tables do not fit the struct even so. Nothing was changed then.
    pub async fn migrate(&self) -> Result<(), SchemaError> {
        let dialect = self.driver.dialect();
        let mut transaction = self.driver.begin_migration().await.map_err(StoreError::from)?;
        if !dialect.undoes_migrations() {
            self.refuse_misfits(&mut transaction).await?;
        }
        let users = ddl::users::<U>(dialect);
        let mut problems = Vec::new();
        let found = self.migrate_table(&mut transaction, &users, &mut problems).await?;
        let id = Tables::<U>::ID.name;
        let info = found.as_ref().and_then(|found| found.columns.iter().find(|info| dialect.is_same_name(&info.name, id)));
        for table in ddl::belonging::<U>(dialect, &self.names, info.and_then(|info| info.reference.as_deref())) {
            self.migrate_table(&mut transaction, &table, &mut problems).await?;
        }
        if !problems.is_empty() {
            return Err(SchemaError::Mismatch(problems));
        }
        Ok(transaction.commit().await.map_err(StoreError::from)?)
    }

    /// Creates or completes a table, as far as possible, and judges the result.
    async fn migrate_table(
        &self,
        transaction: &mut D::Transaction,
        table: &TablePlan,
        problems: &mut Vec<SchemaProblem>,
    ) -> Result<Option<TableInfo>, SchemaError> {
        let dialect = self.driver.dialect();
        let found = transaction.inspect(&table.name, table.email).await.map_err(StoreError::from)?;
        if found.as_ref().is_none_or(|found| can_complete(dialect, table, found)) {
            if found.as_ref().is_some_and(|found| table.email.is_some() && !found.has_email_index) {
                self.refuse_duplicates(transaction).await?;
            }
            self.complete(transaction, table, found.as_ref()).await.map_err(StoreError::from)?;
        }
        let found = transaction.inspect(&table.name, table.email).await.map_err(StoreError::from)?;
        problems.extend(compare(dialect, table, found.as_ref(), U::TABLE));
        Ok(found)
    }

    /// Refuses, before anything is changed, what migrating cannot mend.
    async fn refuse_misfits(&self, transaction: &mut D::Transaction) -> Result<(), SchemaError> {
        let dialect = self.driver.dialect();
        let mut problems = Vec::new();
        for table in &ddl::plan::<U>(dialect, &self.names) {
            let found = transaction.inspect(&table.name, table.email).await.map_err(StoreError::from)?;
            let Some(found) = found else { continue };
            let misfits = compare(dialect, table, Some(&found), U::TABLE);
            problems.extend(misfits.into_iter().filter(|problem| !is_mended(dialect, table, &found, &problem.kind)));
            if problems.is_empty() && table.email.is_some() && !found.has_email_index {
                self.refuse_duplicates(transaction).await?;
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(SchemaError::Mismatch(problems)) }
    }

    /// Whether the tables fit the struct: for a start-up that leaves migrating to others.
    ///
    /// # Errors
    ///
    /// [`SchemaError::Mismatch`] with every difference and what mends it.
    pub async fn check(&self) -> Result<(), SchemaError> {
        let dialect = self.driver.dialect();
        let mut transaction = self.driver.begin_read().await.map_err(StoreError::from)?;
        let mut problems = Vec::new();
        for table in &ddl::plan::<U>(dialect, &self.names) {
            let found = transaction.inspect(&table.name, table.email).await.map_err(StoreError::from)?;
            problems.extend(compare(dialect, table, found.as_ref(), U::TABLE));
        }
        if problems.is_empty() { Ok(()) } else { Err(SchemaError::Mismatch(problems)) }
    }

    async fn complete(
        &self,
        transaction: &mut D::Transaction,
        table: &TablePlan,
        found: Option<&TableInfo>,
    ) -> Result<(), Failure> {
        let dialect = self.driver.dialect();
        let mut statements = Vec::new();
        match found {
            None => statements.extend(table.create.iter().cloned()),
            Some(found) => {
                let columns = missing_columns(dialect, table, found);
                statements.extend(columns.filter_map(|column| add_column(dialect, &table.name, column)));
                let is_there = |name: &str| found.columns.iter().any(|info| dialect.is_same_name(&info.name, name));
                let key = table.key.iter().filter(|key| !is_there(&key.name));
                statements.extend(key.map(|key| add_key(dialect, &table.name, key)));
            }
        }
        let is_there = |index: &IndexPlan| match found {
            None => dialect.creates_indexes_with_tables(),
            Some(found) if index.is_email_key => found.has_email_index,
            Some(found) => found.indexed.iter().any(|column| dialect.is_same_name(column, index.column)),
        };
        statements.extend(table.indexes.iter().filter(|index| !is_there(index)).map(|index| index.create.clone()));
        for statement in statements {
            tracing::info!(table = table.name, sql = statement, "migrating");
            let sql = sqlx::SqlSafeStr::into_sql_str(sqlx::AssertSqlSafe(statement));
            transaction.execute(Query { sql, arguments: Vec::new() }).await?;
        }
        Ok(())
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

fn missing_columns(dialect: &dyn Dialect, table: &TablePlan, found: &TableInfo) -> impl Iterator<Item = &'static Column> {
    let is_there = |name: &str| found.columns.iter().any(|column| dialect.is_same_name(&column.name, name));
    table.columns.iter().filter(move |column| !is_there(column.name))
}

/// Whether every column that the table lacks can be added.
fn can_complete(dialect: &dyn Dialect, table: &TablePlan, found: &TableInfo) -> bool {
    let is_addable = |column| add_column(dialect, &table.name, column).is_some();
    missing_columns(dialect, table, found).all(is_addable) && obstacle(dialect, table, found).is_none()
}

/// Whether migrating takes a difference away.
fn is_mended(dialect: &dyn Dialect, table: &TablePlan, found: &TableInfo, kind: &SchemaProblemKind) -> bool {
    match kind {
        SchemaProblemKind::MissingTable => true,
        SchemaProblemKind::MissingEmailIndex => obstacle(dialect, table, found).is_none(),
        SchemaProblemKind::MissingColumn { column } => {
            let column = table.columns.iter().find(|known| known.name == column);
            column.is_some_and(|column| add_column(dialect, &table.name, column).is_some())
        }
        _ => false,
    }
}

fn id_text<U: UserModel>(values: Vec<Value>) -> Result<String, StoreError> {
    let id: U::Id = Row::new(Tables::<U>::ID_ONLY, values).take(0)?;
    Ok(id.to_string())
}
