//! One address is one user, however a provider writes it; and it must be proven where the application says so.

use serde_json::json;
use users_runtime::{Compat, PasswordHash, UserModel, Users, value::Value};
use users_tests::{App, Client, Database, SECRET, serve};
use uuid::Uuid;

use crate::provider::{Flow, account, code, logged_in, oauth, routes, start};

#[tokio::test]
async fn an_address_is_one_user_however_a_provider_writes_it() {
    let (oauth, _) = oauth("forge");
    let app = start(oauth.is_verified_by_default(true)).await;
    app.user("victim@example.com").await;
    for written in [
        "x <victim@example.com>",
        " victim@example.com",
        "victim@example.com ",
        "\tvictim@example.com",
        "<victim@example.com>",
        "victim@EXAMPLE.com",
        "VICTIM@example.com",
    ] {
        let script = json!({ "id": written, "email": written, "verified": true });
        let flow = Flow::start(&app.client(), "/forge").await;
        flow.back(&code(&script))
            .await
            .assert_detail(400, "OAUTH_USER_ALREADY_EXISTS");
    }
}

#[tokio::test]
async fn addresses_are_stored_as_registration_stores_them() {
    for (compat, stored) in [
        (Compat::Off, "Jo@example.com"),
        (Compat::FastApiUsers15, " Jo@Example.COM"),
    ] {
        let (oauth, _) = oauth("forge");
        let app = App::builder().configure(move |builder| builder.compat(compat));
        let app = app.routes(move |users| routes(users, &oauth)).start().await;
        let answer = Flow::start(&app.client(), "/forge")
            .await
            .back(&account("1", " Jo@Example.COM"))
            .await;
        let me = logged_in(&app, &answer).get("/users/me").await.json();
        assert_eq!(me["email"], "Jo@example.com", "shown alike");
        let user = app.users.find_by_email(stored).await.expect("a store");
        let user = user.expect("the user");
        assert_eq!(user.email, stored, "{compat:?}");
        let accounts = app.users.oauth_accounts(&user).await.expect("a store");
        assert_eq!(accounts[0].account_email, stored, "{compat:?}");
    }
}

/// A user who must prove the address before logging in.
#[derive(Clone, Debug, UserModel)]
#[fastapi_users(
    table = "people",
    backend(name = "web", transport = bearer, strategy = jwt),
    routes(requires_verification)
)]
struct Person {
    id: Uuid,
    email: String,
    hashed_password: PasswordHash,
    is_active: bool,
    is_superuser: bool,
    is_verified: bool,
}

#[tokio::test]
async fn a_login_by_a_provider_wants_a_proven_address_like_one_by_password() {
    for (compat, is_wanted) in [(Compat::Off, true), (Compat::FastApiUsers15, false)] {
        let (oauth, _) = oauth("forge");
        let database = Database::new();
        let store = users_runtime::SqliteStore::<Person>::connect(&database.url())
            .await
            .expect("an SQLite file");
        store.migrate().await.expect("the tables");
        let users = Users::<Person>::builder(store, SECRET)
            .compat(compat)
            .oauth(oauth.clone(), "web")
            .build()
            .expect("a sound configuration");
        // Declared, and mounted by hand.
        let router = users.router().nest(
            "/forge",
            users
                .oauth_router(oauth, "web")
                .expect("a sound configuration"),
        );
        let url = serve(|listener| axum::serve(listener, router)).await;
        let client = Client::new(&url);
        for (prefix, id) in [("/auth/forge", "1"), ("/forge", "2")] {
            let email = format!("jo{id}@example.com");
            let back = async || {
                let flow = Flow::start(&client, prefix).await;
                flow.back(&account(id, &email)).await
            };
            let document = serde_json::to_value(users.openapi()).expect("JSON");
            let answers = &document["paths"]["/auth/forge/callback"]["get"]["responses"]["400"];
            let example =
                &answers["content"]["application/json"]["examples"]["LOGIN_USER_NOT_VERIFIED"];
            assert_eq!(example.is_null(), !is_wanted, "{answers}");
            if !is_wanted {
                assert_eq!(back().await.status, 200);
                continue;
            }
            back().await.assert_detail(400, "LOGIN_USER_NOT_VERIFIED");
            let user = users.find_by_email(&email).await.expect("a store");
            let user = user.expect("the user, who can prove the address now");
            verify(&users, &user).await;
            assert_eq!(back().await.status, 200);
            // An inactive user is told nothing about the proof.
            set(&users, &user, "is_active", false).await;
            set(&users, &user, "is_verified", false).await;
            back().await.assert_detail(400, "LOGIN_BAD_CREDENTIALS");
        }
    }
}

async fn verify(users: &Users<Person>, user: &Person) {
    set(users, user, "is_verified", true).await;
}

async fn set(users: &Users<Person>, user: &Person, field: &str, value: bool) {
    let column = Person::COLUMNS
        .iter()
        .position(|column| column.field == field)
        .expect("a field of the user");
    let value = users_runtime::store::ColumnValue {
        column,
        value: Value::Bool(value),
    };
    users
        .store()
        .update(&user.id, vec![value], None)
        .await
        .expect("the user");
}
