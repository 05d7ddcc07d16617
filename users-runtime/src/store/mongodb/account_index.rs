//! The index that prevents a provider account from being linked to two users.

use mongodb::bson::{Document, doc};

use super::{
    MongoStore,
    documents::ACCOUNTS,
    indexes::{Index, tell_of_shared},
};
use crate::{
    model::UserModel,
    store::{SchemaProblem, SchemaProblemKind, StoreError},
};

const UNIQUE: &str = "oauth_account_index";
/// In place of the unique one while accounts are linked to several users.
const LOOK_UP: &str = "oauth_account_lookup_index";

fn fields() -> [String; 2] {
    ["oauth_name", "account_id"].map(|field| format!("{ACCOUNTS}.{field}"))
}

/// Users without accounts would all have the same key.
fn with_accounts() -> Document {
    doc! { &fields()[0]: { "$exists": true } }
}

impl Index {
    /// An account is linked once: ours, the original looks an account up by a scan and does not prevent two.
    pub(super) fn of_accounts<U: UserModel>() -> Self {
        Self::on_accounts::<U>(
            UNIQUE,
            doc! { "partialFilterExpression": with_accounts(), "unique": true },
        )
    }

    /// The same where accounts are linked to several users: it only finds them.
    pub(super) fn look_up_of_accounts<U: UserModel>() -> Self {
        Self::on_accounts::<U>(LOOK_UP, doc! { "partialFilterExpression": with_accounts() })
    }

    fn on_accounts<U: UserModel>(name: &str, options: Document) -> Self {
        let [provider, account] = fields();
        Self::new(U::TABLE, doc! { provider: 1, account: 1 }, name, options)
    }

    pub(super) fn is_on_accounts(&self) -> bool {
        self.keys.keys().eq(&fields())
    }
}

impl<U: UserModel> MongoStore<U> {
    /// The index on accounts that making it would add to those that are there.
    pub(super) async fn index_on_accounts(
        &self,
        there: &[Document],
    ) -> Result<Option<Index>, StoreError> {
        if there.iter().any(keeps_accounts_unique) {
            return Ok(None);
        }
        let look_up = Index::look_up_of_accounts::<U>();
        let has_look_up = there
            .iter()
            .any(|other| look_up.is_called_like(other) && look_up.is_like(other));
        if self.is_shared_account().await? {
            tell_of_shared();
            return Ok((!has_look_up).then_some(look_up));
        }
        Ok(Some(Index {
            replaces: has_look_up.then_some(LOOK_UP),
            ..Index::of_accounts::<U>()
        }))
    }

    /// That two users can link one account in the same instant, which collections that were taken over are served with.
    pub(super) async fn missing_account_index(&self) -> Result<Option<SchemaProblem>, StoreError> {
        let there = self.list(U::TABLE).await?;
        if there.iter().any(keeps_accounts_unique) {
            return Ok(None);
        }
        let (mut index, look_up) = (Index::of_accounts::<U>(), Index::look_up_of_accounts::<U>());
        let is_look_up =
            |other: &&Document| look_up.is_called_like(other) && look_up.is_like(other);
        index.replaces = there
            .iter()
            .any(|other| is_look_up(&other))
            .then_some(LOOK_UP);
        let is_in_the_way = |other: &&Document| {
            !is_look_up(other) && (index.is_called_like(other) || index.has_keys_of(other))
        };
        let obstacle = there
            .iter()
            .find(is_in_the_way)
            .and_then(|other| other.get_str("name").ok());
        let script = index.script().trim_end().replace('\n', " ");
        let fix = match obstacle {
            Some(name) => format!(
                "drop what is called `{name}` and does not serve, then call `migrate()`, or run `{script}`"
            ),
            None => format!("call `migrate()`, or run `{script}`"),
        };
        Ok(Some(SchemaProblem {
            table: U::TABLE.to_owned(),
            kind: SchemaProblemKind::MissingAccountIndex,
            fix,
        }))
    }
}

/// Whether an index is unique on both fields, for every user with accounts.
fn keeps_accounts_unique(index: &Document) -> bool {
    let is = |name: &str| index.get_bool(name).unwrap_or(false);
    let [provider, account] = fields();
    let keys = index
        .get_document("key")
        .map(|keys| keys.keys().cloned().collect::<Vec<_>>())
        .unwrap_or_default();
    let is_for_all = index
        .get("partialFilterExpression")
        .is_none_or(|filter| filter.as_document() == Some(&with_accounts()));
    keys.len() == 2
        && keys.contains(&provider)
        && keys.contains(&account)
        && is("unique")
        && !is("hidden")
        && is_for_all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_index_for_every_account_keeps_them_unique() {
        let [provider, account] = fields();
        let index = doc! { "key": { &provider: 1, &account: 1 }, "unique": true };
        let with = |change: Document| {
            let mut other = index.clone();
            other.extend(change);
            other
        };
        for change in [
            doc! {},
            doc! { "partialFilterExpression": with_accounts() },
            doc! { "name": "theirs" },
            doc! { "key": { &account: 1, &provider: -1 } },
        ] {
            assert!(keeps_accounts_unique(&with(change.clone())), "{change}");
        }
        for change in [
            doc! { "unique": false },
            doc! { "hidden": true },
            doc! { "partialFilterExpression": { "is_active": true } },
            doc! { "key": { &account: 1 } },
            doc! { "key": { &provider: 1, &account: 1, "email": 1 } },
        ] {
            assert!(!keeps_accounts_unique(&with(change.clone())), "{change}");
        }
    }
}
