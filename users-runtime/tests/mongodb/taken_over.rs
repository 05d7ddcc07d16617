//! A database that the original has made with Beanie, and one that both use.

use std::process::Command;

use chrono::{DateTime, Utc};
use mongodb::bson::{Bson, Document, doc, oid::ObjectId};
use serde_json::Value as Json;
use users_runtime::{
    PasswordHash, UserModel,
    store::{
        AccessToken, AccessTokenStore, ColumnValue, MongoStore, OAuthAccount, OAuthAccountStore,
        UserStore,
    },
    value::Value,
};
use uuid::Uuid;

use crate::{
    server::{self, Server, programs, scripts},
    support::{indexes, new_url},
};

/// The user of `original.py`.
#[derive(Clone, Debug, PartialEq, UserModel)]
#[fastapi_users(table = "User", backend(name = "db", transport = bearer, strategy = database))]
pub(crate) struct User {
    pub id: ObjectId,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
    pub nickname: Option<String>,
    #[fastapi_users(default = 0)]
    pub visits: i32,
    pub total: Option<i64>,
    pub ratio: Option<f64>,
    pub avatar: Option<Vec<u8>>,
    pub tenant: Option<Uuid>,
    pub seen_at: Option<DateTime<Utc>>,
    pub born_on: Option<chrono::NaiveDate>,
    pub settings: Option<Json>,
}

/// Runs the original.
fn original(action: &str, url: &str) -> Json {
    let output = Command::new(programs().join("python"))
        .arg(scripts().join("original.py"))
        .args([action, url])
        .output();
    let output = output.expect("Python");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// A database with what the original writes, the id of its second user, and the server.
async fn written() -> (MongoStore<User>, ObjectId, String, std::sync::Arc<Server>) {
    let server = server::shared().await;
    let url = new_url(&server);
    let made = original("write", &url);
    let id = ObjectId::parse_str(made["id"].as_str().expect("an id")).expect("an ObjectId");
    (
        MongoStore::connect(&url).await.expect("a database"),
        id,
        url,
        server,
    )
}

async fn document(store: &MongoStore<User>, filter: Document) -> Document {
    store
        .database()
        .collection("User")
        .find_one(filter)
        .await
        .expect("an answer")
        .expect("a document")
}

#[tokio::test]
async fn its_users_are_read_without_migrating() {
    let (store, id, _url, _server) = written().await;
    store
        .check()
        .await
        .expect("what the original makes is enough");
    let kate = store
        .find_by_email("KÄTHE@example.com")
        .await
        .expect("an answer")
        .expect("a user");
    let instant = |text: &str| text.parse::<DateTime<Utc>>().expect("an instant");
    let expected = User {
        id,
        email: "Käthe@Example.com".into(),
        hashed_password: PasswordHash::new("$argon2id$x"),
        is_active: true,
        is_superuser: false,
        is_verified: true,
        nickname: Some("K".into()),
        visits: 3,
        total: Some(1 << 62),
        ratio: Some(1.5),
        avatar: Some(vec![0, 1]),
        tenant: Some(
            "af18f25c-dbb9-4aa1-b7e8-b56bdea97b86"
                .parse()
                .expect("a UUID"),
        ),
        seen_at: Some(instant("2024-01-02T03:04:05.678Z")),
        born_on: Some("2024-01-02".parse().expect("a date")),
        settings: Some(serde_json::json!({"a": [1, "é", 1_i64 << 40], "b": {"c": null}})),
    };
    assert_eq!(kate, expected);
    assert_eq!(store.find(&id).await.expect("an answer"), Some(expected));
    let plain = store
        .find_by_email("plain@example.com")
        .await
        .expect("an answer")
        .expect("a user");
    assert_eq!(
        (plain.visits, plain.nickname, plain.settings),
        (0, None, None)
    );
}

#[tokio::test]
async fn its_accounts_and_tokens_are_good_and_go_with_their_user() {
    let (store, id, _url, _server) = written().await;
    let account = store
        .find_account("google", "1")
        .await
        .expect("an answer")
        .expect("an account");
    assert_eq!(
        (account.user_id, account.expires_at, &*account.access_token),
        (id, Some(7), "t")
    );
    let changed = OAuthAccount {
        expires_at: None,
        refresh_token: Some("new".into()),
        ..account
    };
    let element = |stored: &Document, place: usize| {
        stored.get_array("oauth_accounts").expect("accounts")[place].clone()
    };
    let before = document(&store, doc! { "_id": id }).await;
    store
        .update_account(changed.clone())
        .await
        .expect("changed");
    let after = document(&store, doc! { "_id": id }).await;
    assert_eq!(
        element(&after, 1),
        element(&before, 1),
        "another account has changed"
    );
    let own_id = |account: Bson| {
        account
            .as_document()
            .and_then(|account| account.get_object_id("id").ok())
    };
    assert_eq!(
        own_id(element(&after, 0)),
        own_id(element(&before, 0)),
        "the account has another id"
    );
    assert_eq!(
        store.find_account("google", "1").await.expect("an answer"),
        Some(changed)
    );
    assert_eq!(
        store
            .find_token(&["a-token"])
            .await
            .expect("an answer")
            .expect("a token")
            .user_id,
        id
    );
    store.delete(&id).await.expect("deleted");
    assert!(
        store
            .find_token(&["a-token"])
            .await
            .expect("an answer")
            .is_none()
    );
    assert!(
        store
            .find_account("github", "2")
            .await
            .expect("an answer")
            .is_none()
    );
}

#[tokio::test]
async fn migrating_adds_indexes_only() {
    let (store, id, _url, _server) = written().await;
    let before = document(&store, doc! { "_id": id }).await;
    assert_eq!(
        indexes(&store, "User").await,
        ["_id_", "case_insensitive_email_index"]
    );
    store.migrate().await.expect("indexes");
    assert_eq!(
        indexes(&store, "User").await,
        [
            "_id_",
            "case_insensitive_email_index",
            "oauth_account_index"
        ]
    );
    assert_eq!(
        indexes(&store, "AccessToken").await,
        ["_id_", "created_at_1", "token_1", "user_id_1"]
    );
    assert_eq!(document(&store, doc! { "_id": id }).await, before);
}

#[tokio::test]
async fn what_is_written_has_the_originals_form() {
    let (store, id, _url, _server) = written().await;
    let before = document(&store, doc! { "_id": id }).await;
    let kate = store.find(&id).await.expect("an answer").expect("a user");
    let values = users_runtime::model::UserModel::account(&kate)
        .email
        .to_owned();
    assert_eq!(values, "Käthe@Example.com");
    // Every field once more, with the value that it has.
    let mut changes = Vec::new();
    for (column, value) in [
        ("nickname", Value::Text("K".into())),
        ("visits", Value::Int(3)),
        ("total", Value::Int(1 << 62)),
        ("ratio", Value::Float(1.5)),
        ("avatar", Value::Bytes(vec![0, 1])),
        ("tenant", Value::Uuid(kate.tenant.expect("a tenant"))),
        (
            "seen_at",
            Value::Timestamp("2024-01-02T03:04:05.678901Z".parse().expect("an instant")),
        ),
        ("born_on", Value::Date(kate.born_on.expect("a date"))),
        (
            "settings",
            Value::Json(kate.settings.clone().expect("settings")),
        ),
        ("email", Value::Text("Käthe@Example.com".into())),
        ("is_verified", Value::Bool(true)),
    ] {
        let column = User::COLUMNS
            .iter()
            .position(|known| known.name == column)
            .expect("a column");
        changes.push(ColumnValue { column, value });
    }
    store.update(&id, changes, None).await.expect("changed");
    assert_eq!(document(&store, doc! { "_id": id }).await, before);
}

#[tokio::test]
async fn what_is_written_is_read_and_changed_by_the_original() {
    let (store, _, url, _server) = written().await;
    store.migrate().await.expect("indexes");
    let mut values = Vec::new();
    for (column, description) in User::COLUMNS.iter().enumerate() {
        let value = match description.name {
            "id" => users_runtime::value::Field::to_value(&ObjectId::new()),
            "email" => Value::Text("Ada@example.com".into()),
            "hashed_password" => Value::Text("$argon2id$y".into()),
            "is_active" | "is_superuser" | "is_verified" => Value::Bool(true),
            "visits" => Value::Int(9),
            "avatar" => Value::Bytes(vec![7]),
            "tenant" => Value::Uuid(Uuid::from_u128(5)),
            "born_on" => Value::Date("2000-02-29".parse().expect("a date")),
            "settings" => Value::Json(serde_json::json!({"x": [1]})),
            _ => Value::Null,
        };
        values.push(ColumnValue { column, value });
    }
    let ada = store.insert(values).await.expect("a new user");
    let google = store
        .find_account("google", "1")
        .await
        .expect("an answer")
        .expect("an account");
    assert!(
        store
            .delete_account(&google.user_id, "google", "1")
            .await
            .expect("an answer")
    );
    store
        .insert_account(OAuthAccount {
            user_id: ada.id,
            ..google
        })
        .await
        .expect("linked");
    let created_at = "2026-01-02T03:04:05.006007Z".parse().expect("an instant");
    store
        .insert_token(AccessToken {
            token: "b-token".into(),
            user_id: ada.id,
            created_at,
        })
        .await
        .expect("a token");

    let found = original("read", &url);
    let id = ada.id.to_hex();
    assert_eq!(found["by account"], id);
    assert_eq!(
        found["by token"],
        serde_json::json!([id, "2026-01-02T03:04:05.006000"])
    );
    assert_eq!(found["avatar"], serde_json::json!([7]));
    let user = &found["by email"];
    let fields = [
        "id",
        "email",
        "hashed_password",
        "is_superuser",
        "visits",
        "nickname",
        "tenant",
        "born_on",
        "settings",
    ];
    let shown = fields.map(|name| user[name].clone());
    let expected = serde_json::json!([
        id, "Ada@example.com", "$argon2id$y", true, 9, null, "00000000-0000-0000-0000-000000000005", "2000-02-29", {"x": [1]}
    ]);
    assert_eq!(Json::from(shown.to_vec()), expected);
    // The original has saved the whole document meanwhile.
    let changed = store
        .find(&ada.id)
        .await
        .expect("an answer")
        .expect("a user");
    assert_eq!(
        changed,
        User {
            nickname: Some("changed by the original".into()),
            ..ada.clone()
        }
    );
    assert_eq!(
        store.accounts_of(&ada.id).await.expect("an answer").len(),
        1
    );
}
