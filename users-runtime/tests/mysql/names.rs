//! Names that these servers would refuse.

use users_runtime::{
    PasswordHash, UserModel,
    store::{MySqlStore, SchemaError, SchemaProblemKind as Kind},
};
use uuid::Uuid;

use crate::{
    long::{LongNamed, are_made_and_served},
    support::{Database, empty, run},
};

mod keyed {
    use super::{PasswordHash, UserModel, Uuid};

    #[derive(Clone, Debug, UserModel)]
    #[fastapi_users(table = "user", backend(name = "jwt", transport = bearer, strategy = jwt))]
    pub(super) struct Keyed {
        pub(super) id: Uuid,
        pub(super) email: String,
        pub(super) hashed_password: PasswordHash,
        pub(super) is_active: bool,
        pub(super) is_superuser: bool,
        pub(super) is_verified: bool,
        #[fastapi_users(length(max = 100), column = "Email_Key")]
        pub(super) key: Option<String>,
    }
}

use keyed::Keyed;

/// The names that are too long end with the first digits of their SHA-256.
const INDEXES: [&str; 8] = [
    "ix_tttttttttttttttttttttttttttttttttttttttttttttttttttt_052ae81c",
    "ix_tttttttttttttttttttttttttttttttttttttttttttttttttttt_150c222b",
    "ix_tttttttttttttttttttttttttttttttttttttttttttttttttttt_2bc2dce9",
    "ix_tttttttttttttttttttttttttttttttttttttttttttttttttttt_42a8ec82",
    "ix_tttttttttttttttttttttttttttttttttttttttttttttttttttt_7a6039f3",
    "ix_uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu_16ef24e6",
    "ix_uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu_94eca8f6",
    "uq_tttttttttttttttttttttttttttttttttttttttttttttttttttt_03fff273",
];

async fn names(store: &Database<impl UserModel>, sql: &'static str) -> Vec<String> {
    sqlx::query_scalar(sql)
        .fetch_all(store.pool())
        .await
        .expect("names")
}

#[tokio::test]
async fn a_field_of_the_name_of_the_key_is_refused_before_anything_is_created() {
    let store = empty::<Keyed>().await;
    let is_told = |error: &SchemaError| {
        let SchemaError::Mismatch(problems) = error else {
            panic!("{error}")
        };
        let told = problems.iter().find(|problem| {
            problem.kind
                == Kind::ReservedName {
                    column: "Email_Key".into(),
                }
        });
        assert!(
            told.is_some_and(|problem| problem
                .to_string()
                .contains("`#[fastapi_users(column = \"…\")]`")),
            "{error}"
        );
    };
    is_told(&store.check().await.expect_err("a name that is taken"));
    is_told(&store.pending_sql().await.expect_err("a name that is taken"));
    is_told(&store.migrate().await.expect_err("a name that is taken"));
    assert_eq!(names(&store, "SHOW TABLES").await, [""; 0]);
    // Nor where the tables have the key, and another struct.
    MySqlStore::<crate::fields::Before>::new(store.pool().clone())
        .migrate()
        .await
        .expect("tables");
    is_told(&store.check().await.expect_err("a name that is taken"));
    is_told(&store.migrate().await.expect_err("a name that is taken"));
    run(&store, "INSERT INTO user SET id = UUID(), email = 'A@b.c', hashed_password = '', is_active = 1, is_superuser = 0, is_verified = 0")
        .await;
    assert_eq!(
        names(&store, "SELECT CONVERT(email_key USING utf8mb4) FROM user").await,
        ["a@b.c"]
    );
}

#[tokio::test]
async fn tables_with_the_longest_names_have_every_index() {
    let store = empty::<LongNamed>().await;
    are_made_and_served(&store).await;
    let sql = "SELECT DISTINCT CONVERT(index_name USING utf8mb4) FROM information_schema.statistics \
               WHERE table_schema = DATABASE() AND index_name <> 'PRIMARY' ORDER BY 1";
    assert_eq!(names(&store, sql).await, INDEXES);
}
