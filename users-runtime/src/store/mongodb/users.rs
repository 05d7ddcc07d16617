//! Users on MongoDB.

use std::sync::Arc;

use async_trait::async_trait;
use mongodb::{
    bson::{Bson, Document, RawDocument, doc},
    error::Error,
    options::{Collation, ReturnDocument},
};

use super::{
    Documents, MongoStore,
    accounts::AccountOf,
    documents::raw,
    expected::expect,
    failure::{Violated, failure, violated},
    indexes::email_collation,
    transactions::{OnSession as _, read_each},
    values,
};
use crate::{
    model::UserModel,
    store::{
        AccessTokenStore, Administration, ColumnValue, Expected, LIMITS, LimitStore,
        OAuthAccountStore, SharedTransaction, StoreError, TenantStore, UserStore,
        guard::check_value, records::RecordStore, tables::Tables,
    },
    value::Value,
};

#[async_trait]
impl<U: UserModel> UserStore<U> for MongoStore<U> {
    async fn find(&self, id: &U::Id) -> Result<Option<U>, StoreError> {
        let Some(id) = Self::id(id) else {
            return Ok(None);
        };
        let mut session = self.session().await?;
        let found = self
            .users()
            .find_one(doc! { "_id": id })
            .on(&mut session)
            .await
            .map_err(failure)?;
        found
            .map(|stored| Documents::<U>::read(&stored))
            .transpose()
    }

    async fn find_by_email(&self, email: &str) -> Result<Option<U>, StoreError> {
        if Tables::<U>::TENANT.is_some() {
            return Err(StoreError::NoTenant);
        }
        self.with_email(doc! { Tables::<U>::EMAIL.name: email }, email, None)
            .await
    }

    async fn insert(&self, values: Vec<ColumnValue>) -> Result<U, StoreError> {
        self.insert_user(Documents::<U>::write(values)?, None).await
    }

    async fn update(
        &self,
        id: &U::Id,
        changes: Vec<ColumnValue>,
        expected: Option<Expected<'_>>,
    ) -> Result<U, StoreError> {
        let changes = Documents::<U>::write(changes)?;
        let id = Self::id(id).ok_or(StoreError::NotFound)?;
        let mut filter = doc! { "_id": id.clone() };
        expect::<U>(&mut filter, expected.unwrap_or_default())?;
        let users = self.users();
        let mut session = self.session().await?;
        let updated = if changes.is_empty() {
            users.find_one(filter).on(&mut session).await
        } else {
            users
                .find_one_and_update(filter, doc! { "$set": changes })
                .return_document(ReturnDocument::After)
                .on(&mut session)
                .await
        };
        drop(session);
        match updated {
            Err(error) => Err(self.refusal(error).await),
            Ok(Some(stored)) => Documents::<U>::read(&stored),
            Ok(None) if expected.is_some() && self.exists(id).await? => Err(StoreError::Outdated),
            Ok(None) => Err(StoreError::NotFound),
        }
    }

    async fn delete(&self, id: &U::Id) -> Result<(), StoreError> {
        self.delete_user(Self::id(id).ok_or(StoreError::NotFound)?)
            .await
    }

    fn access_tokens(&self) -> Option<&dyn AccessTokenStore<U::Id>> {
        Some(self)
    }

    fn oauth_accounts(&self) -> Option<&dyn OAuthAccountStore<U>> {
        Some(self)
    }

    fn records(&self) -> Option<&dyn RecordStore<U>> {
        Some(self)
    }

    fn limits(&self) -> Option<&dyn LimitStore> {
        let mut tables = U::CONFIG.tables.iter();
        let declares = tables.any(|table| std::ptr::eq(*table, &raw const LIMITS));
        declares.then_some(self)
    }

    fn within(&self, transaction: &SharedTransaction) -> Option<Arc<dyn UserStore<U>>> {
        Some(Arc::new(self.on(transaction)?))
    }

    fn tenants(&self) -> Option<&dyn TenantStore<U>> {
        Tables::<U>::TENANT.map(|_| self as _)
    }

    fn administration(&self) -> Option<&dyn Administration<U>> {
        Some(self)
    }
}

#[async_trait]
impl<U: UserModel> TenantStore<U> for MongoStore<U> {
    async fn find_in_tenant(&self, tenant: &Value, email: &str) -> Result<Option<U>, StoreError> {
        let column = Tables::<U>::TENANT.ok_or(StoreError::NoTenant)?;
        if check_value(&column, tenant, true).is_err() {
            // No user belongs to a tenant that cannot be stored.
            return Ok(None);
        }
        let of_tenant = values::bson(&column, tenant.clone())?;
        let filter = doc! { column.name: of_tenant, Tables::<U>::EMAIL.name: email };
        self.with_email(filter, email, Some(tenant)).await
    }
}

impl<U: UserModel> MongoStore<U> {
    /// The user with an address among those whom a filter finds, of a tenant where one is given.
    async fn with_email(
        &self,
        filter: Document,
        email: &str,
        tenant: Option<&Value>,
    ) -> Result<Option<U>, StoreError> {
        let collation: Collation = email_collation();
        let users = self.users();
        let find = users.find(filter).collation(collation);
        let mut best = None;
        let is_exact = |stored: &RawDocument| {
            let user: U = Documents::<U>::read(stored)?;
            // The collation takes more for equal than case, and ignores the case of a tenant, too.
            if tenant.is_some() && user.tenant().as_ref() != tenant {
                return Ok(false);
            }
            // A collection that was taken over may have several; the address itself wins over its other forms.
            let is_exact = user.account().email == email;
            let is_better = is_exact
                || (best.is_none() && without_case(user.account().email).eq(without_case(email)));
            if is_better {
                best = Some(user);
            }
            Ok(is_exact)
        };
        read_each(find, &mut self.session().await?, is_exact).await?;
        Ok(best)
    }

    /// Stores a new user, with an account where there is one.
    pub(super) async fn insert_user(
        &self,
        document: Document,
        account: Option<AccountOf<'_, U>>,
    ) -> Result<U, StoreError> {
        if document.contains_key("_id") {
            self.insert_with_id(document, account).await
        } else {
            self.insert_numbered(document, account).await
        }
    }

    pub(super) async fn insert_with_id(
        &self,
        mut document: Document,
        account: Option<AccountOf<'_, U>>,
    ) -> Result<U, StoreError> {
        if let Some(account) = account {
            self.add_account(&mut document, account).await?;
        }
        let document = raw(&document)?;
        let mut session = self.session().await?;
        let users = self.users();
        match users.insert_one(&document).on(&mut session).await {
            Ok(_) => Documents::<U>::read(&document),
            Err(error) => Err(self.refusal(error).await),
        }
    }

    pub(super) async fn exists(&self, id: Bson) -> Result<bool, StoreError> {
        let mut session = self.session().await?;
        let found = self
            .users()
            .find_one(doc! { "_id": id })
            .projection(doc! { "_id": 1 })
            .on(&mut session)
            .await;
        Ok(found.map_err(failure)?.is_some())
    }

    /// Why a user was not stored: distinguishes a taken e-mail address from other conflicts.
    async fn refusal(&self, error: Error) -> StoreError {
        let violated = match violated(&error) {
            None => return failure(error),
            Some(Violated::Index(name)) => self.keys_of(name).await,
            Some(keys) => keys,
        };
        match violated {
            Violated::Keys(keys) if keys.iter().any(|key| key == Tables::<U>::EMAIL.name) => {
                StoreError::EmailTaken
            }
            other => StoreError::Conflict {
                constraint: other.constraint(),
            },
        }
    }
}

fn without_case(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_lowercase)
}
