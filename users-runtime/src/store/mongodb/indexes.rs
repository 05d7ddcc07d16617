//! The indexes of the collections.

use std::collections::HashMap;

use mongodb::{
    bson::{Bson, Document, doc},
    error::Error,
    options::{Collation, CollationStrength},
};

use super::{
    MongoStore,
    documents::parsed,
    failure::{Violated, failure, has_code, violated},
    shell::{command, drop_index},
};
use crate::{
    model::UserModel,
    store::{SchemaProblem, SchemaProblemKind, StoreError, tables::Tables},
};

/// Codes of an index that cannot be made because there is another one like it: with other options, or of the same name.
const ANOTHER: [i32; 2] = [85, 86];
/// The code of a collection that does not exist.
const NO_COLLECTION: i32 = 26;
/// The code of an index that does not exist.
const NO_INDEX: i32 = 27;

/// An index: its keys and its options.
pub(super) struct Index {
    pub(super) collection: String,
    pub(super) keys: Document,
    pub(super) options: Document,
    /// One of ours that is dropped before: up to MongoDB 4.4, the same keys have one index.
    pub(super) replaces: Option<&'static str>,
}

/// The collation of e-mail addresses: that of the original.
pub(super) fn email_collation() -> Collation {
    Collation::builder()
        .locale("en")
        .strength(CollationStrength::Secondary)
        .build()
}

/// The fields of the unique index on the e-mail address.
pub(super) fn email_keys<U: UserModel>() -> Vec<&'static str> {
    let tenant = Tables::<U>::TENANT.map(|tenant| tenant.name);
    tenant
        .into_iter()
        .chain([Tables::<U>::EMAIL.name])
        .collect()
}

impl Index {
    pub(super) fn new(collection: &str, keys: Document, name: &str, options: Document) -> Self {
        let mut all = doc! { "name": name };
        all.extend(options);
        Self {
            collection: collection.to_owned(),
            keys,
            options: all,
            replaces: None,
        }
    }

    /// The original's unique index on the e-mail address; where users belong to tenants, ours on the tenant and the address.
    pub(super) fn email<U: UserModel>() -> Self {
        let options = doc! { "unique": true, "collation": { "locale": "en", "strength": 2 } };
        let keys = email_keys::<U>().into_iter();
        let keys = keys.map(|key| (key.to_owned(), Bson::Int32(1))).collect();
        let name = match Tables::<U>::TENANT {
            None => "case_insensitive_email_index",
            Some(_) => "case_insensitive_tenant_email_index",
        };
        Self::new(U::TABLE, keys, name, options)
    }

    /// The original's unique index on the token.
    pub(super) fn token(collection: &str) -> Self {
        Self::new(
            collection,
            doc! { "token": 1 },
            "token_1",
            doc! { "unique": true },
        )
    }

    /// Its fields, as errors show them.
    pub(super) fn fields(&self) -> String {
        self.keys
            .keys()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(", ")
    }

    pub(super) fn is_unique(&self) -> bool {
        self.options.get_bool("unique").unwrap_or(false)
    }

    /// That it is not there, and what mends it.
    pub(super) fn missing(&self, kind: SchemaProblemKind) -> SchemaProblem {
        SchemaProblem {
            table: self.collection.clone(),
            kind,
            fix: format!(
                "drop what is called like it, and call `migrate()`, or run `{}`",
                self.script().trim_end()
            ),
        }
    }

    /// Whether another index has its name.
    pub(super) fn is_called_like(&self, other: &Document) -> bool {
        other.get("name") == self.options.get("name")
    }

    /// Whether another index has its keys.
    pub(super) fn has_keys_of(&self, other: &Document) -> bool {
        other
            .get_document("key")
            .is_ok_and(|keys| keys.keys().eq(self.keys.keys()))
    }

    /// Whether another index has its keys and its options.
    pub(super) fn is_like(&self, other: &Document) -> bool {
        let is_like = |name: &&str| other.get(name) == self.options.get(name);
        self.has_keys_of(other)
            && ["unique", "collation", "partialFilterExpression"]
                .iter()
                .all(is_like)
    }

    /// The lines for the shell.
    pub(super) fn script(&self) -> String {
        let drop = self
            .replaces
            .map(|name| drop_index(&self.collection, name))
            .unwrap_or_default();
        drop + &command(
            &self.collection,
            "createIndex",
            &[self.keys.clone(), self.options.clone()],
        )
    }
}

impl<U: UserModel> MongoStore<U> {
    /// Every index that the store wants.
    pub(super) fn indexes(&self) -> Vec<Index> {
        let tokens = &*self.names.tokens;
        let mut indexes = vec![
            Index::email::<U>(),
            Index::of_accounts::<U>(),
            Index::token(tokens),
            // Ours: the original deletes by token only.
            Index::new(tokens, doc! { "user_id": 1 }, "user_id_1", doc! {}),
            Index::new(tokens, doc! { "created_at": 1 }, "created_at_1", doc! {}),
        ];
        for table in U::CONFIG.tables {
            indexes.extend(self.declared_indexes(table));
        }
        indexes
    }

    /// The commands that make the indexes, for the shell `mongosh` or a migration tool of the application's own.
    ///
    /// Each does nothing where its index is there already. MongoDB makes collections when something is stored.
    pub fn schema_script(&self) -> String {
        self.indexes().iter().map(Index::script).collect()
    }

    /// Makes the indexes that are not there. One that another is in the way of is left out: the log, the check and the doctor
    /// report it.
    pub(super) async fn create_indexes(&self) -> Result<(), StoreError> {
        for index in self.unserved().await? {
            match self.create_index(&index).await {
                Err(error) if violated(&error).is_some() && index.is_on_accounts() => {
                    tell_of_shared();
                    self.create_index(&Index::look_up_of_accounts::<U>())
                        .await
                        .map_err(failure)?;
                }
                other => other.map_err(failure)?,
            }
        }
        Ok(())
    }

    /// The indexes that making them would add now.
    pub(super) async fn lacking_indexes(&self) -> Result<Vec<Index>, StoreError> {
        let mut lacking = Vec::new();
        for index in self.unserved().await? {
            if !self
                .list(&index.collection)
                .await?
                .iter()
                .any(|other| index.is_called_like(other))
            {
                lacking.push(index);
            }
        }
        Ok(lacking)
    }

    /// The indexes whose service no other does, whether or not they can be made.
    async fn unserved(&self) -> Result<Vec<Index>, StoreError> {
        let has_email_index = self.has_email_index().await?;
        let (mut listed, mut unserved) = (HashMap::new(), Vec::new());
        for index in self.indexes() {
            let is_of_users = index.collection == U::TABLE;
            if !listed.contains_key(&index.collection) {
                let there = self.list(&index.collection).await?;
                listed.insert(index.collection.clone(), there);
            }
            let there = &listed[&index.collection];
            if is_of_users && index.is_on_accounts() {
                unserved.extend(self.index_on_accounts(there).await?);
            } else if is_of_users && index.keys.keys().eq(&email_keys::<U>()) {
                unserved.extend((!has_email_index).then_some(index));
            } else {
                unserved.extend((!there.iter().any(|other| index.is_like(other))).then_some(index));
            }
        }
        Ok(unserved)
    }

    async fn create_index(&self, index: &Index) -> Result<(), Error> {
        let Index {
            collection,
            keys,
            options,
            replaces,
        } = index;
        if let Some(name) = replaces {
            tracing::info!(
                collection,
                index = *name,
                "dropping an index that another replaces"
            );
            match self
                .database
                .run_command(doc! { "dropIndexes": collection, "index": *name })
                .await
            {
                Err(error) if has_code(&error, NO_INDEX) => {}
                other => drop(other?),
            }
        }
        tracing::info!(collection, %keys, %options, "making an index");
        let mut description = doc! { "key": keys.clone() };
        description.extend(options.clone());
        let made = self
            .database
            .run_command(doc! { "createIndexes": collection, "indexes": [description] })
            .await;
        match made {
            Err(error) if ANOTHER.iter().any(|code| has_code(&error, *code)) => {
                tracing::warn!(collection, %keys, %options, "another index is in the way of one, which is left out");
                Ok(())
            }
            other => other.map(drop),
        }
    }

    /// The keys of an index of the users' collection, if they are available.
    pub(super) async fn keys_of(&self, name: String) -> Violated {
        let indexes = self.list(U::TABLE).await.unwrap_or_default();
        let index = indexes
            .iter()
            .find(|index| index.get_str("name").is_ok_and(|found| found == name));
        match index.map(|index| index.get_document("key")) {
            Some(Ok(keys)) => Violated::Keys(keys.keys().cloned().collect()),
            _ => Violated::Index(name),
        }
    }

    pub(super) async fn list(&self, collection: &str) -> Result<Vec<Document>, StoreError> {
        let mut cursor = match self
            .database
            .run_cursor_command(doc! { "listIndexes": collection })
            .await
        {
            Err(error) if has_code(&error, NO_COLLECTION) => return Ok(Vec::new()),
            other => other.map_err(failure)?,
        };
        let mut indexes = Vec::new();
        while cursor.advance().await.map_err(failure)? {
            indexes.push(parsed(cursor.current())?);
        }
        Ok(indexes)
    }
}

pub(super) fn tell_of_shared() {
    tracing::warn!(
        "an OAuth account is linked to more than one user, so that no unique index prevents more of this"
    );
}
