//! Examining the rows that belong to users: access tokens and linked accounts.

use super::Examination;
use crate::{
    model::UserModel,
    store::{
        FindingKind as Kind, StoreError,
        sql::{
            driver::{Driver, TableInfo},
            table_plan::TablePlan,
            tables::Tables,
        },
        token::HASH_MARK,
    },
};

/// The longest provider's token that the original's columns hold.
const ORIGINAL: u32 = 1024;

impl<U: UserModel, D: Driver> Examination<'_, U, D> {
    pub(super) async fn tokens(
        &mut self,
        plan: &TablePlan,
        found: &TableInfo,
        has_users: bool,
    ) -> Result<(), StoreError> {
        self.owners(plan, found, has_users).await?;
        if self.has_all(found, &["token", "user_id"]) {
            let column = &Tables::<U>::TOKEN[0];
            self.longer(
                plan,
                &[column.name],
                column.max_length.unwrap_or(u32::MAX),
                Kind::LongAccessTokens,
            )
            .await?;
            if self.expected.hashed_tokens {
                self.clear_tokens(plan).await?;
            }
        }
        Ok(())
    }

    /// Rows whose user is gone, or is not found by the id that they have.
    pub(super) async fn owners(
        &mut self,
        plan: &TablePlan,
        found: &TableInfo,
        has_users: bool,
    ) -> Result<(), StoreError> {
        let Some(owner) = &plan.owner else {
            return Ok(());
        };
        if self.has_all(found, &[owner.column]) {
            self.unfindable_owners(plan, owner.column).await?;
            if has_users {
                self.orphans(plan, owner.column).await?;
            }
        }
        Ok(())
    }

    pub(super) async fn links(
        &mut self,
        plan: &TablePlan,
        found: &TableInfo,
        has_users: bool,
    ) -> Result<(), StoreError> {
        self.owners(plan, found, has_users).await?;
        if self.has_all(found, &["id", "oauth_name", "account_id"]) {
            self.duplicate_links(plan).await?;
        }
        if self.has_all(found, &["user_id", "access_token", "refresh_token"]) {
            self.longer(
                plan,
                &["access_token", "refresh_token"],
                ORIGINAL,
                Kind::LongProviderTokens,
            )
            .await?;
        }
        Ok(())
    }

    /// Rows that are not found by their user's id.
    async fn unfindable_owners(&mut self, plan: &TablePlan, owner: &str) -> Result<(), StoreError> {
        let dialect = self.store.driver.dialect();
        let of = dialect.qualified(&plan.name, owner);
        let Some(other) = dialect.has_other_form(Tables::<U>::ID.kind, &of) else {
            return Ok(());
        };
        let table = dialect.quote(&plan.name);
        let rest = format!("FROM {table} WHERE {of} IS NOT NULL AND {other}");
        let count = self
            .count(self.draft(format!("SELECT COUNT(*) {rest}")))
            .await?;
        if count > 0 {
            let ids = self
                .ids(self.draft(format!("SELECT DISTINCT {of} {rest} ORDER BY {of}")))
                .await?;
            self.found(
                Kind::UnfindableOwners {
                    table: plan.name.clone(),
                },
                count,
                ids,
            );
        }
        Ok(())
    }

    /// Rows whose user is gone. A foreign key keeps them away, where there is one and the database watches over it.
    async fn orphans(&mut self, plan: &TablePlan, owner: &str) -> Result<(), StoreError> {
        let dialect = self.store.driver.dialect();
        let (table, users) = (dialect.quote(&plan.name), dialect.quote(U::TABLE));
        let of = dialect.qualified(&plan.name, owner);
        let id = dialect.qualified(U::TABLE, Tables::<U>::ID.name);
        // In another form, it may be anybody's.
        let other = dialect
            .has_other_form(Tables::<U>::ID.kind, &of)
            .map_or_else(String::new, |other| format!(" AND NOT {other}"));
        let rest = format!(
            "FROM {table} WHERE {of} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {users} WHERE {id} = {of}){other}"
        );
        let count = self
            .count(self.draft(format!("SELECT COUNT(*) {rest}")))
            .await?;
        if count > 0 {
            let ids = self
                .ids(self.draft(format!("SELECT DISTINCT {of} {rest} ORDER BY {of}")))
                .await?;
            self.found(
                Kind::Orphans {
                    table: plan.name.clone(),
                },
                count,
                ids,
            );
        }
        Ok(())
    }

    /// Accounts that are linked more than once, which the original's table allows.
    async fn duplicate_links(&mut self, plan: &TablePlan) -> Result<(), StoreError> {
        let dialect = self.store.driver.dialect();
        let table = dialect.quote(&plan.name);
        let id = dialect.qualified(&plan.name, "id");
        let [provider, account] = ["oauth_name", "account_id"]
            .map(|name| dialect.exact(&dialect.qualified(&plan.name, name)));
        let [as_provider, as_account] =
            ["oauth_name", "account_id"].map(|name| dialect.quote(name));
        let [shared_provider, shared_account] =
            ["oauth_name", "account_id"].map(|name| dialect.qualified("linked_twice", name));
        let shared = format!(
            "SELECT {provider} AS {as_provider}, {account} AS {as_account} FROM {table} GROUP BY {provider}, {account} \
             HAVING COUNT(*) > 1"
        );
        let count = self
            .count(self.draft(format!("SELECT COUNT(*) FROM ({shared}) AS linked_twice")))
            .await?;
        if count > 0 {
            let sql = format!(
                "SELECT {id} FROM {table} JOIN ({shared}) AS linked_twice ON {provider} = {shared_provider} AND {account} = \
                 {shared_account} ORDER BY {provider}, {account}, {id}"
            );
            let ids = self.ids(self.draft(sql)).await?;
            self.found(
                Kind::DuplicateLinks {
                    table: plan.name.clone(),
                },
                count,
                ids,
            );
        }
        Ok(())
    }

    /// Access tokens that are stored in clear.
    async fn clear_tokens(&mut self, plan: &TablePlan) -> Result<(), StoreError> {
        let dialect = self.store.driver.dialect();
        let token = dialect.qualified(&plan.name, Tables::<U>::TOKEN[0].name);
        self.of_users(
            plan,
            &format!("{token} NOT LIKE '{HASH_MARK}%'"),
            Kind::ClearAccessTokens,
        )
        .await
    }

    /// Rows with more than this number of code points in one of these columns.
    async fn longer(
        &mut self,
        plan: &TablePlan,
        columns: &[&str],
        most: u32,
        kind: Kind,
    ) -> Result<(), StoreError> {
        let dialect = self.store.driver.dialect();
        let is_long = |name: &&str| {
            format!(
                "{} > {most}",
                dialect.char_length(&dialect.qualified(&plan.name, name))
            )
        };
        let any = columns.iter().map(is_long).collect::<Vec<_>>().join(" OR ");
        self.of_users(plan, &any, kind).await
    }

    /// Rows that meet a condition, with the ids of their users.
    async fn of_users(
        &mut self,
        plan: &TablePlan,
        condition: &str,
        kind: Kind,
    ) -> Result<(), StoreError> {
        let dialect = self.store.driver.dialect();
        let rest = format!("FROM {} WHERE {condition}", dialect.quote(&plan.name));
        let count = self
            .count(self.draft(format!("SELECT COUNT(*) {rest}")))
            .await?;
        if count > 0 {
            let of = dialect.qualified(&plan.name, "user_id");
            let ids = self
                .ids(self.draft(format!("SELECT DISTINCT {of} {rest} ORDER BY {of}")))
                .await?;
            self.found(kind, count, ids);
        }
        Ok(())
    }
}
