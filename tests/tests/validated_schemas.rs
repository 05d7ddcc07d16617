//! Rules that involve several fields of what a client sends.

use axum::Router;
use serde_json::json;
use users_runtime::{
    PasswordHash, SqliteStore, UserModel, Users,
    value::{Presence, Problem},
};
use users_tests::{Client, Database, PASSWORD, SECRET, serve};

#[derive(Clone, Debug, UserModel)]
#[fastapi_users(
    backend(name = "jwt", transport = bearer, strategy = jwt),
    validate_schemas(create = in_order, update = one_at_a_time)
)]
struct Member {
    id: i64,
    email: String,
    hashed_password: PasswordHash,
    is_active: bool,
    is_superuser: bool,
    is_verified: bool,
    starts: i64,
    #[fastapi_users(rename = "endsAt")]
    ends: i64,
}

fn in_order(new: &MemberCreate) -> Result<(), Problem> {
    if new.starts <= new.ends {
        Ok(())
    } else {
        Err(Problem::value_error("it ends before it starts").at("endsAt"))
    }
}

fn one_at_a_time(change: &MemberUpdate) -> Result<(), String> {
    match (&change.starts, &change.ends) {
        (Presence::Present(starts), Presence::Present(ends)) => {
            Err(format!("{starts} and {ends} at once"))
        }
        _ => Ok(()),
    }
}

#[tokio::test]
async fn a_rule_of_several_fields_is_judged_once_each_of_them_is_valid() {
    let database = Database::new();
    let store = SqliteStore::<Member>::connect(&database.url()).await;
    let store = store.expect("a database");
    store.migrate().await.expect("tables");
    let users = Users::<Member>::builder(store, SECRET).build();
    let users = users.expect("a sound configuration");
    let router: Router = users.router();
    let url = serve(|listener| axum::serve(listener, router)).await;
    let client = Client::new(&url);
    let new = |starts: serde_json::Value| json!({ "email": "jo@example.com", "password": PASSWORD, "starts": starts, "endsAt": 3 });
    let invalid = client.post("/auth/register", &new(json!("x"))).await;
    let invalid = invalid.json();
    assert_eq!(
        (
            invalid["detail"].as_array().map(Vec::len),
            &invalid["detail"][0]["loc"]
        ),
        (Some(1), &json!(["body", "starts"]))
    );
    let refused = client.post("/auth/register", &new(json!(4))).await;
    let error = json!({
        "type": "value_error", "loc": ["body", "endsAt"], "msg": "Value error, it ends before it starts",
        "input": 3, "ctx": { "error": {} },
    });
    refused.assert(422, &json!({ "detail": [error] }));
    let created = client.post("/auth/register", &new(json!(2))).await;
    assert_eq!(created.status, 201, "{created:?}");
    let jo = users.find_by_email("jo@example.com").await;
    let jo = jo.expect("a store").expect("the user");
    let strategy = users.backend("jwt").expect("the backend").strategy();
    let client = client.bearer(&strategy.write(&jo).await.expect("a token"));
    let both = json!({ "starts": 5, "endsAt": 6 });
    let refused = client.json("PATCH", "/users/me", &both).await;
    let error = json!({
        "type": "value_error", "loc": ["body"], "msg": "Value error, 5 and 6 at once", "ctx": { "error": {} },
    });
    refused.assert(422, &json!({ "detail": [error] }));
    let later = json!({ "endsAt": 6 });
    let changed = client.json("PATCH", "/users/me", &later).await;
    assert_eq!(
        (changed.status, &changed.json()["endsAt"]),
        (200, &json!(6))
    );
}
