//! Tables with rows: addresses that a tenant has twice, and an index that keeps an address from two tenants.

use users_runtime::{
    PasswordHash, SqliteStore, UserModel as _, async_trait,
    store::{ColumnValue, FindingKind, SchemaError, SchemaProblemKind, UserStore},
    value::{Field as _, Role, Value},
};
use users_tests::Database;
use uuid::Uuid;

use crate::system::Member;

/// A store whose indexes the test changes.
#[async_trait]
pub(crate) trait Existing: UserStore<Member> {
    async fn migrated(&self) -> Result<(), SchemaError>;
    async fn checked(&self) -> Result<(), SchemaError>;
    /// Drops the unique index on the tenant and the address.
    async fn drop_index(&self);
    /// Makes a unique index on the address alone, and returns its name.
    async fn add_index_across_tenants(&self) -> &'static str;
    async fn drop_index_across_tenants(&self);
}

macro_rules! sql {
    ($store:ident, $drop:literal, $drop_across:literal) => {
        #[async_trait]
        impl Existing for $store<Member> {
            async fn migrated(&self) -> Result<(), SchemaError> {
                self.migrate().await
            }

            async fn checked(&self) -> Result<(), SchemaError> {
                self.check().await
            }

            async fn drop_index(&self) {
                let dropped = sqlx::raw_sql($drop).execute(self.pool()).await;
                dropped.expect("an index less");
            }

            async fn add_index_across_tenants(&self) -> &'static str {
                let sql = "CREATE UNIQUE INDEX one_address ON member (email)";
                let made = sqlx::raw_sql(sql).execute(self.pool()).await;
                made.expect("an index more");
                "one_address"
            }

            async fn drop_index_across_tenants(&self) {
                let dropped = sqlx::raw_sql($drop_across).execute(self.pool()).await;
                dropped.expect("an index less");
            }
        }
    };
}

sql!(
    SqliteStore,
    "DROP INDEX ix_member_workspace_email_lower",
    "DROP INDEX one_address"
);
#[cfg(feature = "servers")]
mod on_servers {
    use mongodb::bson::doc;
    use users_runtime::{MongoStore, MySqlStore, PostgresStore};

    use super::{Existing, Member, SchemaError, async_trait};

    sql!(
        PostgresStore,
        "DROP INDEX ix_member_workspace_email_lower",
        "DROP INDEX one_address"
    );
    sql!(
        MySqlStore,
        "DROP INDEX ix_member_workspace_email_lower ON member",
        "DROP INDEX one_address ON member"
    );

    #[async_trait]
    impl Existing for MongoStore<Member> {
        async fn migrated(&self) -> Result<(), SchemaError> {
            self.migrate().await
        }

        async fn checked(&self) -> Result<(), SchemaError> {
            self.check().await
        }

        async fn drop_index(&self) {
            let index = "case_insensitive_tenant_email_index";
            let command = doc! { "dropIndexes": "member", "index": index };
            let dropped = self.database().run_command(command).await;
            dropped.expect("an index less");
        }

        async fn add_index_across_tenants(&self) -> &'static str {
            let index = doc! { "key": { "email": 1 }, "name": "one_address", "unique": true };
            let command = doc! { "createIndexes": "member", "indexes": [index] };
            let made = self.database().run_command(command).await;
            made.expect("an index more");
            "one_address"
        }

        async fn drop_index_across_tenants(&self) {
            let command = doc! { "dropIndexes": "member", "index": "one_address" };
            let dropped = self.database().run_command(command).await;
            dropped.expect("an index less");
        }
    }
}

/// The values of a user.
fn values(workspace: &str, email: &str) -> Vec<ColumnValue> {
    let value = |(column, description): (usize, &users_runtime::value::Column)| {
        let value = match description.role {
            Role::Id => Uuid::new_v4().to_value(),
            Role::Email => Value::Text(email.to_owned()),
            Role::HashedPassword => PasswordHash::new("$argon2id$hash").to_value(),
            Role::Tenant => Value::Text(workspace.to_owned()),
            Role::IsActive | Role::IsSuperuser | Role::IsVerified => Value::Bool(false),
            _ => Value::Null,
        };
        ColumnValue { column, value }
    };
    Member::COLUMNS.iter().enumerate().map(value).collect()
}

/// Rows that are there before the index, of which one tenant has an address twice.
pub(crate) async fn addresses_that_a_tenant_has_twice_are_reported(store: &impl Existing) {
    store.drop_index().await;
    let mut ids = Vec::new();
    for (workspace, email) in [
        ("acme", "twice@example.com"),
        ("acme", "TWICE@example.com"),
        ("globex", "twice@example.com"),
        ("globex", "once@example.com"),
    ] {
        let user = store.insert(values(workspace, email)).await;
        ids.push(user.expect("a row").id);
    }
    let mut twice = [ids[0].to_string(), ids[1].to_string()];
    twice.sort();
    let Err(SchemaError::DuplicateEmails {
        addresses,
        ids: found,
    }) = store.migrated().await
    else {
        panic!("an index on rows that share an address")
    };
    assert_eq!(addresses, 1);
    let [found] = &*found else {
        panic!("{found:?}")
    };
    let mut found = found.clone();
    found.sort();
    assert_eq!(found, twice);
    let administration = store.administration().expect("an administration");
    let findings = administration.doctor().await.expect("an examination");
    let duplicate = findings
        .iter()
        .find(|finding| finding.kind == FindingKind::DuplicateEmails);
    let duplicate = duplicate.expect("a finding");
    assert_eq!(duplicate.count, 1, "{duplicate:?}");
    let mut found = duplicate.ids.clone();
    found.sort();
    assert_eq!(found, twice);
    store.delete(&ids[1]).await.expect("a user less");
    store.migrated().await.expect("an index");
    store.checked().await.expect("an index that serves");
    let pending = administration.pending().await.expect("nothing to do");
    assert_eq!(pending, "");
    for id in [&ids[0], &ids[2], &ids[3]] {
        store.delete(id).await.expect("a user less");
    }
}

/// What an application has whose addresses were unique for all users.
pub(crate) async fn an_index_across_tenants_is_reported(store: &impl Existing) {
    let name = store.add_index_across_tenants().await;
    for result in [store.checked().await, store.migrated().await] {
        let Err(SchemaError::Mismatch(problems)) = result else {
            panic!("{result:?}")
        };
        let [problem] = &*problems else {
            panic!("{problems:?}")
        };
        let SchemaProblemKind::EmailIndexAcrossTenants { index } = &problem.kind else {
            panic!("{problem:?}")
        };
        assert_eq!(index, name);
        assert!(problem.fix.contains(name), "{}", problem.fix);
    }
    store.drop_index_across_tenants().await;
    store.migrated().await.expect("tables that fit");
}

#[tokio::test]
async fn existing_tables_are_judged_on_sqlite() {
    let database = Database::new();
    let store: SqliteStore<Member> = database.store().await;
    addresses_that_a_tenant_has_twice_are_reported(&store).await;
    an_index_across_tenants_is_reported(&store).await;
}
