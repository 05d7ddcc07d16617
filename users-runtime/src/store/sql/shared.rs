//! What several rows share that must be unique, in tables that were taken over.

use super::{
    SqlStore,
    dialect::Dialect,
    draft::{COUNT, Draft},
    driver::{Driver, Transaction},
    search::count,
    tables::Tables,
};
use crate::{
    model::UserModel,
    store::{Finding, SchemaError, StoreError},
    value::{Row, Value},
};

/// An error lists the users of at most this number of addresses.
const LISTED: usize = 100;

impl<U: UserModel, D: Driver> SqlStore<U, D> {
    /// Refuses to go on where users share an address except for its case.
    pub(super) async fn refuse_duplicates(
        &self,
        transaction: &mut D::Transaction,
    ) -> Result<(), SchemaError> {
        let dialect = self.driver.dialect();
        let (counting, listing) = shared_addresses::<U>(dialect);
        let counted = transaction.rows(counting.finish(), COUNT).await;
        let addresses = count(counted.map_err(StoreError::from)?)?;
        if addresses == 0 {
            return Ok(());
        }
        let rows = transaction
            .rows(listing.finish(), Tables::<U>::ID_AND_ADDRESS)
            .await
            .map_err(StoreError::from)?;
        let (mut ids, mut last): (Vec<Vec<String>>, _) = (Vec::new(), None);
        for mut values in rows {
            let address = values.split_off(1);
            let id = id_text::<U>(values)?;
            match ids.last_mut() {
                Some(group) if last.as_ref() == Some(&address) => group.push(id),
                _ => ids.push(vec![id]),
            }
            last = Some(address);
        }
        Err(SchemaError::DuplicateEmails {
            addresses: usize::try_from(addresses).unwrap_or(usize::MAX),
            ids,
        })
    }

    /// Whether an account at a provider is linked more than once, as the unique index on accounts takes it.
    pub(super) async fn has_shared_account(
        &self,
        transaction: &mut D::Transaction,
    ) -> Result<bool, StoreError> {
        let dialect = self.driver.dialect();
        let [name, id] =
            ["oauth_name", "account_id"].map(|column| dialect.qualified(&self.names.oauth, column));
        let account = format!("{name}, {}", dialect.exact(&id));
        let table = dialect.quote(&self.names.oauth);
        let shared = format!(
            "SELECT COUNT(*) AS links FROM {table} GROUP BY {account} HAVING COUNT(*) > 1 LIMIT 1"
        );
        let counting = counted(dialect, &shared);
        Ok(count(transaction.rows(counting.finish(), COUNT).await?)? > 0)
    }
}

/// The statements that count the addresses of several users, and that list these users, address by address.
fn shared_addresses<U: UserModel>(dialect: &dyn Dialect) -> (Draft<'_>, Draft<'_>) {
    let table = dialect.quote(U::TABLE);
    let id = dialect.qualified(U::TABLE, Tables::<U>::ID.name);
    let key = dialect.email_key(&dialect.qualified(U::TABLE, Tables::<U>::EMAIL.name));
    let tenant = Tables::<U>::TENANT.map(|tenant| dialect.qualified(U::TABLE, tenant.name));
    // What follows the key where users belong to tenants.
    let of_tenant =
        |write: &dyn Fn(&str) -> String| tenant.as_deref().map(write).unwrap_or_default();
    let beside = of_tenant(&|tenant| format!(", {tenant}"));
    let named = |name: &str| of_tenant(&|tenant| format!(", {tenant} AS {name}"));
    let shared = format!(
        "SELECT {key} AS shared_key{} FROM {table} GROUP BY {key}{beside} HAVING COUNT(*) > 1",
        named("shared_tenant")
    );
    let some = format!("{shared} ORDER BY {key}{beside} LIMIT {LISTED}");
    let of_some = format!(
        "SELECT {id} AS user_id, {key} AS user_key{}, ROW_NUMBER() OVER (PARTITION BY {key}{beside} ORDER BY {id}) AS place \
         FROM {table} JOIN ({some}) AS shared ON {key} = shared.shared_key{}",
        named("user_tenant"),
        of_tenant(&|tenant| format!(" AND {tenant} = shared.shared_tenant")),
    );
    let listed = format!("user_key{}", of_tenant(&|_| ", user_tenant".to_owned()));
    let listing = format!(
        "SELECT user_id, {listed} FROM ({of_some}) AS listed WHERE place <= {} ORDER BY {listed}, user_id",
        Finding::LISTED
    );
    (counted(dialect, &shared), Draft::new(dialect, listing))
}

/// The statement that counts the rows of another.
fn counted<'a>(dialect: &'a dyn Dialect, shared: &str) -> Draft<'a> {
    Draft::new(
        dialect,
        format!("SELECT COUNT(*) FROM ({shared}) AS shared"),
    )
}

fn id_text<U: UserModel>(values: Vec<Value>) -> Result<String, StoreError> {
    let id: U::Id = Row::new(Tables::<U>::ID_ONLY, values).take(0)?;
    Ok(id.to_string())
}
