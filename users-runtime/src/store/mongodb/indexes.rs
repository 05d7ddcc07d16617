//! The indexes of the collections.

use mongodb::{
    bson::{Bson, Document, doc},
    error::Error,
    options::{Collation, CollationStrength},
};

use super::{
    MongoStore,
    documents::{ACCOUNTS, parsed},
    failure::{Violated, failure, has_code, violated},
    shell::command,
};
use crate::{
    model::UserModel,
    store::{StoreError, tables::Tables},
};

/// Codes of an index that cannot be made because there is another one like it: with other options, or of the same name.
const ANOTHER: [i32; 2] = [85, 86];
/// The code of a collection that does not exist.
const NO_COLLECTION: i32 = 26;

/// An index: its keys and its options.
pub(super) struct Index {
    pub(super) collection: String,
    keys: Document,
    options: Document,
}

/// The collation of e-mail addresses: that of the original.
pub(super) fn email_collation() -> Collation {
    Collation::builder().locale("en").strength(CollationStrength::Secondary).build()
}

impl Index {
    fn new(collection: &str, keys: Document, name: &str, options: Document) -> Self {
        let mut all = doc! { "name": name };
        all.extend(options);
        Self { collection: collection.to_owned(), keys, options: all }
    }

    /// The original's unique index on the e-mail address.
    pub(super) fn email<U: UserModel>() -> Self {
        let options = doc! { "unique": true, "collation": { "locale": "en", "strength": 2 } };
        Self::new(U::TABLE, doc! { Tables::<U>::EMAIL.name: 1 }, "case_insensitive_email_index", options)
    }

    /// An account is linked once: ours, the original looks an account up by a scan and does not prevent two.
    fn account<U: UserModel>(is_unique: bool) -> Self {
        let [name, id] = ["oauth_name", "account_id"].map(|field| format!("{ACCOUNTS}.{field}"));
        // Users without accounts would all have the same key.
        let mut options = doc! { "partialFilterExpression": { &name: { "$exists": true } } };
        if is_unique {
            options.insert("unique", true);
        }
        let called = if is_unique { "oauth_account_index" } else { "oauth_account_lookup_index" };
        Self::new(U::TABLE, doc! { name: 1, id: 1 }, called, options)
    }

    /// The original's unique index on the token.
    pub(super) fn token(collection: &str) -> Self {
        Self::new(collection, doc! { "token": 1 }, "token_1", doc! { "unique": true })
    }

    /// Whether it is on this field first.
    pub(super) fn begins_with(&self, field: &str) -> bool {
        self.keys.keys().next().is_some_and(|key| key == field)
    }

    /// Whether another index is in its place: one of its name, or one with its keys and options.
    fn is_made_by(&self, other: &Document) -> bool {
        let keys = other.get_document("key").map(|keys| keys.keys().eq(self.keys.keys()));
        let is_like = |name: &str| other.get(name) == self.options.get(name);
        other.get("name") == self.options.get("name")
            || keys.unwrap_or(false) && ["unique", "collation", "partialFilterExpression"].iter().all(|name| is_like(name))
    }

    /// The line for the shell.
    pub(super) fn script(&self) -> String {
        command(&self.collection, "createIndex", &[self.keys.clone(), self.options.clone()])
    }
}

impl<U: UserModel> MongoStore<U> {
    /// Every index that the store wants.
    pub(super) fn indexes(&self) -> Vec<Index> {
        let tokens = &*self.names.tokens;
        vec![
            Index::email::<U>(),
            Index::account::<U>(true),
            Index::token(tokens),
            // Ours: the original deletes by token only.
            Index::new(tokens, doc! { "user_id": 1 }, "user_id_1", doc! {}),
            Index::new(tokens, doc! { "created_at": 1 }, "created_at_1", doc! {}),
        ]
    }

    /// The commands that make the indexes, for the shell `mongosh` or a migration tool of the application's own.
    ///
    /// Each does nothing where its index is there already. MongoDB makes collections when something is stored.
    pub fn schema_script(&self) -> String {
        self.indexes().iter().map(Index::script).collect()
    }

    /// Makes the indexes that are not there. One that another is in the way of is left out: the check tells.
    pub(super) async fn create_indexes(&self) -> Result<(), StoreError> {
        let has_email_index = self.has_email_index().await?;
        for index in self.indexes() {
            let is_of_users = index.collection == U::TABLE;
            if is_of_users && has_email_index && index.keys.contains_key(Tables::<U>::EMAIL.name) {
                continue;
            }
            match self.create_index(&index).await {
                Err(error) if violated(&error).is_some() && index.keys.len() == 2 => {
                    tracing::warn!(
                        "an OAuth account is linked to more than one user, so that no unique index prevents more of this"
                    );
                    self.create_index(&Index::account::<U>(false)).await.map_err(failure)?;
                }
                other => other.map_err(failure)?,
            }
        }
        Ok(())
    }

    /// The indexes that making them would add now.
    pub(super) async fn lacking_indexes(&self) -> Result<Vec<Index>, StoreError> {
        let of_users = self.list(U::TABLE).await?;
        let of_tokens = self.list(&self.names.tokens).await?;
        let has_email_index = self.has_email_index().await?;
        let mut lacking = Vec::new();
        for mut index in self.indexes() {
            let is_of_users = index.collection == U::TABLE;
            if is_of_users && has_email_index && index.keys.contains_key(Tables::<U>::EMAIL.name) {
                continue;
            }
            let there = if is_of_users { &of_users } else { &of_tokens };
            let is_there = |index: &Index| there.iter().any(|other| index.is_made_by(other));
            if !is_there(&index) && index.keys.len() == 2 && self.is_shared_account().await? {
                index = Index::account::<U>(false);
            }
            if !is_there(&index) {
                lacking.push(index);
            }
        }
        Ok(lacking)
    }

    async fn create_index(&self, index: &Index) -> Result<(), Error> {
        let Index { collection, keys, options } = index;
        tracing::info!(collection, %keys, %options, "making an index");
        let mut description = doc! { "key": keys.clone() };
        description.extend(options.clone());
        let made = self.database.run_command(doc! { "createIndexes": collection, "indexes": [description] }).await;
        match made {
            Err(error) if ANOTHER.iter().any(|code| has_code(&error, *code)) => Ok(()),
            other => other.map(drop),
        }
    }

    /// Whether a unique index serves the look-up of an address and keeps addresses unique.
    pub(super) async fn has_email_index(&self) -> Result<bool, StoreError> {
        let email = Tables::<U>::EMAIL.name;
        Ok(self.list(U::TABLE).await?.iter().any(|index| is_unique_on(index, email) && has_email_collation(index)))
    }

    /// Whether a unique index is on the tokens.
    pub(super) async fn has_token_index(&self) -> Result<bool, StoreError> {
        let indexes = self.list(&self.names.tokens).await?;
        Ok(indexes.iter().any(|index| is_unique_on(index, "token") && !index.contains_key("collation")))
    }

    /// The keys of an index of the users' collection, where they are to be had.
    pub(super) async fn keys_of(&self, name: String) -> Violated {
        let indexes = self.list(U::TABLE).await.unwrap_or_default();
        let index = indexes.iter().find(|index| index.get_str("name").is_ok_and(|found| found == name));
        match index.map(|index| index.get_document("key")) {
            Some(Ok(keys)) => Violated::Keys(keys.keys().cloned().collect()),
            _ => Violated::Index(name),
        }
    }

    async fn list(&self, collection: &str) -> Result<Vec<Document>, StoreError> {
        let mut cursor = match self.database.run_cursor_command(doc! { "listIndexes": collection }).await {
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

/// Whether an index is unique, for every document, and on one field alone.
fn is_unique_on(index: &Document, field: &str) -> bool {
    let is = |name: &str| index.get_bool(name).unwrap_or(false);
    let keys = index.get_document("key").map(|keys| keys.keys().map(String::as_str).collect::<Vec<_>>());
    keys.is_ok_and(|keys| keys == [field]) && is("unique") && !is("hidden") && !index.contains_key("partialFilterExpression")
}

/// Whether an index has the collation of the look-ups, with everything that is not said at its default.
fn has_email_collation(index: &Document) -> bool {
    let Ok(collation) = index.get_document("collation") else { return false };
    let is_default = |name: &str, default: Bson| collation.get(name).is_none_or(|value| *value == default);
    let strength = match collation.get("strength") {
        Some(Bson::Int32(strength)) => i64::from(*strength),
        Some(Bson::Int64(strength)) => *strength,
        _ => return false,
    };
    collation.get_str("locale").is_ok_and(|locale| locale == "en")
        && strength == 2
        && ["caseLevel", "numericOrdering", "backwards", "normalization"].iter().all(|name| is_default(name, false.into()))
        && is_default("alternate", "non-ignorable".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_index_with_the_collation_of_the_look_ups_serves_them() {
        let full = doc! {
            "locale": "en", "caseLevel": false, "caseFirst": "off", "strength": 2, "numericOrdering": false,
            "alternate": "non-ignorable", "maxVariable": "punct", "normalization": false, "backwards": false, "version": "57.1",
        };
        let with = |changes: Document| {
            let mut collation = full.clone();
            collation.extend(changes);
            doc! { "key": { "email": 1 }, "unique": true, "collation": collation }
        };
        assert!(has_email_collation(&with(doc! {})) && has_email_collation(&with(doc! { "strength": 2_i64 })));
        for change in
            [doc! { "strength": 1 }, doc! { "locale": "de" }, doc! { "numericOrdering": true }, doc! { "alternate": "shifted" }]
        {
            assert!(!has_email_collation(&with(change.clone())), "{change}");
        }
        assert!(!has_email_collation(&doc! { "key": { "email": 1 }, "unique": true }));
    }

    #[test]
    fn only_an_index_for_every_document_keeps_a_field_unique() {
        let index = doc! { "key": { "email": 1 }, "unique": true };
        assert!(is_unique_on(&index, "email"));
        for change in [
            doc! { "unique": false },
            doc! { "hidden": true },
            doc! { "partialFilterExpression": { "is_active": true } },
            doc! { "key": { "email": 1, "tenant": 1 } },
        ] {
            let mut other = index.clone();
            other.extend(change);
            assert!(!is_unique_on(&other, "email"), "{other}");
        }
    }
}
