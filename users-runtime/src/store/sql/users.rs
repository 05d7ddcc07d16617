//! Users on SQL.

use std::sync::Arc;

use async_trait::async_trait;

use super::{
    SqlStore,
    again::again,
    dialect::Dialect,
    driver::{Argument, Driver, Failure, Query, Rows, Transaction, Violated, Write},
    tables::Tables,
};
use crate::{
    model::UserModel,
    store::{
        AccessToken, AccessTokenStore, Administration, ColumnValue, Expected, LIMITS, LimitStore,
        OAuthAccountStore, SharedTransaction, StoreError, TenantStore, UserStore,
        error::unexpected, guard, records, sql::ddl,
    },
    value::{Kind, Role, Row, Value},
};

#[async_trait]
impl<U: UserModel, D: Driver> UserStore<U> for SqlStore<U, D> {
    async fn find(&self, id: &U::Id) -> Result<Option<U>, StoreError> {
        let Some(query) = self.by_id(&self.statements.find, id) else {
            return Ok(None);
        };
        let row = self.driver.row(query, U::COLUMNS).await?;
        let user = row.map(|values| U::from_row(&mut Row::new(U::COLUMNS, values)));
        Ok(user.transpose()?)
    }

    async fn find_by_email(&self, email: &str) -> Result<Option<U>, StoreError> {
        if Tables::<U>::TENANT.is_some() {
            return Err(StoreError::NoTenant);
        }
        Ok(closest(self.with_email(email, None).await?, email))
    }

    async fn insert(&self, values: Vec<ColumnValue>) -> Result<U, StoreError> {
        let Values {
            columns,
            arguments,
            address,
        } = Values::new::<U>(self.driver.dialect(), values)?;
        let sql = self.statements.insert::<U>(self.driver.dialect(), &columns);
        match self
            .driver
            .write(
                self.insertion(Query { sql, arguments }, &columns),
                U::COLUMNS,
            )
            .await
        {
            Ok(rows) => users(rows)?
                .pop()
                .ok_or_else(|| unexpected("an insert did not answer with its row")),
            Err(failure) => Err(self.refusal(failure, &columns, address, None).await),
        }
    }

    async fn update(
        &self,
        id: &U::Id,
        changes: Vec<ColumnValue>,
        expected: Option<Expected<'_>>,
    ) -> Result<U, StoreError> {
        let Values {
            columns,
            mut arguments,
            address,
        } = Values::new::<U>(self.driver.dialect(), changes)?;
        if columns.is_empty() {
            let user: U = self.find(id).await?.ok_or(StoreError::NotFound)?;
            return if expected.is_none_or(|expected| expected.is_met_by(&user.account())) {
                Ok(user)
            } else {
                Err(StoreError::Outdated)
            };
        }
        let sql = self
            .statements
            .update::<U>(self.driver.dialect(), &columns, expected);
        // Where the row's id stands afterwards: it may be among the changes.
        let written = id_position::<U>(&columns).unwrap_or(columns.len());
        arguments.extend(self.compared(self.id_argument(id).ok_or(StoreError::NotFound)?));
        arguments.extend(self.expected_arguments(expected.unwrap_or_default()));
        let free = expected.and_then(|expected| expected.free_email);
        arguments
            .extend(free.map(|email| Argument::new(Kind::Text, Value::Text(email.to_owned()))));
        let write = Write {
            query: Query { sql, arguments },
            find: &self.statements.find,
            id: Some(written),
        };
        match self.driver.write(write, U::COLUMNS).await {
            Ok(rows) => match users(rows)?.pop() {
                Some(user) => Ok(user),
                None if expected.is_some() && self.exists(id).await? => Err(StoreError::Outdated),
                None => Err(StoreError::NotFound),
            },
            Err(failure) => Err(self.refusal(failure, &columns, address, Some(id)).await),
        }
    }

    fn compares_free_email(&self) -> bool {
        self.driver.dialect().updates_see_others()
    }

    async fn delete(&self, id: &U::Id) -> Result<(), StoreError> {
        if self.driver.is_within() {
            // What the database has undone is the application's to begin anew.
            return self.try_delete(id).await;
        }
        again(|| self.try_delete(id)).await
    }

    fn within(&self, transaction: &SharedTransaction) -> Option<Arc<dyn UserStore<U>>> {
        let driver = self.driver.within(transaction)?;
        Some(Arc::new(Self {
            driver,
            ..self.clone()
        }))
    }

    fn access_tokens(&self) -> Option<&dyn AccessTokenStore<U::Id>> {
        Some(self)
    }

    async fn find_by_token(
        &self,
        candidates: &[&str],
    ) -> Result<Option<(AccessToken<U::Id>, Option<U>)>, StoreError> {
        self.token_with_user(candidates).await
    }

    fn oauth_accounts(&self) -> Option<&dyn OAuthAccountStore<U>> {
        Some(self)
    }

    fn records(&self) -> Option<&dyn records::RecordStore<U>> {
        Some(self)
    }

    fn has_arrays(&self) -> bool {
        self.driver.dialect().has_arrays()
    }

    fn limits(&self) -> Option<&dyn LimitStore> {
        let has_limits = U::CONFIG
            .tables
            .iter()
            .any(|table| table.name == LIMITS.name);
        has_limits.then_some(self as &dyn LimitStore)
    }

    fn tenants(&self) -> Option<&dyn TenantStore<U>> {
        Tables::<U>::TENANT.map(|_| self as _)
    }

    fn administration(&self) -> Option<&dyn Administration<U>> {
        Some(self)
    }
}

#[async_trait]
impl<U: UserModel, D: Driver> TenantStore<U> for SqlStore<U, D> {
    async fn find_in_tenant(&self, tenant: &Value, email: &str) -> Result<Option<U>, StoreError> {
        Ok(closest(self.with_email(email, Some(tenant)).await?, email))
    }
}

impl<U: UserModel, D: Driver> SqlStore<U, D> {
    async fn try_delete(&self, id: &U::Id) -> Result<(), StoreError> {
        let mut transaction = self.driver.begin_write().await?;
        match self.delete_in(&mut transaction, id).await {
            Ok(()) => Ok(transaction.commit().await?),
            Err(error) => {
                // The first error is the reason; if this fails, too, the connection is gone, and the database does it.
                let _ = transaction.rollback().await;
                Err(error)
            }
        }
    }

    async fn delete_in(
        &self,
        transaction: &mut D::Transaction,
        id: &U::Id,
    ) -> Result<(), StoreError> {
        let by_id = |sql| self.by_id(sql, id).ok_or(StoreError::NotFound);
        let statements = &self.statements;
        // Before the rest: where keys do not cascade, a token that is issued meanwhile would keep the user from going.
        if transaction
            .rows(by_id(&statements.lock)?, Tables::<U>::ID_ONLY)
            .await?
            .is_empty()
        {
            return Err(StoreError::NotFound);
        }
        // A database that was taken over need not have these tables, and their foreign keys need not cascade.
        if transaction.has_table(&self.names.tokens).await? {
            transaction
                .execute(by_id(&statements.tokens.delete_of)?)
                .await?;
        }
        if transaction.has_table(&self.names.oauth).await? {
            transaction
                .execute(by_id(&statements.accounts.delete_of)?)
                .await?;
        }
        for table in U::CONFIG.tables {
            if let Some(delete) = self.delete_of(table, id)?
                && transaction.has_table(&self.table_name(table)).await?
            {
                transaction.execute(delete).await?;
            }
        }
        if transaction.execute(by_id(&statements.delete)?).await? == 0 {
            return Err(StoreError::NotFound);
        }
        Ok(())
    }

    /// The users with an address, in whatever case, of a tenant where one is given.
    async fn with_email(&self, email: &str, tenant: Option<&Value>) -> Result<Vec<U>, StoreError> {
        // No user has an address or a tenant that cannot be stored.
        let Some(argument) = self.text_argument(email) else {
            return Ok(Vec::new());
        };
        let mut arguments = vec![argument];
        let sql = match (tenant, &self.statements.find_in_tenant, Tables::<U>::TENANT) {
            (Some(tenant), Some(sql), Some(column)) => {
                if guard::check(&column, tenant, self.driver.dialect().held()).is_err() {
                    return Ok(Vec::new());
                }
                arguments.extend(self.compared(Argument::new(column.kind, tenant.clone())));
                sql
            }
            _ => &self.statements.find_by_email,
        };
        let query = Query {
            sql: sql.clone(),
            arguments,
        };
        users(self.driver.rows(query, U::COLUMNS).await?)
    }

    /// What must still be stored, as the arguments of the conditions.
    pub(super) fn expected_arguments(
        &self,
        expected: Expected<'_>,
    ) -> impl Iterator<Item = Argument> {
        let stored = expected.conditions().map(|(role, value)| {
            Argument::new(U::COLUMNS[Tables::<U>::position(role)].kind, value)
        });
        stored.flat_map(|argument| self.compared(argument))
    }

    pub(super) async fn exists(&self, id: &U::Id) -> Result<bool, StoreError> {
        let Some(query) = self.by_id(&self.statements.exists, id) else {
            return Ok(false);
        };
        Ok(!self
            .driver
            .rows(query, Tables::<U>::ID_ONLY)
            .await?
            .is_empty())
    }

    /// The insert of a user, with values for these columns.
    pub(super) fn insertion(&self, query: Query, columns: &[usize]) -> Write<'_> {
        Write {
            query,
            find: &self.statements.find,
            id: id_position::<U>(columns),
        }
    }

    /// Why a row with values for these columns was not stored: distinguishes a taken e-mail address from other conflicts.
    pub(super) async fn refusal(
        &self,
        mut failure: Failure,
        columns: &[usize],
        address: Option<Address>,
        own: Option<&U::Id>,
    ) -> StoreError {
        if let Failure::Unfit(unfit, _) = &mut failure {
            // The values of the columns are the first arguments.
            unfit.find(columns.iter().map(|column| &U::COLUMNS[*column]));
        }
        let is_taken = match (&failure, address) {
            (Failure::Unique(Violated::Columns(columns)), _) => columns
                .iter()
                .any(|column| column == Tables::<U>::EMAIL.name),
            (Failure::Unique(Violated::Index(name)), Some(address)) => {
                // An application may have made an index of its own, whose name says nothing.
                ddl::is_email_index::<U>(self.driver.dialect(), name)
                    || self.has_other(&address, own).await
            }
            _ => false,
        };
        if is_taken {
            StoreError::EmailTaken
        } else {
            failure.of(U::COLUMNS)
        }
    }

    async fn has_other(&self, address: &Address, own: Option<&U::Id>) -> bool {
        let mut tenant = address.tenant.clone();
        if let (None, Some(_), Some(id)) = (&tenant, Tables::<U>::TENANT, own) {
            let user = self.find(id).await.unwrap_or_default();
            tenant = user.and_then(|user| user.tenant());
        }
        let users = self.with_email(&address.email, tenant.as_ref()).await;
        let mut users = users.unwrap_or_default().into_iter();
        users.any(|user| Some(user.account().id) != own)
    }
}

/// The user who has an address. A table that was taken over may have several; the address itself wins over its other forms.
fn closest<U: UserModel>(mut users: Vec<U>, email: &str) -> Option<U> {
    let exact = users.iter().position(|user| user.account().email == email);
    let exact = exact.unwrap_or(0);
    (exact < users.len()).then(|| users.swap_remove(exact))
}

/// An address that is to be stored, and the tenant whose users it must differ from; `None` where the values do not say it.
#[derive(Clone)]
pub(super) struct Address {
    email: String,
    tenant: Option<Value>,
}

/// What is to be stored, in ascending order of the columns, each once.
pub(super) struct Values {
    pub(super) columns: Vec<usize>,
    pub(super) arguments: Vec<Argument>,
    pub(super) address: Option<Address>,
}

impl Values {
    pub(super) fn new<U: UserModel>(
        dialect: &dyn Dialect,
        values: Vec<ColumnValue>,
    ) -> Result<Self, StoreError> {
        let mut sorted = Self {
            columns: Vec::new(),
            arguments: Vec::new(),
            address: None,
        };
        let (mut email, mut tenant) = (None, None);
        for ColumnValue { column, value } in guard::sorted::<U>(values, dialect.held())? {
            let description = &U::COLUMNS[column];
            match (description.role, &value) {
                (Role::Email, Value::Text(text)) => email = Some(text.clone()),
                (Role::Tenant, value) => tenant = Some(value.clone()),
                _ => {}
            }
            sorted.columns.push(column);
            sorted.arguments.push(Argument {
                // Keys and what is searched for are of the field's own type.
                is_untyped: description.kind == Kind::Text && description.role == Role::Extra,
                ..Argument::of(description, value)
            });
        }
        sorted.address = email.map(|email| Address { email, tenant });
        Ok(sorted)
    }
}

/// Where the id is among the columns.
fn id_position<U: UserModel>(columns: &[usize]) -> Option<usize> {
    columns
        .iter()
        .position(|column| U::COLUMNS[*column].role == Role::Id)
}

pub(super) fn users<U: UserModel>(rows: Rows) -> Result<Vec<U>, StoreError> {
    rows.into_iter()
        .map(|values| Ok(U::from_row(&mut Row::new(U::COLUMNS, values))?))
        .collect()
}
