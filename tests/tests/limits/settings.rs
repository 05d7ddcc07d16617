//! Where limits come from, and what the document says of them.

use serde_json::Value;
use users_runtime::{
    Compat, Users, errors::BuildError, openapi::utoipa::openapi::OpenApi, web::Route,
};
use users_tests::{Client, Database, SECRET, TestHasher, User, serve};

use super::application::{Server, known_browser};

fn answers(document: &OpenApi, path: &str) -> Value {
    let document = serde_json::to_value(document).expect("a document is JSON");
    document["paths"][path]["post"]["responses"].clone()
}

const LIMITED: [&str; 4] = [
    "/auth/jwt/login",
    "/auth/register",
    "/auth/forgot-password",
    "/auth/request-verify-token",
];

#[tokio::test]
async fn the_document_has_the_refusal_where_there_are_limits() {
    let database = Database::new();
    let server = Server::start(&database).await;
    let document = server.users.openapi();
    for path in LIMITED {
        let answer = &answers(&document, path)["429"];
        let example = &answer["content"]["application/json"]["examples"]["TOO_MANY_ATTEMPTS"];
        assert_eq!(example["value"]["detail"], "TOO_MANY_ATTEMPTS", "{path}");
        assert_eq!(
            answer["headers"]["Retry-After"]["schema"]["type"],
            "integer"
        );
    }
    for path in ["/auth/verify", "/auth/reset-password", "/auth/jwt/logout"] {
        assert!(answers(&document, path)["429"].is_null(), "{path}");
    }
    let document = serde_json::to_value(&document).expect("a document is JSON");
    assert!(document["paths"]["/users/{id}/limits"]["delete"].is_object());
}

#[tokio::test]
async fn the_preset_and_a_system_without_limits_have_none() {
    let database = Database::new();
    let store = database.store::<User>().await;
    let builder =
        || Users::<User>::builder(store.clone(), SECRET).password_hasher(TestHasher::default());
    for users in [
        builder().compat(Compat::FastApiUsers15).build(),
        builder().limits_off().build(),
    ] {
        let users = users.expect("a sound configuration");
        let document = users.openapi();
        for path in LIMITED {
            assert!(answers(&document, path)["429"].is_null(), "{path}");
        }
        let router = users.router::<()>();
        let url = serve(|listener| users_runtime::serve(listener, router)).await;
        let client = Client::new(&url);
        for _ in 0..110 {
            let answer = client.login("jwt", "jo@example.com", "wrong").await;
            assert_eq!(answer.status, 400);
            assert_eq!(known_browser(&answer), None);
        }
    }
}

#[tokio::test]
async fn the_default_limits_need_no_attribute() {
    let database = Database::new();
    let store = database.store::<User>().await;
    let users = Users::<User>::builder(store, SECRET)
        .password_hasher(TestHasher::default())
        .build()
        .expect("a sound configuration");
    assert!(!answers(&users.openapi(), "/auth/jwt/login")["429"].is_null());
    let router = users.router::<()>();
    let url = serve(|listener| users_runtime::serve(listener, router)).await;
    let client = Client::new(&url);
    for _ in 0..100 {
        let answer = client.login("jwt", "jo@example.com", "wrong").await;
        assert_eq!(answer.status, 400);
    }
    let answer = client.login("jwt", "jo@example.com", "wrong").await;
    answer.assert_detail(429, "TOO_MANY_ATTEMPTS");
}

#[tokio::test]
async fn the_builder_replaces_the_rules_of_a_route() {
    let database = Database::new();
    let server = Server::with(&database, |builder| {
        builder
            .limit(Route::Login, "2/h/account")
            .limit(Route::Register, "")
    })
    .await;
    for number in 0..3 {
        let client = server.number(number);
        let answer = client.login("jwt", "jo@example.com", "wrong").await;
        assert_eq!(answer.status, if number < 2 { 400 } else { 429 });
    }
    let document = server.users.openapi();
    assert!(answers(&document, "/auth/register")["429"].is_null());
    let database = Database::new();
    let store = database.store::<User>().await;
    let refused = |route, rules: &str| {
        let builder = Users::<User>::builder(store.clone(), SECRET).limit(route, rules);
        builder.build().expect_err("a mistake")
    };
    let error = refused(Route::Login, "10/m/user");
    assert!(matches!(error, BuildError::InvalidLimit { .. }), "{error}");
    assert!(error.to_string().contains("`account+ip`"), "{error}");
    let error = refused(Route::ReadMe, "10/m/ip");
    assert!(error.to_string().contains("`Login`"), "{error}");
}
