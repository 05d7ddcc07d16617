//! OAuth accounts on MongoDB: in the document of their user.

use async_trait::async_trait;
use mongodb::bson::{Bson, Document, doc, oid::ObjectId};

use super::{
    Documents, MongoStore,
    documents::{ACCOUNTS, parsed},
    expected::expect,
    failure::failure,
    values,
};
use crate::{
    model::UserModel,
    store::{
        ColumnValue, Expected, OAuthAccount, OAuthAccountStore, StoreError, TenantStore as _,
        UserStore as _, check_value, error::unexpected, tables::Tables,
    },
    value::{Column, Field as _, Row, Value},
};

/// Makes the account of a user who has this id.
pub(super) type AccountOf<'a, U> =
    &'a (dyn Fn(<U as UserModel>::Id) -> OAuthAccount<<U as UserModel>::Id> + Send + Sync);

/// The fields of an account, in the order in which Beanie writes them.
const FIELDS: [&str; 6] = [
    "oauth_name",
    "access_token",
    "account_id",
    "account_email",
    "expires_at",
    "refresh_token",
];

/// The fields by which an account is found.
const IDENTITY: [&str; 2] = ["oauth_name", "account_id"];

#[async_trait]
impl<U: UserModel> OAuthAccountStore<U> for MongoStore<U> {
    async fn find_account(
        &self,
        oauth_name: &str,
        account_id: &str,
    ) -> Result<Option<OAuthAccount<U::Id>>, StoreError> {
        let found = self
            .users()
            .find_one(with_account(oauth_name, account_id))
            .projection(doc! { ACCOUNTS: 1 })
            .await;
        let Some(document) = found.map_err(failure)? else {
            return Ok(None);
        };
        let accounts = accounts::<U>(parsed(&document)?)?;
        Ok(accounts
            .into_iter()
            .find(|account| account.oauth_name == oauth_name && account.account_id == account_id))
    }

    async fn accounts_of(&self, user: &U::Id) -> Result<Vec<OAuthAccount<U::Id>>, StoreError> {
        let Some(id) = Self::id(user) else {
            return Ok(Vec::new());
        };
        let found = self
            .users()
            .find_one(doc! { "_id": id })
            .projection(doc! { ACCOUNTS: 1 })
            .await;
        let mut accounts = found
            .map_err(failure)?
            .map(|stored| accounts::<U>(parsed(&stored)?))
            .transpose()?
            .unwrap_or_default();
        accounts
            .sort_by(|a, b| (&a.oauth_name, &a.account_id).cmp(&(&b.oauth_name, &b.account_id)));
        Ok(accounts)
    }

    async fn insert_account(&self, account: OAuthAccount<U::Id>) -> Result<(), StoreError> {
        self.insert_account_if(account, Expected::new()).await
    }

    async fn insert_account_if(
        &self,
        account: OAuthAccount<U::Id>,
        expected: Expected<'_>,
    ) -> Result<(), StoreError> {
        let (name, account_id) = (account.oauth_name.clone(), account.account_id.clone());
        let id = Self::id(&account.user_id).ok_or(StoreError::NotFound)?;
        let same = element(&account.oauth_name, &account.account_id);
        if self.is_linked(&account).await? {
            return Err(linked());
        }
        let document = new_account::<U>(account)?;
        let mut filter = doc! { "_id": id.clone(), ACCOUNTS: { "$not": { "$elemMatch": same } } };
        expect::<U>(&mut filter, expected)?;
        // `$push` refuses null, which a model with an `Optional` list writes. Literal: a token may begin with a dollar sign.
        let linked_before = doc! { "$ifNull": [format!("${ACCOUNTS}"), []] };
        let all = doc! { "$concatArrays": [linked_before, [{ "$literal": document }]] };
        let pushed = self
            .users()
            .update_one(filter, vec![doc! { "$set": { ACCOUNTS: all } }])
            .await
            .map_err(failure)?;
        if pushed.matched_count > 0 {
            return Ok(());
        }
        if !self.exists(id).await? {
            return Err(StoreError::NotFound);
        }
        let is_linked = self.find_account(&name, &account_id).await?.is_some();
        Err(if is_linked || expected.conditions().next().is_none() {
            linked()
        } else {
            StoreError::Outdated
        })
    }

    async fn insert_user_with_account(
        &self,
        values: Vec<ColumnValue>,
        account: &(dyn Fn(U::Id) -> OAuthAccount<U::Id> + Send + Sync),
    ) -> Result<U, StoreError> {
        self.insert_user(Documents::<U>::write(values)?, Some(account))
            .await
    }

    async fn update_account(&self, account: OAuthAccount<U::Id>) -> Result<(), StoreError> {
        let set = FIELDS.into_iter().filter(|field| !IDENTITY.contains(field));
        self.set_of_account(&set.collect::<Vec<_>>(), account).await
    }

    async fn update_access_token(&self, account: OAuthAccount<U::Id>) -> Result<(), StoreError> {
        let set = ["access_token", "account_email", "expires_at"];
        self.set_of_account(&set, account).await
    }

    async fn delete_account(
        &self,
        user: &U::Id,
        oauth_name: &str,
        account_id: &str,
    ) -> Result<bool, StoreError> {
        let Some(user) = Self::id(user) else {
            return Ok(false);
        };
        let same = element(oauth_name, account_id);
        let filter = doc! { "_id": user, ACCOUNTS: { "$elemMatch": same.clone() } };
        let pulled = self
            .users()
            .update_one(filter, doc! { "$pull": { ACCOUNTS: same } })
            .await
            .map_err(failure)?;
        Ok(pulled.matched_count > 0)
    }
}

impl<U: UserModel> MongoStore<U> {
    /// Sets these fields of an account.
    async fn set_of_account(
        &self,
        set: &[&str],
        account: OAuthAccount<U::Id>,
    ) -> Result<(), StoreError> {
        let (name, id) = (account.oauth_name.clone(), account.account_id.clone());
        let mut changes = Document::new();
        for (field, value) in fields::<U>(account)? {
            if set.contains(&field) {
                changes.insert(format!("{ACCOUNTS}.$[account].{field}"), value);
            }
        }
        // A collection that was taken over may have an account more than once.
        let users = self.users();
        let update = users.update_many(with_account(&name, &id), doc! { "$set": changes });
        let filter = doc! { "account.oauth_name": name, "account.account_id": id };
        let updated = update.array_filters(vec![filter]).await.map_err(failure)?;
        if updated.matched_count == 0 {
            Err(StoreError::NotFound)
        } else {
            Ok(())
        }
    }

    /// Puts an account into the document of a new user.
    pub(super) async fn add_account(
        &self,
        document: &mut Document,
        account: AccountOf<'_, U>,
    ) -> Result<(), StoreError> {
        let id = document
            .get("_id")
            .cloned()
            .ok_or_else(|| unexpected("a user without an id"))?;
        let account = account(Documents::<U>::id(id)?);
        if self.is_linked(&account).await? {
            let is_taken = self.has_address_of(document).await?;
            return Err(if is_taken {
                StoreError::EmailTaken
            } else {
                linked()
            });
        }
        document.insert(ACCOUNTS, vec![new_account::<U>(account)?]);
        Ok(())
    }

    /// Whether a user has the address of a new one, in the same tenant where users belong to tenants.
    async fn has_address_of(&self, document: &Document) -> Result<bool, StoreError> {
        let column = &Tables::<U>::EMAIL;
        let email = document.get_str(column.name).unwrap_or_default();
        let found = match Tables::<U>::TENANT {
            None => self.find_by_email(email).await?,
            Some(column) => {
                let tenant = document.get(column.name).cloned().unwrap_or(Bson::Null);
                let tenant = values::value(&column, tenant);
                self.find_in_tenant(&tenant, email).await?
            }
        };
        Ok(found.is_some())
    }

    /// Whether anybody has an account. Where the unique index is missing, because a collection that was taken over has an
    /// account twice, nothing else reports it.
    async fn is_linked(&self, account: &OAuthAccount<U::Id>) -> Result<bool, StoreError> {
        let filter = with_account(&account.oauth_name, &account.account_id);
        let found = self
            .users()
            .find_one(filter)
            .projection(doc! { "_id": 1 })
            .await
            .map_err(failure)?;
        Ok(found.is_some())
    }
}

/// What distinguishes an account from others.
fn element(oauth_name: &str, account_id: &str) -> Document {
    doc! { "oauth_name": oauth_name, "account_id": account_id }
}

/// Users who have an account. The first condition lets the server use the index, which is for users with accounts only.
fn with_account(oauth_name: &str, account_id: &str) -> Document {
    let name = format!("{ACCOUNTS}.oauth_name");
    doc! { name: oauth_name, ACCOUNTS: { "$elemMatch": element(oauth_name, account_id) } }
}

fn linked() -> StoreError {
    StoreError::Conflict {
        constraint: ACCOUNTS.to_owned(),
    }
}

/// An account as it is stored, under a new id of its own.
fn new_account<U: UserModel>(account: OAuthAccount<U::Id>) -> Result<Document, StoreError> {
    let mut document = doc! { "id": ObjectId::new() };
    document.extend(
        fields::<U>(account)?
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value)),
    );
    Ok(document)
}

/// The fields of an account that mean something, with their values.
fn fields<U: UserModel>(
    account: OAuthAccount<U::Id>,
) -> Result<Vec<(&'static str, Bson)>, StoreError> {
    let values = [
        Value::Text(account.oauth_name),
        Value::Text(account.access_token),
        Value::Text(account.account_id),
        Value::Text(account.account_email),
        account.expires_at.to_value(),
        account.refresh_token.to_value(),
    ];
    let mut fields = Vec::with_capacity(values.len());
    for (name, value) in FIELDS.into_iter().zip(values) {
        let column = column::<U>(name)?;
        check_value(column, &value, true)?;
        fields.push((name, values::bson(column, value)?));
    }
    Ok(fields)
}

fn column<U: UserModel>(name: &str) -> Result<&'static Column, StoreError> {
    Tables::<U>::ACCOUNT
        .iter()
        .find(|column| column.name == name)
        .ok_or_else(|| unexpected("an account's column is missing"))
}

/// The accounts in a user's document.
fn accounts<U: UserModel>(mut user: Document) -> Result<Vec<OAuthAccount<U::Id>>, StoreError> {
    let id = user
        .remove("_id")
        .ok_or_else(|| unexpected("a user without an id"))?;
    let stored = match user.remove(ACCOUNTS) {
        Some(Bson::Array(accounts)) => accounts,
        None | Some(Bson::Null) => Vec::new(),
        Some(_) => return Err(unreadable()),
    };
    let read = |stored| match stored {
        Bson::Document(stored) => account::<U>(&id, stored),
        _ => Err(unreadable()),
    };
    stored.into_iter().map(read).collect()
}

fn account<U: UserModel>(
    user_id: &Bson,
    mut stored: Document,
) -> Result<OAuthAccount<U::Id>, StoreError> {
    let mut values = Vec::with_capacity(Tables::<U>::ACCOUNT.len());
    for column in Tables::<U>::ACCOUNT {
        let value = if column.name == "user_id" {
            Some(user_id.clone())
        } else {
            stored.remove(column.name)
        };
        values.push(value.map_or(Value::Null, |value| values::value(column, value)));
    }
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

fn unreadable() -> StoreError {
    unexpected("a stored OAuth account cannot be read")
}
