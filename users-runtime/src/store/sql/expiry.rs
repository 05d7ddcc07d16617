//! Expiries of OAuth accounts' tokens, in tables that have 32 bits for them.

use super::{
    SqlStore,
    driver::{Driver, Transaction},
    tables::Tables,
};
use crate::{
    model::UserModel,
    store::{OAuthAccount, StoreError},
};

impl<U: UserModel, D: Driver> SqlStore<U, D> {
    /// The account with an expiry that the table holds.
    pub(super) async fn with_storable_expiry(&self, account: OAuthAccount<U::Id>) -> Result<OAuthAccount<U::Id>, StoreError> {
        if saturated(account.expires_at) == account.expires_at {
            return Ok(account);
        }
        let mut transaction = self.driver.begin_read().await?;
        self.with_expiry_storable_in(&mut transaction, account).await
    }

    /// The same, where a transaction has begun already.
    ///
    /// The table is only looked at for an expiry that the original's column could not hold, of which there are few until 2038.
    pub(super) async fn with_expiry_storable_in(
        &self,
        transaction: &mut D::Transaction,
        mut account: OAuthAccount<U::Id>,
    ) -> Result<OAuthAccount<U::Id>, StoreError> {
        let saturated = saturated(account.expires_at);
        if saturated != account.expires_at && self.has_narrow_expiry(transaction).await? {
            account.expires_at = saturated;
        }
        Ok(account)
    }

    /// Whether the table that is there cannot hold what a table of ours does.
    async fn has_narrow_expiry(&self, transaction: &mut D::Transaction) -> Result<bool, StoreError> {
        let dialect = self.driver.dialect();
        let found = transaction.inspect(&self.names.oauth, None).await?;
        let of_expiry = Tables::<U>::OAUTH.iter().filter(|column| column.name == "expires_at");
        let mut pairs =
            of_expiry.flat_map(|column| found.iter().flat_map(|table| &table.columns).map(move |info| (column, info)));
        Ok(pairs.any(|(column, info)| dialect.is_same_name(&info.name, column.name) && !dialect.holds(&info.declared, column)))
    }
}

/// The nearest that 32 bits hold.
fn saturated(expires_at: Option<i64>) -> Option<i64> {
    expires_at.map(|seconds| seconds.clamp(i32::MIN.into(), i32::MAX.into()))
}
