//! What the original's table of OAuth accounts has no room for: expiries beyond 32 bits, and long tokens.

use super::{
    SqlStore,
    driver::{ColumnInfo, Driver, Transaction},
    tables::Tables,
};
use crate::{
    model::UserModel,
    store::{OAuthAccount, StoreError},
    value::Column,
};

/// The longest token that every table holds.
const LONGEST_TOKEN: usize = 1024;

impl<U: UserModel, D: Driver> SqlStore<U, D> {
    /// The account with an expiry that the table holds.
    ///
    /// # Errors
    ///
    /// [`StoreError::Value`] for a token that it does not hold: the beginning of one is of no use.
    pub(super) async fn fitted(
        &self,
        account: OAuthAccount<U::Id>,
    ) -> Result<OAuthAccount<U::Id>, StoreError> {
        if fits_every_table(&account) {
            return Ok(account);
        }
        let mut transaction = self.driver.begin_read().await?;
        self.fitted_in(&mut transaction, account).await
    }

    /// The same, where a transaction has begun already.
    ///
    /// The table is only looked at for what the original's columns could not hold: until 2038 no expiry, and few providers' tokens.
    pub(super) async fn fitted_in(
        &self,
        transaction: &mut D::Transaction,
        mut account: OAuthAccount<U::Id>,
    ) -> Result<OAuthAccount<U::Id>, StoreError> {
        if fits_every_table(&account) {
            return Ok(account);
        }
        let dialect = self.driver.dialect();
        let found = transaction
            .inspect(&self.names.oauth, None)
            .await?
            .map(|table| table.columns)
            .unwrap_or_default();
        let is_narrow = |column: &Column| {
            let is_it = |info: &&ColumnInfo| dialect.is_same_name(&info.name, column.name);
            found
                .iter()
                .find(is_it)
                .is_some_and(|info| !dialect.holds(&info.declared, column))
        };
        for column in Tables::<U>::ACCOUNT {
            let token = match column.name {
                "access_token" => Some(&*account.access_token),
                "refresh_token" => account.refresh_token.as_deref(),
                _ => None,
            };
            let length = token
                .map(|token| token.chars().count())
                .filter(|length| *length > LONGEST_TOKEN);
            let of_length = Column {
                max_length: length.and_then(|length| u32::try_from(length).ok()),
                ..*column
            };
            if length.is_some() && is_narrow(&of_length) {
                return Err(StoreError::Value {
                    column: column.name,
                    reason: "longer than the column allows",
                });
            }
            if column.name == "expires_at" && is_narrow(column) {
                account.expires_at = saturated(account.expires_at);
            }
        }
        Ok(account)
    }
}

/// Whether the original's table holds an account, too.
fn fits_every_table<Id>(account: &OAuthAccount<Id>) -> bool {
    let tokens = [Some(&account.access_token), account.refresh_token.as_ref()];
    // No text has more code points than bytes, so most need no counting.
    let is_short =
        |token: &String| token.len() <= LONGEST_TOKEN || token.chars().count() <= LONGEST_TOKEN;
    saturated(account.expires_at) == account.expires_at
        && tokens.into_iter().flatten().all(is_short)
}

/// The nearest that 32 bits hold.
fn saturated(expires_at: Option<i64>) -> Option<i64> {
    expires_at.map(|seconds| seconds.clamp(i32::MIN.into(), i32::MAX.into()))
}
