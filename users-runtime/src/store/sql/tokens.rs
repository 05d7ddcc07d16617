//! Access tokens on SQL.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{
    SqlStore,
    driver::{Argument, Driver, Failure, Query, unless_charset},
    tables::Tables,
};
use crate::{
    model::UserModel,
    store::{AccessToken, AccessTokenStore, StoreError, error::unexpected, guard},
    value::{Field, Kind, Role, Row, Value},
};

#[async_trait]
impl<U: UserModel, D: Driver> AccessTokenStore<U::Id> for SqlStore<U, D> {
    async fn find_token(
        &self,
        candidates: &[&str],
    ) -> Result<Option<AccessToken<U::Id>>, StoreError> {
        let arguments = self.token_arguments(candidates);
        if arguments.is_empty() {
            return Ok(None);
        }
        let sql = self
            .statements
            .tokens
            .find(self.driver.dialect(), arguments.len());
        let rows = unless_charset(
            self.driver
                .rows(Query { sql, arguments }, Tables::<U>::TOKEN)
                .await,
        )?;
        let found = rows
            .into_iter()
            .map(access_token::<U>)
            .collect::<Result<Vec<_>, _>>()?;
        Ok(first_of(candidates, found, |found| &found.token))
    }

    async fn insert_token(&self, token: AccessToken<U::Id>) -> Result<(), StoreError> {
        let values = [
            Value::Text(token.token),
            Value::Timestamp(token.created_at),
            token.user_id.to_value(),
        ];
        let mut arguments = Vec::with_capacity(values.len());
        for (column, value) in Tables::<U>::TOKEN.iter().zip(values) {
            guard::check(column, &value, self.driver.dialect().held())?;
            arguments.push(Argument::new(column.kind, value));
        }
        match self
            .driver
            .execute(Query {
                sql: self.statements.tokens.insert.clone(),
                arguments,
            })
            .await
        {
            Ok(_) => Ok(()),
            // The only foreign key is the user's: they were deleted meanwhile.
            Err(Failure::ForeignKey(_)) => Err(StoreError::NotFound),
            Err(failure) => Err(failure.into()),
        }
    }

    async fn delete_token(&self, token: &str) -> Result<bool, StoreError> {
        let Some(argument) = self.text_argument(token) else {
            return Ok(false);
        };
        let arguments = self.compared(argument).collect();
        let query = Query {
            sql: self.statements.tokens.delete.clone(),
            arguments,
        };
        Ok(unless_charset(self.driver.execute(query).await)? > 0)
    }

    async fn delete_tokens_of(
        &self,
        user: &U::Id,
        except: Option<&str>,
    ) -> Result<u64, StoreError> {
        let Some(id) = self.id_argument(user) else {
            return Ok(0);
        };
        let query = match except.and_then(|token| self.text_argument(token)) {
            None => Query {
                sql: self.statements.tokens.delete_of.clone(),
                arguments: self.compared(id).collect(),
            },
            Some(token) => {
                let arguments = self.compared(id).chain([token]).collect();
                Query {
                    sql: self.statements.tokens.delete_others_of.clone(),
                    arguments,
                }
            }
        };
        Ok(self.driver.execute(query).await?)
    }

    async fn delete_tokens_before(&self, instant: DateTime<Utc>) -> Result<u64, StoreError> {
        let value = Value::Timestamp(instant);
        guard::check(&Tables::<U>::TOKEN[1], &value, self.driver.dialect().held())?;
        let arguments = vec![Argument::new(Kind::Timestamp, value)];
        Ok(self
            .driver
            .execute(Query {
                sql: self.statements.tokens.delete_before.clone(),
                arguments,
            })
            .await?)
    }

    async fn tokens_of(&self, user: &U::Id) -> Result<Option<Vec<AccessToken<U::Id>>>, StoreError> {
        let Some(id) = self.id_argument(user) else {
            return Ok(Some(Vec::new()));
        };
        let query = Query {
            sql: self.statements.tokens.of_user.clone(),
            arguments: self.compared(id).collect(),
        };
        let rows = self.driver.rows(query, Tables::<U>::TOKEN).await?;
        rows.into_iter()
            .map(access_token::<U>)
            .collect::<Result<_, _>>()
            .map(Some)
    }
}

impl<U: UserModel, D: Driver> SqlStore<U, D> {
    /// The first of these tokens that is stored, with its user, in one statement.
    pub(super) async fn token_with_user(
        &self,
        candidates: &[&str],
    ) -> Result<Option<(AccessToken<U::Id>, Option<U>)>, StoreError> {
        let arguments = self.token_arguments(candidates);
        if arguments.is_empty() {
            return Ok(None);
        }
        let sql = self
            .statements
            .tokens
            .find_with_user(self.driver.dialect(), arguments.len());
        let (query, columns) = (Query { sql, arguments }, &self.statements.tokens.with_user);
        // The parts of the statement answer in the order of the candidates.
        let row = unless_charset(self.driver.row(query, columns).await)?;
        let found = row.map(token_and_user::<U>).transpose()?;
        // A database that compares without regard to case may find another token.
        Ok(found.filter(|(found, _)| candidates.contains(&&*found.token)))
    }

    fn token_arguments(&self, candidates: &[&str]) -> Vec<Argument> {
        candidates
            .iter()
            .filter_map(|token| self.text_argument(token))
            .collect()
    }
}

/// What was found for the first of the candidates.
fn first_of<T>(candidates: &[&str], found: Vec<T>, token: impl Fn(&T) -> &str) -> Option<T> {
    // What a database of lax comparisons finds besides has no rank.
    let rank = |found: &T| {
        candidates
            .iter()
            .position(|candidate| *candidate == token(found))
    };
    found
        .into_iter()
        .filter_map(|found| Some((rank(&found)?, found)))
        .min_by_key(|(rank, _)| *rank)
        .map(|(_, found)| found)
}

/// A token and its user, who may be missing where the database does not watch over that.
fn token_and_user<U: UserModel>(
    mut values: Vec<Value>,
) -> Result<(AccessToken<U::Id>, Option<U>), StoreError> {
    let user = values.split_off(Tables::<U>::TOKEN.len().min(values.len()));
    let token = access_token::<U>(values)?;
    let has_user = !matches!(
        user.get(Tables::<U>::position(Role::Id)),
        None | Some(Value::Null)
    );
    let user = has_user
        .then(|| U::from_row(&mut Row::new(U::COLUMNS, user)))
        .transpose()?;
    Ok((token, user))
}

fn access_token<U: UserModel>(values: Vec<Value>) -> Result<AccessToken<U::Id>, StoreError> {
    let mut values = values.into_iter();
    let (Some(Value::Text(token)), Some(Value::Timestamp(created_at)), Some(id)) =
        (values.next(), values.next(), values.next())
    else {
        return Err(unexpected("a stored access token cannot be read"));
    };
    let user_id = Row::new(Tables::<U>::ID_ONLY, vec![id]).take(0)?;
    Ok(AccessToken {
        token,
        user_id,
        created_at,
    })
}
