//! Searching users on MongoDB.

use mongodb::{
    bson::{Bson, Document, doc},
    options::Collation,
};

use super::{
    Documents, MongoStore,
    documents::{missing, name},
    failure::failure,
    indexes::email_collation,
    transactions::{OnSession as _, read_each},
    values,
};
use crate::{
    model::UserModel,
    store::{Cursor, StoreError, UserSearch, admin::searched, check_value, tables::Tables},
    value::{Column, Role, UserId as _, Value},
};

/// The longest expression that the server takes is a little longer, and no address has so much.
const LONGEST: usize = 32_000;

impl<U: UserModel> MongoStore<U> {
    pub(super) async fn found(&self, search: &UserSearch) -> Result<Vec<U>, StoreError> {
        let Some(mut conditions) = conditions::<U>(search)? else {
            return Ok(Vec::new());
        };
        if let Some(cursor) = &search.after {
            conditions.extend(Self::behind(cursor)?);
        }
        // To the server, none at all is no limit.
        if search.limit == 0 {
            return Ok(Vec::new());
        }
        let collation: Collation = email_collation();
        let sort = doc! { Tables::<U>::EMAIL.name: 1, "_id": 1 };
        let users = self.users();
        let find = users
            .find(all_of(conditions))
            .sort(sort)
            .collation(collation)
            .limit(search.limit.into());
        let (mut session, mut found) = (self.session().await?, Vec::new());
        read_each(find, &mut session, |document| {
            found.push(Documents::<U>::read(document)?);
            Ok(false)
        })
        .await?;
        Ok(found)
    }

    pub(super) async fn found_count(&self, search: &UserSearch) -> Result<u64, StoreError> {
        let Some(conditions) = conditions::<U>(search)? else {
            return Ok(0);
        };
        let mut session = self.session().await?;
        self.users()
            .count_documents(all_of(conditions))
            .on(&mut session)
            .await
            .map_err(failure)
    }

    /// What the users behind one fulfil, in the order of the collation; the first alone can be looked up in the index.
    fn behind(cursor: &Cursor) -> Result<[Document; 2], StoreError> {
        let none = |column| StoreError::Value {
            column,
            reason: "no user can have it",
        };
        let id = U::Id::parse(&cursor.id)
            .and_then(|id| Self::id(&id))
            .ok_or(none(Tables::<U>::ID.name))?;
        let column = &Tables::<U>::EMAIL;
        check_value(column, &Value::Text(cursor.email.clone()), true)
            .map_err(|_| none(column.name))?;
        let (email, last) = (column.name, &*cursor.email);
        let beyond = doc! { "$or": [{ email: { "$gt": last } }, { "_id": { "$gt": id } }] };
        Ok([doc! { email: { "$gte": last } }, beyond])
    }
}

/// The filter for the users to find; `None` when no user can match.
fn conditions<U: UserModel>(search: &UserSearch) -> Result<Option<Vec<Document>>, StoreError> {
    let mut conditions = Vec::new();
    if let Some(part) = search.email.as_ref().filter(|part| !part.is_empty()) {
        // What no address can be, none can have as a part. An expression ends at a NUL.
        if part.contains('\0')
            || check_value(&Tables::<U>::EMAIL, &Value::Text(part.clone()), true).is_err()
        {
            return Ok(None);
        }
        let pattern = regex::escape(part);
        if pattern.len() > LONGEST {
            return Ok(None);
        }
        conditions.push(doc! { Tables::<U>::EMAIL.name: { "$regex": pattern, "$options": "i" } });
    }
    let flags = [
        (Role::IsActive, search.is_active),
        (Role::IsSuperuser, search.is_superuser),
        (Role::IsVerified, search.is_verified),
    ];
    conditions.extend(
        flags
            .into_iter()
            .filter_map(|(role, flag)| Some(is_flag::<U>(role, flag?))),
    );
    for (field, value) in &search.fields {
        let column = searched::<U>(field)?;
        if check_value(column, value, true).is_err() {
            // A value that no document can have.
            return Ok(None);
        }
        conditions.push(is_value(column, value)?);
    }
    Ok(Some(conditions))
}

/// Whether a field has this value, also in documents that lack it. Texts are compared exactly, whatever the collation.
fn is_value(column: &Column, value: &Value) -> Result<Document, StoreError> {
    let stored = values::bson(column, value.clone())?;
    let own = name(column);
    let mut is = doc! { own: stored };
    if let Value::Text(text) = value
        && !text.contains('\0')
    {
        // An expression has no collation, and ends at a NUL.
        let pattern = format!("^(?:{})(?![\\s\\S])", regex::escape(text));
        is = doc! { "$and": [is, { own: { "$regex": pattern } }] };
    }
    Ok(if missing(column) == *value {
        doc! { "$or": [is, { name(column): { "$exists": false } }] }
    } else {
        is
    })
}

/// Whether the flag of a role is set or not, also in documents that lack it.
pub(super) fn is_flag<U: UserModel>(role: Role, flag: bool) -> Document {
    let Some(column) = U::COLUMNS.iter().find(|column| column.role == role) else {
        return doc! {};
    };
    let is = doc! { name(column): flag };
    if missing(column) == Value::Bool(flag) {
        doc! { "$or": [is, { name(column): { "$exists": false } }] }
    } else {
        is
    }
}

pub(super) fn all_of(conditions: Vec<Document>) -> Document {
    if conditions.is_empty() {
        doc! {}
    } else {
        doc! { "$and": conditions.into_iter().map(Bson::from).collect::<Vec<_>>() }
    }
}
