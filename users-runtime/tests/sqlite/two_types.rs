//! Two user types on one database.

use users_runtime::{
    UserModel,
    conformance::UuidId,
    model::{Account, Config},
    store::{AccessTokenStore, SchemaProblemKind as Kind, SqliteStore, StoreError, UserStore},
    value::{Column, Row, RowError, Viewer},
};

use crate::{
    migrate::kinds,
    support::{User, migrated, user},
};

/// The same users in another table.
#[derive(Clone)]
struct Admin(User);

impl UserModel for Admin {
    type Id = UuidId;
    type Read = <User as UserModel>::Read;
    type Loaded = ();
    type Create = <User as UserModel>::Create;
    type Update = <User as UserModel>::Update;
    const TABLE: &'static str = "admin";
    const COLUMNS: &'static [Column] = User::COLUMNS;
    const CONFIG: Config = User::CONFIG;

    fn from_row(row: &mut Row) -> Result<Self, RowError> {
        User::from_row(row).map(Self)
    }

    fn account(&self) -> Account<'_, UuidId> {
        self.0.account()
    }

    fn read_with(&self, email: String, viewer: Viewer, (): ()) -> Self::Read {
        self.0.read_with(email, viewer, ())
    }
}

#[tokio::test]
async fn two_user_types_need_tables_of_their_own() {
    let users = migrated::<User>().await;
    let shared = SqliteStore::<Admin>::new(users.pool().clone());
    let error = shared
        .migrate()
        .await
        .expect_err("the tokens are the users'");
    let foreign = Kind::ForeignTable {
        references: "user".into(),
    };
    assert_eq!(kinds(&error), [&foreign, &foreign]);
    assert!(
        error.to_string().contains("`.access_token_table(\"…\")`"),
        "{error}"
    );

    let admins = shared
        .access_token_table("admin_token")
        .oauth_account_table("admin_account");
    admins.migrate().await.expect("tables of its own");
    let (ada, root) = (
        user(&users, "ada@example.com").await,
        user(&admins, "ada@example.com").await,
    );
    let token = |id: &UuidId| users_runtime::store::AccessToken {
        token: "t".into(),
        user_id: id.clone(),
        created_at: chrono::Utc::now(),
    };
    users
        .insert_token(token(ada.account().id))
        .await
        .expect("a token");
    admins
        .insert_token(token(root.account().id))
        .await
        .expect("a token");
    admins.delete(root.account().id).await.expect("deleted");
    assert!(users.find_token(&["t"]).await.expect("an answer").is_some());
    assert!(matches!(
        admins.insert_token(token(ada.account().id)).await,
        Err(StoreError::NotFound)
    ));
}
