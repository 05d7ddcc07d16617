//! Access tokens on MongoDB.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use mongodb::bson::{Bson, Document, doc};

use super::{
    Documents, MongoStore,
    documents::{parsed, raw},
    failure::failure,
    json,
    values::{self, milliseconds},
};
use crate::{
    model::UserModel,
    store::{
        AccessToken, AccessTokenStore, StoreError, check_value, error::unexpected, tables::Tables,
    },
    value::{Field, Value},
};

#[async_trait]
impl<U: UserModel> AccessTokenStore<U::Id> for MongoStore<U> {
    async fn find_token(
        &self,
        candidates: &[&str],
    ) -> Result<Option<AccessToken<U::Id>>, StoreError> {
        let filter = match candidates {
            [] => return Ok(None),
            [one] => doc! { "token": *one },
            several => doc! { "token": { "$in": several.to_vec() } },
        };
        let mut cursor = self.tokens().find(filter).await.map_err(failure)?;
        let mut found = Vec::new();
        while cursor.advance().await.map_err(failure)? {
            found.extend(access_token::<U>(parsed(cursor.current())?)?);
        }
        let rank = |token: &AccessToken<U::Id>| {
            candidates
                .iter()
                .position(|candidate| *candidate == token.token)
        };
        found.sort_by_key(|token| rank(token).unwrap_or(usize::MAX));
        Ok(found.into_iter().next())
    }

    async fn insert_token(&self, token: AccessToken<U::Id>) -> Result<(), StoreError> {
        let values = [
            Value::Text(token.token),
            Value::Timestamp(token.created_at),
            token.user_id.to_value(),
        ];
        let mut document = Document::new();
        for (column, value) in Tables::<U>::TOKEN.iter().zip(values) {
            check_value(column, &value, true)?;
            document.insert(column.name, values::bson(column, value)?);
        }
        self.tokens()
            .insert_one(raw(&document)?)
            .await
            .map(drop)
            .map_err(failure)
    }

    async fn delete_token(&self, token: &str) -> Result<bool, StoreError> {
        let deleted = self
            .tokens()
            .delete_one(doc! { "token": token })
            .await
            .map_err(failure)?;
        Ok(deleted.deleted_count > 0)
    }

    async fn delete_tokens_of(
        &self,
        user: &U::Id,
        except: Option<&str>,
    ) -> Result<u64, StoreError> {
        let Some(id) = Self::id(user) else {
            return Ok(0);
        };
        let mut filter = doc! { "user_id": id };
        if let Some(token) = except {
            filter.insert("token", doc! { "$ne": token });
        }
        Ok(self
            .tokens()
            .delete_many(filter)
            .await
            .map_err(failure)?
            .deleted_count)
    }

    async fn delete_tokens_before(&self, instant: DateTime<Utc>) -> Result<u64, StoreError> {
        check_value(&Tables::<U>::TOKEN[1], &Value::Timestamp(instant), true)?;
        let filter = doc! { "created_at": { "$lt": milliseconds(instant) } };
        Ok(self
            .tokens()
            .delete_many(filter)
            .await
            .map_err(failure)?
            .deleted_count)
    }

    async fn tokens_of(&self, user: &U::Id) -> Result<Option<Vec<AccessToken<U::Id>>>, StoreError> {
        let Some(id) = Self::id(user) else {
            return Ok(Some(Vec::new()));
        };
        let mut cursor = self
            .tokens()
            .find(doc! { "user_id": id })
            .await
            .map_err(failure)?;
        let mut tokens = Vec::new();
        while cursor.advance().await.map_err(failure)? {
            tokens.extend(access_token::<U>(parsed(cursor.current())?)?);
        }
        // A user has few, and the index on the users orders nothing else.
        tokens.sort_by(|a, b| (a.created_at, &a.token).cmp(&(b.created_at, &b.token)));
        Ok(Some(tokens))
    }
}

/// A stored token; `None` where its owner cannot be read, so that it belongs to no user: the check and the doctor report it.
fn access_token<U: UserModel>(
    mut document: Document,
) -> Result<Option<AccessToken<U::Id>>, StoreError> {
    let Some(Ok(user_id)) = document.remove("user_id").map(Documents::<U>::id) else {
        return Ok(None);
    };
    let parts = (document.remove("token"), document.remove("created_at"));
    let (Some(Bson::String(token)), Some(Bson::DateTime(created_at))) = parts else {
        return Err(unexpected("a stored access token cannot be read"));
    };
    let created_at = json::instant(created_at)
        .ok_or_else(|| unexpected("a stored access token cannot be read"))?;
    Ok(Some(AccessToken {
        token,
        user_id,
        created_at,
    }))
}
