//! The keys that decide what the schemas have: `rename_all`, `deny_unknown`, `computed`, `json` and `updated_at`.

use std::{collections::BTreeMap, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use users_runtime::{
    PasswordHash, SqliteStore, UserModel, Users,
    openapi::utoipa::{self, ToSchema},
    store::UserSearch,
};
use users_tests::{Client, Database, PASSWORD, SECRET, TestClock, serve};

#[derive(Clone, Debug, UserModel)]
#[fastapi_users(
    rename_all = "camelCase",
    deny_unknown,
    computed(full_name: String = User::full_name, badges: Vec<Badge> = User::badges),
    backend(name = "jwt", transport = bearer, strategy = jwt)
)]
pub(crate) struct User {
    id: i64,
    #[fastapi_users(validate = of_our_domain)]
    email: String,
    hashed_password: PasswordHash,
    is_active: bool,
    is_superuser: bool,
    is_verified: bool,
    first_name: Option<String>,
    #[fastapi_users(rename = "family-name")]
    last_name: Option<String>,
    #[fastapi_users(json, default, validate = not_empty)]
    settings: Settings,
    #[fastapi_users(json, update = admin)]
    limits: Option<BTreeMap<String, u32>>,
    #[fastapi_users(updated_at)]
    changed_at: DateTime<Utc>,
    #[fastapi_users(updated_at, read = admin)]
    first_changed_at: Option<DateTime<Utc>>,
}

/// Documented by utoipa.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
struct Settings {
    #[serde(default)]
    theme: String,
    #[serde(default)]
    windows: Vec<Window>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
struct Window {
    width: u32,
    password: Option<String>,
}

/// Not documented.
#[derive(Clone, Debug, Serialize)]
struct Badge {
    name: &'static str,
}

fn of_our_domain(address: &str) -> Result<(), &'static str> {
    if address.ends_with("@example.com") {
        Ok(())
    } else {
        Err("use your address at example.com")
    }
}

fn not_empty(settings: &Settings) -> Result<(), String> {
    match settings.windows.iter().position(|window| window.width == 0) {
        Some(position) => Err(format!("window {position} has no width")),
        None => Ok(()),
    }
}

impl User {
    fn full_name(&self) -> String {
        let names = [&self.first_name, &self.last_name];
        let names: Vec<_> = names.into_iter().flatten().map(String::as_str).collect();
        names.join(" ")
    }

    fn badges(&self) -> Vec<Badge> {
        let verified = self.is_verified.then_some(Badge { name: "verified" });
        verified.into_iter().collect()
    }
}

/// An application, and a superuser who is logged in.
async fn start() -> (Client, String, Users<User>, Database) {
    start_at(TestClock::default()).await
}

async fn start_at(clock: TestClock) -> (Client, String, Users<User>, Database) {
    let database = Database::new();
    let store = SqliteStore::<User>::connect(&database.url()).await;
    let store = store.expect("an SQLite file");
    store.migrate().await.expect("the tables");
    let users = Users::builder(store, SECRET).clock(clock).limits_off();
    let users = users.build().expect("a sound configuration");
    let create = UserCreate {
        email: "admin@example.com".into(),
        password: PASSWORD.into(),
        is_active: true,
        is_superuser: true,
        is_verified: true,
        first_name: None,
        last_name: None,
        settings: Settings::default(),
        limits: None,
    };
    let admin = users.create(create, None).await.expect("a user");
    let backend = users.backend("jwt").expect("a backend");
    let token = backend.strategy().write(&admin).await.expect("a token");
    let router = users.router().with_state(users.clone());
    let url = serve(|listener| axum::serve(listener, router)).await;
    (Client::new(&url), token, users, database)
}

fn registration(email: &str, more: Value) -> Value {
    let mut body = json!({ "email": email, "password": PASSWORD });
    let (Some(all), Value::Object(more)) = (body.as_object_mut(), more) else {
        panic!("two objects")
    };
    all.extend(more);
    body
}

#[tokio::test]
async fn the_schemas_have_the_names_of_the_case() {
    let (app, token, _users, _database) = start().await;
    let names = json!({ "firstName": "Jo", "family-name": "Ash" });
    let sent = registration("jo@example.com", names);
    let answer = app.post("/auth/register", &sent).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    let mut user = answer.json();
    let changed_at = user["changedAt"].take();
    assert!(changed_at.is_string(), "{changed_at}");
    assert_eq!(
        user,
        json!({
            "id": 2, "email": "jo@example.com", "isActive": true, "isSuperuser": false, "isVerified": false,
            "firstName": "Jo", "family-name": "Ash", "settings": { "theme": "", "windows": [] }, "limits": null,
            "changedAt": null, "fullName": "Jo Ash", "badges": [],
        })
    );
    let admin = app.bearer(&token);
    let change = json!({ "isVerified": true, "isActive": false, "firstName": "Joe" });
    let answer = admin.json("PATCH", "/users/2", &change).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let user = answer.json();
    let seen =
        ["isVerified", "isActive", "firstName", "fullName", "badges"].map(|name| &user[name]);
    let badges = json!([{ "name": "verified" }]);
    let expected = [
        &json!(true),
        &json!(false),
        &json!("Joe"),
        &json!("Joe Ash"),
        &badges,
    ];
    assert_eq!(seen, expected);
    // A new address is not verified, whatever the flag is called.
    let moved = json!({ "email": "joe@example.com" });
    let answer = admin.json("PATCH", "/users/2", &moved).await;
    assert_eq!(answer.json()["isVerified"], false, "{answer:?}");
}

#[tokio::test]
async fn unknown_fields_are_refused_after_what_is_wrong_with_the_others() {
    let (app, token, _users, _database) = start().await;
    let extra = |name: &str| json!({ "type": "extra_forbidden", "loc": ["body", name], "msg": "Extra inputs are not permitted" });
    let sent = registration(
        "jo@example.com",
        json!({ "first_name": "Jo", "role": "admin", "isActive": "x" }),
    );
    let answer = app.post("/auth/register", &sent).await;
    assert_eq!(answer.status, 422);
    let errors = answer.json();
    assert_eq!(errors["detail"][0]["loc"], json!(["body", "isActive"]));
    assert_eq!(errors["detail"][1], extra("first_name"));
    assert_eq!(errors["detail"][2], extra("role"));
    let answer = app
        .bearer(&token)
        .json("PATCH", "/users/me", &json!({ "id": 7 }))
        .await;
    assert_eq!(
        (answer.status, answer.json()),
        (422, json!({ "detail": [extra("id")] }))
    );
    // As many as a client likes to send.
    let many: Value = (0..1000)
        .map(|field| (format!("f{field}"), json!(1)))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let answer = app.bearer(&token).json("PATCH", "/users/me", &many).await;
    assert_eq!(answer.json()["detail"].as_array().map(Vec::len), Some(100));
}

#[tokio::test]
async fn the_document_has_the_names_and_closes_what_is_sent() {
    let (_app, _token, users, _database) = start().await;
    let document = serde_json::to_value(users.openapi()).expect("a document");
    let schema = |name: &str| document["components"]["schemas"][name].clone();
    let [read, create, update] = ["UserRead", "UserCreate", "UserUpdate"].map(schema);
    for schema in [&read, &create, &update] {
        let properties = &schema["properties"];
        for name in [
            "email",
            "isActive",
            "isSuperuser",
            "isVerified",
            "firstName",
            "family-name",
        ] {
            assert!(properties[name].is_object(), "{name} in {schema}");
        }
        assert_eq!(properties["is_active"], Value::Null);
    }
    assert_eq!(
        [&read, &create, &update].map(|schema| schema["additionalProperties"].clone()),
        [Value::Null, json!(false), json!(false)]
    );
}

#[tokio::test]
async fn json_is_validated_field_by_field() {
    let (app, token, _users, _database) = start().await;
    let me = app.bearer(&token);
    let settings = json!({ "theme": "dark", "windows": [{ "width": 7, "password": null }] });
    let change = json!({ "settings": settings, "limits": { "a": 1 } });
    let answer = me.json("PATCH", "/users/me", &change).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let user = answer.json();
    // Users do not change what is for administrators, though this one is one.
    assert_eq!(
        (&user["settings"], &user["limits"]),
        (&settings, &Value::Null)
    );
    let answer = me
        .json("PATCH", "/users/1", &json!({ "limits": { "a": 1 } }))
        .await;
    assert_eq!(answer.json()["limits"], json!({ "a": 1 }), "{answer:?}");
    let answer = me
        .json("PATCH", "/users/1", &json!({ "limits": null }))
        .await;
    assert_eq!(answer.json()["limits"], Value::Null, "{answer:?}");
    assert_eq!(me.get("/users/me").await.json()["settings"], settings);

    for (wrong, loc, input) in [
        (json!("dark"), json!(["body", "settings"]), json!("dark")),
        (Value::Null, json!(["body", "settings"]), Value::Null),
        (
            json!({ "theme": 1 }),
            json!(["body", "settings", "theme"]),
            json!(1),
        ),
        (
            json!({ "windows": [{ "width": 1 }, { "width": -1 }] }),
            json!(["body", "settings", "windows", 1, "width"]),
            json!(-1),
        ),
        // Not repeated: a document, and what is called like a secret.
        (
            json!({ "windows": [{ "width": 0 }] }),
            json!(["body", "settings"]),
            Value::Null,
        ),
        (
            json!({ "windows": [{ "width": 1, "password": 7 }] }),
            json!(["body", "settings", "windows", 0, "password"]),
            Value::Null,
        ),
    ] {
        let answer = me
            .json("PATCH", "/users/me", &json!({ "settings": wrong }))
            .await;
        assert_eq!(answer.status, 422, "{answer:?}");
        let error = &answer.json()["detail"][0];
        assert_eq!((&error["loc"], &error["input"]), (&loc, &input), "{error}");
        assert_eq!(error["type"], "value_error");
    }
    assert_eq!(me.get("/users/me").await.json()["settings"], settings);
}

#[tokio::test]
async fn the_application_sets_json_and_cannot_search_by_it() {
    let (_app, _token, users, _database) = start().await;
    let user = users.find(&1).await.expect("an answer").expect("the user");
    let settings = Settings {
        theme: "dark".to_owned(),
        windows: Vec::new(),
    };
    let set = users.set(&user, User::SETTINGS, settings.clone()).await;
    assert_eq!(set.expect("the user").settings, settings);
    let limits = BTreeMap::from([("a".to_owned(), 1)]);
    for limits in [Some(limits), None] {
        let set = users.set(&user, User::LIMITS, limits.clone()).await;
        assert_eq!(set.expect("the user").limits, limits);
    }
    let search = UserSearch::new().field(User::SETTINGS, settings.into());
    let error = users.search(&search).await.expect_err("JSON").to_string();
    assert_eq!(error, "the store failed");
}

#[tokio::test]
async fn json_and_computed_fields_are_documented() {
    let (_app, _token, users, _database) = start().await;
    let document = serde_json::to_value(users.openapi()).expect("a document");
    let schema = |name: &str| document["components"]["schemas"][name].clone();
    let window = json!({
        "type": "object", "required": ["width"],
        "properties": {
            "width": { "type": "integer", "format": "int32", "minimum": 0 },
            "password": { "type": ["string", "null"] },
        },
    });
    for name in ["UserRead", "UserCreate", "UserUpdate"] {
        let settings = &schema(name)["properties"]["settings"];
        assert_eq!(settings["type"], "object", "{settings}");
        assert_eq!(
            settings["properties"]["windows"]["items"], window,
            "{settings}"
        );
        let limits = schema(name)["properties"]["limits"].to_string();
        assert!(
            limits.contains("additionalProperties") && limits.contains("null"),
            "{limits}"
        );
    }
    let read = schema("UserRead");
    assert_eq!(read["properties"]["fullName"], json!({ "type": "string" }));
    assert!(read["properties"]["badges"].is_object(), "{read}");
    let required = read["required"].as_array().expect("a list");
    assert!(required.contains(&json!("fullName")), "{read}");
    for sent in ["UserCreate", "UserUpdate"] {
        for name in ["fullName", "badges", "changedAt"] {
            assert_eq!(
                schema(sent)["properties"][name],
                Value::Null,
                "{name} in {sent}"
            );
        }
    }
}

#[tokio::test]
async fn every_change_of_a_user_sets_the_instant() {
    let start = DateTime::from_timestamp(4_000_000_000, 0).expect("an instant");
    let clock = TestClock::at(start);
    let (app, token, users, _database) = start_at(clock.clone()).await;
    let me = app.bearer(&token);
    let instants = async || {
        let user = users.find(&1).await.expect("an answer").expect("the user");
        (user.changed_at, user.first_changed_at)
    };
    let (registered_at, never) = instants().await;
    assert!(registered_at < start, "{registered_at}");
    assert_eq!(never, None);
    // Nothing is changed by nothing.
    assert_eq!(me.json("PATCH", "/users/me", &json!({})).await.status, 200);
    assert_eq!(instants().await, (registered_at, None));

    let answer = me
        .json("PATCH", "/users/me", &json!({ "firstName": "Jo" }))
        .await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json()["changedAt"], json!(start));
    assert_eq!(instants().await, (start, Some(start)));

    let later = start + TimeDelta::hours(1);
    clock.forward(Duration::from_hours(1));
    let update = UserUpdate {
        password: users_runtime::value::Presence::Present(Some("another good password".into())),
        ..UserUpdate::default()
    };
    let user = users.find(&1).await.expect("an answer").expect("the user");
    users
        .update(&user, update, None, None)
        .await
        .expect("a new password");
    assert_eq!(instants().await, (later, Some(later)));
    // A client's is unknown.
    let answer = me
        .json("PATCH", "/users/1", &json!({ "changedAt": start }))
        .await;
    assert!(matches!(answer.status, 401 | 422), "{answer:?}");
}

#[tokio::test]
async fn the_application_validates_addresses() {
    let (app, token, _users, _database) = start().await;
    let error = json!([{
        "type": "value_error", "loc": ["body", "email"], "msg": "Value error, use your address at example.com",
        "input": "jo@example.org", "ctx": { "error": {} },
    }]);
    let sent = registration("jo@example.org", json!({}));
    let answer = app.post("/auth/register", &sent).await;
    assert_eq!((answer.status, &answer.json()["detail"]), (422, &error));
    let me = app.bearer(&token);
    let sent = json!({ "email": "jo@example.org" });
    let answer = me.json("PATCH", "/users/me", &sent).await;
    assert_eq!((answer.status, &answer.json()["detail"]), (422, &error));
    // As it is normalised.
    let sent = json!({ "email": "jo@EXAMPLE.com" });
    let answer = me.json("PATCH", "/users/me", &sent).await;
    assert_eq!(
        (answer.status, &answer.json()["email"]),
        (200, &json!("jo@example.com"))
    );
}
