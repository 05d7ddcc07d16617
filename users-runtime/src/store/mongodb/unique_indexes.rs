//! Whether the unique indexes that are there keep unique what they must.

use mongodb::bson::{Bson, Document};

use super::{MongoStore, indexes::email_keys, shell::drop_index};
use crate::{
    model::UserModel,
    store::{SchemaProblem, SchemaProblemKind, StoreError, tables::Tables},
};

impl<U: UserModel> MongoStore<U> {
    /// Whether a unique index serves the look-up of an address and keeps addresses unique.
    pub(super) async fn has_email_index(&self) -> Result<bool, StoreError> {
        let keys = email_keys::<U>();
        Ok(self
            .list(U::TABLE)
            .await?
            .iter()
            .any(|index| is_unique_on(index, &keys) && has_email_collation(index)))
    }

    /// That one address cannot belong to users of two tenants, where users belong to tenants.
    pub(super) async fn index_across_tenants(&self) -> Result<Option<SchemaProblem>, StoreError> {
        if Tables::<U>::TENANT.is_none() {
            return Ok(None);
        }
        let indexes = self.list(U::TABLE).await?;
        let email = [Tables::<U>::EMAIL.name];
        let found = indexes.iter().find(|index| is_unique_on(index, &email));
        let name = found.and_then(|index| index.get_str("name").ok());
        Ok(name.map(|name| SchemaProblem {
            table: U::TABLE.to_owned(),
            kind: SchemaProblemKind::EmailIndexAcrossTenants {
                index: name.to_owned(),
            },
            fix: format!(
                "drop this index: `{}`",
                drop_index(U::TABLE, name).trim_end()
            ),
        }))
    }

    /// Whether a unique index is on the tokens.
    pub(super) async fn has_token_index(&self) -> Result<bool, StoreError> {
        let indexes = self.list(&self.names.tokens).await?;
        Ok(indexes
            .iter()
            .any(|index| is_unique_on(index, &["token"]) && !index.contains_key("collation")))
    }
}

/// Whether an index is unique, for every document, and on these fields alone.
fn is_unique_on(index: &Document, fields: &[&str]) -> bool {
    let is = |name: &str| index.get_bool(name).unwrap_or(false);
    let keys = index
        .get_document("key")
        .map(|keys| keys.keys().map(String::as_str).collect::<Vec<_>>());
    keys.is_ok_and(|keys| keys == fields)
        && is("unique")
        && !is("hidden")
        && !index.contains_key("partialFilterExpression")
}

/// Whether an index has the collation of the look-ups, with everything that is not said at its default.
fn has_email_collation(index: &Document) -> bool {
    let Ok(collation) = index.get_document("collation") else {
        return false;
    };
    let is_default =
        |name: &str, default: Bson| collation.get(name).is_none_or(|value| *value == default);
    let strength = match collation.get("strength") {
        Some(Bson::Int32(strength)) => i64::from(*strength),
        Some(Bson::Int64(strength)) => *strength,
        _ => return false,
    };
    collation
        .get_str("locale")
        .is_ok_and(|locale| locale == "en")
        && strength == 2
        && ["caseLevel", "numericOrdering", "backwards", "normalization"]
            .iter()
            .all(|name| is_default(name, false.into()))
        && is_default("alternate", "non-ignorable".into())
}

#[cfg(test)]
mod tests {
    use mongodb::bson::doc;

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
        assert!(
            has_email_collation(&with(doc! {}))
                && has_email_collation(&with(doc! { "strength": 2_i64 }))
        );
        for change in [
            doc! { "strength": 1 },
            doc! { "locale": "de" },
            doc! { "numericOrdering": true },
            doc! { "alternate": "shifted" },
        ] {
            assert!(!has_email_collation(&with(change.clone())), "{change}");
        }
        assert!(!has_email_collation(
            &doc! { "key": { "email": 1 }, "unique": true }
        ));
    }

    #[test]
    fn only_an_index_for_every_document_keeps_a_field_unique() {
        let index = doc! { "key": { "email": 1 }, "unique": true };
        assert!(is_unique_on(&index, &["email"]));
        for change in [
            doc! { "unique": false },
            doc! { "hidden": true },
            doc! { "partialFilterExpression": { "is_active": true } },
            doc! { "key": { "email": 1, "tenant": 1 } },
        ] {
            let mut other = index.clone();
            other.extend(change);
            assert!(!is_unique_on(&other, &["email"]), "{other}");
        }
    }
}
