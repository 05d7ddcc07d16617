//! Two user types with numbers for ids and one secret.

use users_runtime::{Compat, PasswordHash, SqliteStore, UserModel, Users};
use users_tests::{Client, PASSWORD, SECRET, serve};

macro_rules! user_type {
    ($module:ident, $table:literal) => {
        mod $module {
            use super::*;

            #[derive(Clone, Debug, UserModel)]
            #[fastapi_users(table = $table, backend(name = "jwt", transport = bearer, strategy = jwt))]
            pub(crate) struct User {
                pub(crate) id: i64,
                pub(crate) email: String,
                pub(crate) hashed_password: PasswordHash,
                pub(crate) is_active: bool,
                pub(crate) is_superuser: bool,
                pub(crate) is_verified: bool,
            }

            /// A client of an application with this type, and a token of its first user.
            pub(crate) async fn start(compat: Compat) -> (Client, String) {
                let store = SqliteStore::<User>::connect("sqlite::memory:").await;
                let store = store.expect("a database");
                store.migrate().await.expect("a table");
                let users = Users::builder(store, SECRET).compat(compat).build();
                let users = users.expect("a sound configuration");
                let create = UserCreate {
                    email: "jo@example.com".into(),
                    password: PASSWORD.into(),
                    is_active: true,
                    is_superuser: false,
                    is_verified: false,
                };
                let user = users.create(create, None).await.expect("a user");
                assert_eq!(user.id, 1);
                let backend = users.backend("jwt").expect("a backend");
                let token = backend.strategy().write(&user).await.expect("a token");
                let router = users.router().with_state(users);
                let url = serve(|listener| axum::serve(listener, router)).await;
                (Client::new(&url), token)
            }
        }
    };
}

user_type!(customers, "user");
user_type!(clerks, "clerk");

async fn me(app: &Client, token: &str) -> u16 {
    app.bearer(token).get("/users/me").await.status
}

#[tokio::test]
async fn a_token_of_one_type_says_nothing_to_the_other() {
    for (compat, of_the_other) in [(Compat::Off, 401), (Compat::FastApiUsers15, 200)] {
        let (customers, customer) = customers::start(compat).await;
        let (clerks, clerk) = clerks::start(compat).await;
        assert_eq!(me(&customers, &customer).await, 200);
        assert_eq!(me(&clerks, &clerk).await, 200);
        assert_eq!(me(&clerks, &customer).await, of_the_other, "{compat:?}");
        assert_eq!(me(&customers, &clerk).await, of_the_other, "{compat:?}");
    }
}
