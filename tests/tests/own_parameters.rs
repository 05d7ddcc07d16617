//! `UserPath`, `UserQuery` and `UserJson` in routes of an application: what they read, and FastAPI's 422 for what they do not.

use axum::{
    Router,
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};
use users_runtime::{
    Compat, PasswordHash, SqliteStore, UserModel, Users,
    web::{UserJson, UserPath, UserQuery},
};
use users_tests::{Client, Database, SECRET, serve};
use uuid::Uuid;

#[derive(Clone, Debug, UserModel)]
#[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
struct User {
    id: i64,
    email: String,
    hashed_password: PasswordHash,
    is_active: bool,
    is_superuser: bool,
    is_verified: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Order {
    Up,
    Down,
}

#[derive(Debug, Deserialize)]
struct Paging {
    limit: u8,
    #[serde(default)]
    offset: i64,
    order: Option<Order>,
    #[serde(default)]
    tags: Vec<String>,
    is_new: Option<bool>,
    token: Option<i32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Note {
    text: String,
    stars: Option<u8>,
    #[serde(default)]
    parts: Vec<Part>,
}

#[derive(Debug, Deserialize)]
struct Part {
    size: f64,
}

#[derive(Debug, Deserialize)]
struct Place {
    shelf: i32,
    book: Uuid,
}

async fn shelf(shelf: UserPath<User, i32>) -> String {
    format!("{:?}", shelf.value)
}

async fn book(place: UserPath<User, Place>) -> String {
    let Place { shelf, book } = place.value;
    format!("{shelf} {book}")
}

async fn pair(place: UserPath<User, (i32, Uuid)>) -> String {
    format!("{:?}", place.value.0)
}

async fn page(paging: UserQuery<User, Paging>) -> String {
    let Paging {
        limit,
        offset,
        order,
        tags,
        is_new,
        token,
    } = paging.value;
    format!("{limit} {offset} {order:?} {tags:?} {is_new:?} {token:?}")
}

async fn write(note: UserJson<User, Note>) -> String {
    let Note { text, stars, parts } = note.value;
    let sizes: Vec<_> = parts.iter().map(|part| part.size).collect();
    format!("{text} {stars:?} {sizes:?}")
}

async fn client(compat: Compat) -> (Client, Database) {
    let database = Database::new();
    let store = SqliteStore::<User>::connect(&database.url()).await;
    let store = store.expect("a database");
    store.migrate().await.expect("tables");
    let users = Users::<User>::builder(store, SECRET).compat(compat).build();
    let router: Router = Router::new()
        .route("/shelves/{shelf}", get(shelf))
        .route("/shelves/{shelf}/{book}", get(book))
        .route("/pairs/{shelf}/{book}", get(pair))
        .route("/books", get(page))
        .route("/notes", post(write))
        .with_state(users.expect("a sound configuration"));
    let url = serve(|listener| axum::serve(listener, router)).await;
    (Client::new(&url), database)
}

fn refused(kind: &str, loc: &Value, msg: &str) -> Value {
    json!({ "type": kind, "loc": loc, "msg": msg })
}

/// The first error, without what it repeats.
async fn error(client: &Client, path: &str) -> Value {
    without_input(client.get(path).await.json())
}

fn without_input(mut answer: Value) -> Value {
    let mut error = answer["detail"][0].take();
    let entry = error.as_object_mut().expect("an error");
    entry.remove("input");
    entry.remove("ctx");
    error
}

const INT: &str = "Input should be a valid integer, unable to parse string as an integer";

#[tokio::test]
async fn parameters_are_read_and_refused_as_fastapi_does() {
    let (client, _database) = client(Compat::Off).await;
    let id = "11111111-2222-3333-4444-555555555555";
    for (path, text) in [
        ("/shelves/7".to_owned(), "7".to_owned()),
        (format!("/shelves/7/{id}"), format!("7 {id}")),
        (format!("/pairs/-7/{id}"), "-7".to_owned()),
        (
            "/books?limit=5".to_owned(),
            "5 0 None [] None None".to_owned(),
        ),
        (
            "/books?limit=1&limit=9&order=down&tags=a&tags=b%20c&is_new=yes&other=1".to_owned(),
            r#"9 0 Some(Down) ["a", "b c"] Some(true) None"#.to_owned(),
        ),
        (
            "/books?limit=1&tags=a&offset=-3".to_owned(),
            r#"1 -3 None ["a"] None None"#.to_owned(),
        ),
    ] {
        let answer = client.get(&path).await;
        assert_eq!((answer.status, &answer.text), (200, &text), "{path}");
    }
    for (path, expected) in [
        (
            "/shelves/x".to_owned(),
            refused("int_parsing", &json!(["path", "shelf"]), INT),
        ),
        (
            format!("/shelves/x/{id}"),
            refused("int_parsing", &json!(["path", "shelf"]), INT),
        ),
        (
            format!("/pairs/x/{id}"),
            refused("int_parsing", &json!(["path", "shelf"]), INT),
        ),
        (
            "/books".to_owned(),
            refused("missing", &json!(["query", "limit"]), "Field required"),
        ),
        (
            "/books?limit=".to_owned(),
            refused("int_parsing", &json!(["query", "limit"]), INT),
        ),
        (
            "/books?limit=256".to_owned(),
            refused(
                "less_than_equal",
                &json!(["query", "limit"]),
                "Input should be less than or equal to 255",
            ),
        ),
        (
            "/books?limit=1&order=left".to_owned(),
            refused(
                "enum",
                &json!(["query", "order"]),
                "Input should be 'up' or 'down'",
            ),
        ),
        (
            "/books?limit=1&is_new=perhaps".to_owned(),
            refused(
                "bool_parsing",
                &json!(["query", "is_new"]),
                "Input should be a valid boolean, unable to interpret input",
            ),
        ),
    ] {
        assert_eq!(error(&client, &path).await, expected, "{path}");
    }
    let uuid = error(&client, "/shelves/1/x").await;
    assert_eq!(
        (&uuid["type"], &uuid["loc"]),
        (&json!("uuid_parsing"), &json!(["path", "book"]))
    );
}

#[tokio::test]
async fn a_body_of_any_type_is_read_and_refused_as_fastapi_does() {
    let (client, _database) = client(Compat::Off).await;
    let note = json!({ "text": "milk", "stars": "3", "parts": [{ "size": 1 }] });
    let written = client.post("/notes", &note).await;
    assert_eq!(
        (written.status, written.text.as_str()),
        (200, "milk Some(3) [1.0]")
    );
    for (body, expected) in [
        (
            json!({}),
            refused("missing", &json!(["body", "text"]), "Field required"),
        ),
        (
            json!([]),
            refused(
                "model_attributes_type",
                &json!(["body"]),
                "Input should be a valid dictionary or object to extract fields from",
            ),
        ),
        (
            json!({ "text": 7 }),
            refused(
                "string_type",
                &json!(["body", "text"]),
                "Input should be a valid string",
            ),
        ),
        (
            json!({ "text": "", "parts": [{ "size": 1 }, { "size": [] }] }),
            refused(
                "float_type",
                &json!(["body", "parts", 1, "size"]),
                "Input should be a valid number",
            ),
        ),
        (
            json!({ "text": "", "parts": [{}] }),
            refused(
                "missing",
                &json!(["body", "parts", 0, "size"]),
                "Field required",
            ),
        ),
        (
            json!({ "text": "", "other": 1 }),
            refused(
                "extra_forbidden",
                &json!(["body", "other"]),
                "Extra inputs are not permitted",
            ),
        ),
    ] {
        let answer = client.post("/notes", &body).await;
        assert_eq!(answer.status, 422, "{body}");
        assert_eq!(without_input(answer.json()), expected, "{body}");
    }
    let unreadable = client.raw("POST", "/notes", "application/json", "{").await;
    assert_eq!(unreadable.json()["detail"][0]["type"], "json_invalid");
}

#[tokio::test]
async fn what_may_be_a_secret_is_not_repeated() {
    for compat in [Compat::Off, Compat::FastApiUsers15] {
        let (client, _database) = client(compat).await;
        let input = async |path: &str| {
            client.get(path).await.json()["detail"][0]
                .get("input")
                .cloned()
        };
        assert_eq!(input("/books?limit=x").await, Some(json!("x")));
        assert_eq!(input("/books").await, Some(Value::Null));
        assert_eq!(input("/books?limit=1&token=hunter2").await, None);
    }
}

#[tokio::test]
async fn every_error_is_told_at_once_in_the_order_of_the_fields() {
    let (client, _database) = client(Compat::Off).await;
    let told = |answer: users_tests::Answer| -> Vec<(Value, Value)> {
        assert_eq!(answer.status, 422, "{answer:?}");
        let errors = answer.json()["detail"].as_array().expect("a list").clone();
        let told = |error: &Value| (error["type"].clone(), error["loc"].clone());
        errors.iter().map(told).collect()
    };
    let errors = |errors: &[(&str, Value)]| -> Vec<(Value, Value)> {
        let errors = errors.iter();
        errors
            .map(|(kind, loc)| (json!(kind), loc.clone()))
            .collect()
    };
    let sent = json!({ "other": 1, "parts": [{ "size": "x" }, {}], "stars": 1000 });
    assert_eq!(
        told(client.post("/notes", &sent).await),
        errors(&[
            ("missing", json!(["body", "text"])),
            ("less_than_equal", json!(["body", "stars"])),
            ("float_parsing", json!(["body", "parts", 0, "size"])),
            ("missing", json!(["body", "parts", 1, "size"])),
            ("extra_forbidden", json!(["body", "other"])),
        ])
    );
    let path = "/books?offset=x&is_new=2&order=sideways";
    assert_eq!(
        told(client.get(path).await),
        errors(&[
            ("missing", json!(["query", "limit"])),
            ("int_parsing", json!(["query", "offset"])),
            ("enum", json!(["query", "order"])),
            ("bool_parsing", json!(["query", "is_new"])),
        ])
    );
    for path in ["/shelves/x/y", "/pairs/x/y"] {
        assert_eq!(
            told(client.get(path).await),
            errors(&[
                ("int_parsing", json!(["path", "shelf"])),
                ("uuid_parsing", json!(["path", "book"])),
            ]),
            "{path}"
        );
    }
}
