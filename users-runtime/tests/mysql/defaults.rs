//! Defaults of columns that are added to a table with rows.

use users_runtime::{
    PasswordHash, UserModel,
    store::{MySqlStore, UserStore as _},
};
use uuid::Uuid;

use crate::{
    fields::Before,
    support::{migrated, run, run_text, user},
};

const TEXT: &str = "it's \"\u{e4}\", 100% \\ \u{1f600}\n\u{0}";

/// The texts are of a type that keeps its default as an expression, and of one that does not.
#[derive(Clone, Debug, UserModel)]
#[fastapi_users(table = "user", backend(name = "jwt", transport = bearer, strategy = jwt))]
struct WithDefaults {
    id: Uuid,
    email: String,
    hashed_password: PasswordHash,
    is_active: bool,
    is_superuser: bool,
    is_verified: bool,
    #[fastapi_users(default = TEXT.to_owned())]
    long: String,
    #[fastapi_users(default = TEXT.to_owned(), length(max = 40))]
    short: String,
    #[fastapi_users(default = -0.1)]
    ratio: f64,
    #[fastapi_users(default = -7)]
    points: i64,
}

#[tokio::test]
async fn every_row_gets_the_default_as_it_is() {
    for by_hand in [false, true] {
        let before = migrated::<Before>().await;
        user(&*before, "ada@example.com").await;
        let store = MySqlStore::<WithDefaults>::new(before.pool().clone());
        if by_hand {
            run_text(
                &before,
                store
                    .pending_sql()
                    .await
                    .expect("columns that can be added"),
            )
            .await;
        } else {
            store.migrate().await.expect("columns");
        }
        store.check().await.expect("tables that fit");
        // Now the server reads what it has kept of the table.
        run(&before, "FLUSH TABLES").await;
        run(&before, "INSERT INTO user SET id = UUID(), email = 'bo@b.c', hashed_password = '', is_active = 1, is_superuser = 0, is_verified = 0")
            .await;
        for email in ["ada@example.com", "bo@b.c"] {
            let found = store
                .find_by_email(email)
                .await
                .expect("an answer")
                .expect("a user");
            assert_eq!(
                (&*found.long, &*found.short, found.points),
                (TEXT, TEXT, -7),
                "{email}"
            );
            assert!((found.ratio + 0.1).abs() < f64::EPSILON, "{}", found.ratio);
        }
    }
}
