//! The example on MongoDB: served from SecantusDB, with ids of the database's own.

use std::process::Command;

use serde_json::json;
use users_tests::example_binary;

use crate::{Example, logged_in, mongodb_server};

#[tokio::test]
async fn the_mongodb_example_does_what_it_says() {
    let server = mongodb_server::shared().await;
    let mut command = Command::new(example_binary("mongodb-users"));
    let url = server.url(&format!("example_{}", uuid::Uuid::new_v4().simple()));
    command.env("MONGODB_URL", url).env_remove("SECRET");
    let example = Example::start_as(command);
    let client = &example.client;
    let body = json!({ "email": "jo@example.com", "password": "correct horse", "nickname": "Jo" });
    let registered = client.post("/auth/register", &body).await;
    assert_eq!(registered.status, 201, "{registered:?}");
    let registered = registered.json();
    let id = registered["id"].as_str().expect("an id");
    assert!(
        id.len() == 24 && id.bytes().all(|byte| byte.is_ascii_hexdigit()),
        "{id}"
    );
    let again = client
        .post(
            "/auth/register",
            &json!({ "email": "JO@example.com", "password": "correct horse" }),
        )
        .await;
    again.assert_detail(400, "REGISTER_USER_ALREADY_EXISTS");

    let jo = logged_in(
        client,
        "/auth/session/login",
        "jo@example.com",
        "correct horse",
    )
    .await;
    assert_eq!(jo.get("/users/me").await.json(), registered);
    assert_eq!(
        jo.get("/hello").await.text,
        format!("Hello Jo, your id is {id}!\n")
    );
    assert_eq!(jo.send("POST", "/auth/session/logout").await.status, 204);
    jo.get("/users/me").await.assert_detail(401, "Unauthorized");
}

#[tokio::test]
async fn an_id_that_is_none_is_nobodys() {
    let server = mongodb_server::shared().await;
    let name = format!("example_{}", uuid::Uuid::new_v4().simple());
    let mut command = Command::new(example_binary("mongodb-users"));
    command
        .env("MONGODB_URL", server.url(&name))
        .env_remove("SECRET");
    let example = Example::start_as(command);
    let client = &example.client;
    let body = json!({ "email": "root@example.com", "password": "correct horse" });
    let registered = client.post("/auth/register", &body).await.json();
    let database = mongodb::Client::with_uri_str(server.url(&name))
        .await
        .expect("a client")
        .database(&name);
    let flags = mongodb::bson::doc! { "$set": { "is_superuser": true } };
    let users = database.collection::<mongodb::bson::Document>("User");
    let changed = users
        .update_one(mongodb::bson::doc! { "email": "root@example.com" }, flags)
        .await
        .expect("a change");
    assert_eq!(changed.modified_count, 1);
    let root = logged_in(
        client,
        "/auth/session/login",
        "root@example.com",
        "correct horse",
    )
    .await;
    let own = format!("/users/{}", registered["id"].as_str().expect("an id"));
    assert_eq!(root.get(&own).await.status, 200);
    for id in [
        "1",
        "not-an-id",
        "000000000000000000000000",
        "00000000-0000-4000-8000-000000000000",
    ] {
        assert_eq!(root.get(&format!("/users/{id}")).await.status, 404, "{id}");
    }
}
