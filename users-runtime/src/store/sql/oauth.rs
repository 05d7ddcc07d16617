//! OAuth accounts on SQL.

use async_trait::async_trait;
use sqlx::SqlStr;
use uuid::Uuid;

use super::{
    SqlStore,
    account_statements::{ACCESS_TOKEN_UPDATE, ACCOUNT_UPDATE},
    again::again,
    driver::{Argument, Driver, Failure, Query, Transaction, Write, unless_charset},
    statements::Statements,
    tables::Tables,
    users::{Address, Values, users},
};
use crate::{
    model::UserModel,
    store::{
        ColumnValue, Expected, OAuthAccount, OAuthAccountStore, StoreError, error::unexpected,
        guard,
    },
    value::{Field as _, Kind, Row, UserId as _, Value},
};

#[async_trait]
impl<U: UserModel, D: Driver> OAuthAccountStore<U> for SqlStore<U, D> {
    async fn find_account(
        &self,
        oauth_name: &str,
        account_id: &str,
    ) -> Result<Option<OAuthAccount<U::Id>>, StoreError> {
        let (Some(name), Some(id)) = (
            self.text_argument(oauth_name),
            self.text_argument(account_id),
        ) else {
            return Ok(None);
        };
        let arguments = self.compared(name).chain(self.compared(id)).collect();
        let query = Query {
            sql: self.statements.accounts.find.clone(),
            arguments,
        };
        let rows = unless_charset(self.driver.rows(query, Tables::<U>::ACCOUNT).await)?;
        rows.into_iter().next().map(account::<U>).transpose()
    }

    async fn accounts_of(&self, user: &U::Id) -> Result<Vec<OAuthAccount<U::Id>>, StoreError> {
        let Some(query) = self.by_id(&self.statements.accounts.of_user, user) else {
            return Ok(Vec::new());
        };
        self.driver
            .rows(query, Tables::<U>::ACCOUNT)
            .await?
            .into_iter()
            .map(account::<U>)
            .collect()
    }

    async fn insert_account(&self, account: OAuthAccount<U::Id>) -> Result<(), StoreError> {
        let query = self.insert_of(self.fitted(account).await?)?;
        self.driver
            .execute(query)
            .await
            .map(drop)
            .map_err(refusal::<U>)
    }

    async fn insert_account_if(
        &self,
        account: OAuthAccount<U::Id>,
        expected: Expected<'_>,
    ) -> Result<(), StoreError> {
        again(|| self.try_insert_account_if(&account, expected)).await
    }

    async fn insert_user_with_account(
        &self,
        values: Vec<ColumnValue>,
        account: &(dyn Fn(U::Id) -> OAuthAccount<U::Id> + Send + Sync),
    ) -> Result<U, StoreError> {
        let Values {
            columns,
            arguments,
            address,
        } = Values::new::<U>(self.driver.dialect(), values)?;
        let sql = self.statements.insert::<U>(self.driver.dialect(), &columns);
        let insertion = self.insertion(Query { sql, arguments }, &columns);
        again(|| {
            self.try_insert_with_account(insertion.clone(), &columns, address.clone(), account)
        })
        .await
    }

    async fn update_account(&self, account: OAuthAccount<U::Id>) -> Result<(), StoreError> {
        let sql = &self.statements.accounts.update;
        self.set_of_account(sql, &ACCOUNT_UPDATE, account).await
    }

    async fn update_access_token(&self, account: OAuthAccount<U::Id>) -> Result<(), StoreError> {
        let sql = &self.statements.accounts.update_access_token;
        self.set_of_account(sql, &ACCESS_TOKEN_UPDATE, account)
            .await
    }

    async fn has_accounts(&self, user: &U::Id) -> Result<bool, StoreError> {
        let Some(query) = self.by_id(&self.statements.accounts.of_user, user) else {
            return Ok(false);
        };
        // A database that was taken over need not have the table.
        let mut transaction = self.driver.begin_read().await?;
        if !transaction.has_table(&self.names.oauth).await? {
            return Ok(false);
        }
        Ok(!transaction
            .rows(query, Tables::<U>::ACCOUNT)
            .await?
            .is_empty())
    }

    async fn delete_accounts_of(&self, user: &U::Id) -> Result<u64, StoreError> {
        let Some(query) = self.by_id(&self.statements.accounts.delete_of, user) else {
            return Ok(0);
        };
        // A database that was taken over need not have the table.
        let mut transaction = self.driver.begin_write().await?;
        if !transaction.has_table(&self.names.oauth).await? {
            return Ok(0);
        }
        let deleted = transaction.execute(query).await?;
        transaction.commit().await?;
        Ok(deleted)
    }

    async fn delete_account(
        &self,
        user: &U::Id,
        oauth_name: &str,
        account_id: &str,
    ) -> Result<bool, StoreError> {
        let (Some(user), Some(name), Some(id)) = (
            self.id_argument(user),
            self.text_argument(oauth_name),
            self.text_argument(account_id),
        ) else {
            return Ok(false);
        };
        let arguments = [user, name, id]
            .into_iter()
            .flat_map(|argument| self.compared(argument))
            .collect();
        let query = Query {
            sql: self.statements.accounts.delete.clone(),
            arguments,
        };
        Ok(unless_charset(self.driver.execute(query).await)? > 0)
    }
}

impl<U: UserModel, D: Driver> SqlStore<U, D> {
    /// Runs a statement that sets these columns of an account.
    async fn set_of_account(
        &self,
        sql: &SqlStr,
        columns: &[&str],
        account: OAuthAccount<U::Id>,
    ) -> Result<(), StoreError> {
        let account = self.fitted(account).await?;
        let mut arguments = Vec::with_capacity(columns.len() + 2);
        for name in columns.iter().copied().chain(["oauth_name", "account_id"]) {
            let value = match name {
                "access_token" => Value::Text(account.access_token.clone()),
                "expires_at" => account.expires_at.to_value(),
                "refresh_token" => account.refresh_token.to_value(),
                "account_email" => Value::Text(account.account_email.clone()),
                "oauth_name" => Value::Text(account.oauth_name.clone()),
                _ => Value::Text(account.account_id.clone()),
            };
            let column = Tables::<U>::ACCOUNT
                .iter()
                .find(|column| column.name == name);
            let column = column.ok_or_else(|| unexpected("an account's column is missing"))?;
            guard::check(column, &value, self.driver.dialect().held())?;
            let argument = Argument::new(column.kind, value);
            match name {
                "oauth_name" | "account_id" => arguments.extend(self.compared(argument)),
                _ => arguments.push(argument),
            }
        }
        let query = Query {
            sql: sql.clone(),
            arguments,
        };
        let changed = self.driver.execute(query).await.map_err(refusal::<U>)?;
        if changed == 0 {
            Err(StoreError::NotFound)
        } else {
            Ok(())
        }
    }

    /// Locks the user's row, so that nothing changes it until the account is stored.
    async fn try_insert_account_if(
        &self,
        account: &OAuthAccount<U::Id>,
        expected: Expected<'_>,
    ) -> Result<(), StoreError> {
        let user = &account.user_id;
        let id = self.id_argument(user).ok_or(StoreError::NotFound)?;
        let lock = Query {
            sql: Statements::lock_if::<U>(self.driver.dialect(), expected),
            arguments: self
                .compared(id)
                .chain(self.expected_arguments(expected))
                .collect(),
        };
        let mut transaction = self.driver.begin_write().await?;
        let found = transaction.rows(lock, Tables::<U>::ID_ONLY).await?;
        if found.is_empty() {
            drop(transaction);
            return Err(if self.exists(user).await? {
                StoreError::Outdated
            } else {
                StoreError::NotFound
            });
        }
        let account = self.fitted_in(&mut transaction, account.clone()).await?;
        let query = self.insert_of(account)?;
        transaction.execute(query).await.map_err(refusal::<U>)?;
        Ok(transaction.commit().await?)
    }

    async fn try_insert_with_account(
        &self,
        insertion: Write<'_>,
        columns: &[usize],
        address: Option<Address>,
        account: &(dyn Fn(U::Id) -> OAuthAccount<U::Id> + Send + Sync),
    ) -> Result<U, StoreError> {
        let mut transaction = self.driver.begin_write().await?;
        let rows = match transaction.write(insertion, U::COLUMNS).await {
            Ok(rows) => rows,
            Err(failure) => {
                drop(transaction);
                return Err(self.refusal(failure, columns, address, None).await);
            }
        };
        let user: U = users(rows)?
            .pop()
            .ok_or_else(|| unexpected("an insert did not answer with its row"))?;
        let account = self
            .fitted_in(&mut transaction, account(user.account().id.clone()))
            .await?;
        let query = self.insert_of(account)?;
        transaction.execute(query).await.map_err(refusal::<U>)?;
        transaction.commit().await?;
        Ok(user)
    }

    /// The statement that stores an account, under a new id of its own where the database assigns none.
    fn insert_of(&self, account: OAuthAccount<U::Id>) -> Result<Query, StoreError> {
        let own_id = U::new_id()
            .map(|id| id.to_value())
            .or_else(|| U::Id::generate().map(|id| id.to_value()));
        let own_id = match (own_id, Tables::<U>::ID.kind) {
            (None, Kind::Text) => Some(Value::Text(Uuid::new_v4().to_string())),
            (id, _) => id,
        };
        let values = [
            Some(account.user_id.to_value()),
            Some(Value::Text(account.oauth_name)),
            Some(Value::Text(account.access_token)),
            Some(account.expires_at.to_value()),
            Some(account.refresh_token.to_value()),
            Some(Value::Text(account.account_id)),
            Some(Value::Text(account.account_email)),
        ];
        let is_assigned = own_id.is_none();
        let columns = Tables::<U>::OAUTH.iter().skip(usize::from(is_assigned));
        let values = own_id.into_iter().chain(values.into_iter().flatten());
        let mut arguments = Vec::with_capacity(Tables::<U>::OAUTH.len());
        for (column, value) in columns.zip(values) {
            guard::check(column, &value, self.driver.dialect().held())?;
            arguments.push(Argument::new(column.kind, value));
        }
        Ok(Query {
            sql: self.statements.accounts.insert.clone(),
            arguments,
        })
    }
}

fn refusal<U: UserModel>(failure: Failure) -> StoreError {
    match failure {
        // The only foreign key is the user's: they were deleted meanwhile.
        Failure::ForeignKey(_) => StoreError::NotFound,
        failure => failure.of(Tables::<U>::ACCOUNT),
    }
}

fn account<U: UserModel>(values: Vec<Value>) -> Result<OAuthAccount<U::Id>, StoreError> {
    let mut row = Row::new(Tables::<U>::ACCOUNT, values);
    Ok(OAuthAccount {
        user_id: row.take(0)?,
        oauth_name: row.take(1)?,
        access_token: row.take(2)?,
        expires_at: row.take(3)?,
        refresh_token: row.take(4)?,
        account_id: row.take(5)?,
        account_email: row.take(6)?,
    })
}
