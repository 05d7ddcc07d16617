//! Computed fields that ask the store: relations of a user in every answer that shows one, with one statement for a list.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use axum::{Json, Router, extract::State, response::ErrorResponse, routing::get};
use serde::Serialize;
use serde_json::{Value, json};
use sqlx::{QueryBuilder, Row as _, SqlitePool, sqlite::Sqlite};
use users_runtime::{
    HookError, Hooks, PasswordHash, RequestParts, SqliteStore, UserModel, Users, async_trait, cli,
    errors::BuildError,
    openapi::utoipa::{self, ToSchema},
    store::UserSearch,
    value::Viewer,
};
use users_tests::{Client, Database, PASSWORD, SECRET, Witness, serve};

#[derive(Clone, Debug, UserModel)]
#[fastapi_users(
    rename_all = "camelCase",
    computed(
        full_name: String = Member::full_name,
        /// What the member owns.
        items: Vec<ItemRead> = async items,
        organisation: Option<OrganisationRead> = async Application::organisations,
        has_superuser: bool = async |users: &Users<Member>, of: &[Member]| {
            let found = users.search(&UserSearch::new().is_superuser(true)).await?;
            Ok::<_, users_runtime::Error>(vec![!found.is_empty(); of.len()])
        },
    ),
    backend(name = "jwt", transport = bearer, strategy = jwt)
)]
struct Member {
    id: i64,
    email: String,
    hashed_password: PasswordHash,
    is_active: bool,
    is_superuser: bool,
    is_verified: bool,
    name: Option<String>,
    #[fastapi_users(access = read_only)]
    organisation_id: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
struct ItemRead {
    id: i64,
    title: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
struct OrganisationRead {
    name: String,
    seats: u32,
}

/// What the functions of computed fields get.
#[derive(Clone)]
struct Application {
    pool: SqlitePool,
    /// How often items were loaded, and for how many members at the last time.
    asked: Arc<AtomicUsize>,
    last: Arc<AtomicUsize>,
    /// Returns a value less than there are members.
    is_short: Arc<AtomicBool>,
}

impl Member {
    fn full_name(&self) -> String {
        self.name.clone().unwrap_or_default()
    }
}

const TABLES: &str = "
    CREATE TABLE item (id INTEGER PRIMARY KEY, owner INTEGER NOT NULL, title TEXT NOT NULL);
    CREATE TABLE organisation (id INTEGER PRIMARY KEY, name TEXT NOT NULL, seats INTEGER NOT NULL);
    INSERT INTO organisation VALUES (1, 'ACME', 5);
";

/// One statement for all members.
async fn items(
    application: &Application,
    members: &[Member],
) -> Result<Vec<Vec<ItemRead>>, sqlx::Error> {
    application.asked.fetch_add(1, Ordering::Relaxed);
    application.last.store(members.len(), Ordering::Relaxed);
    let mut query =
        QueryBuilder::<Sqlite>::new("SELECT id, owner, title FROM item WHERE owner IN (");
    let mut ids = query.separated(", ");
    for member in members {
        ids.push_bind(member.id);
    }
    query.push(") ORDER BY id");
    let mut found = HashMap::<i64, Vec<ItemRead>>::new();
    for row in query.build().fetch_all(&application.pool).await? {
        let item = ItemRead {
            id: row.get("id"),
            title: row.get("title"),
        };
        found.entry(row.get("owner")).or_default().push(item);
    }
    let is_short = application.is_short.load(Ordering::Relaxed);
    let members = &members[usize::from(is_short)..];
    let of = |member: &Member| found.remove(&member.id).unwrap_or_default();
    Ok(members.iter().map(of).collect())
}

impl Application {
    async fn organisations(
        &self,
        members: &[Member],
    ) -> Result<Vec<Option<OrganisationRead>>, sqlx::Error> {
        let found = sqlx::query("SELECT id, name, seats FROM organisation");
        let found = found.fetch_all(&self.pool).await?;
        let of = |member: &Member| {
            let wanted = member.organisation_id?;
            let row = found.iter().find(|row| row.get::<i64, _>("id") == wanted)?;
            Some(OrganisationRead {
                name: row.get("name"),
                seats: row.get("seats"),
            })
        };
        Ok(members.iter().map(of).collect())
    }
}

/// Keeps the token of the last letter.
#[derive(Clone, Default)]
struct Letters(Arc<Mutex<String>>);

#[async_trait]
impl Hooks<Member> for Letters {
    async fn on_after_request_verify(
        &self,
        _: &Member,
        token: &str,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        token.clone_into(&mut self.0.lock().expect("the letter"));
        Ok(())
    }
}

async fn list(State(users): State<Users<Member>>) -> Result<Json<Vec<MemberRead>>, ErrorResponse> {
    let found = users.search(&UserSearch::new()).await?;
    Ok(Json(users.show_all(&found, Viewer::Owner).await?))
}

struct App {
    users: Users<Member>,
    application: Application,
    letters: Letters,
    client: Client,
    _database: Database,
}

impl App {
    async fn start() -> Self {
        let database = Database::new();
        let store = database.store::<Member>().await;
        let pool = store.pool().clone();
        sqlx::raw_sql(TABLES)
            .execute(&pool)
            .await
            .expect("the tables");
        let application = Application {
            pool,
            asked: Arc::default(),
            last: Arc::default(),
            is_short: Arc::default(),
        };
        let letters = Letters::default();
        let users = Users::<Member>::builder(store, SECRET)
            .hooks(letters.clone())
            .state(application.clone())
            .limits_off()
            .build()
            .expect("a sound configuration");
        let router = Router::new()
            .route("/members", get(list))
            .merge(users.router())
            .with_state(users.clone());
        let url = serve(|listener| axum::serve(listener, router)).await;
        Self {
            users,
            application,
            letters,
            client: Client::new(&url),
            _database: database,
        }
    }

    /// A superuser of the organisation who owns two items, and a client of theirs.
    async fn ada(&self) -> (Member, Client) {
        let create = MemberCreate {
            email: "ada@example.com".to_owned(),
            password: PASSWORD.into(),
            is_active: true,
            is_superuser: true,
            is_verified: false,
            name: None,
        };
        let ada = self.users.create(create, None).await.expect("a new user");
        let organisation = self.users.set(&ada, Member::ORGANISATION_ID, 1).await;
        let ada = organisation.expect("the user");
        for (owner, title) in [(ada.id, "pen"), (ada.id + 1, "cup"), (ada.id, "ink")] {
            sqlx::query("INSERT INTO item (owner, title) VALUES (?, ?)")
                .bind(owner)
                .bind(title)
                .execute(&self.application.pool)
                .await
                .expect("an item");
        }
        let backend = self.users.backend("jwt").expect("a backend");
        let token = backend.strategy().write(&ada).await.expect("a token");
        (ada, self.client.bearer(&token))
    }

    /// How often items were asked for since the last time.
    fn asked(&self) -> usize {
        self.application.asked.swap(0, Ordering::Relaxed)
    }
}

/// The computed fields of a user in an answer.
fn computed(user: &Value) -> Value {
    let names = ["fullName", "items", "organisation", "hasSuperuser"];
    names.iter().map(|name| user[name].clone()).collect()
}

#[tokio::test]
async fn every_answer_that_shows_a_user_has_what_the_functions_loaded() {
    let app = App::start().await;
    let sent = json!({ "email": "jo@example.com", "password": PASSWORD, "name": "Jo" });
    let registered = app.client.post("/auth/register", &sent).await;
    assert_eq!(registered.status, 201, "{registered:?}");
    assert_eq!(computed(&registered.json()), json!(["Jo", [], null, false]));
    assert_eq!(app.asked(), 1);

    let (Member { id, .. }, ada) = app.ada().await;
    let by_id = &*format!("/users/{id}");
    let items = json!([{ "id": 1, "title": "pen" }, { "id": 3, "title": "ink" }]);
    let organisation = json!({ "name": "ACME", "seats": 5 });
    let shown = json!(["", items, organisation, true]);
    let email = json!({ "email": "ada@example.com" });
    app.client.post("/auth/request-verify-token", &email).await;
    app.users.drain().await;
    let token = app.letters.0.lock().expect("the letter").clone();
    let token = json!({ "token": token });
    let verified = app.client.post("/auth/verify", &token).await;
    let named = json!({ "name": "Ada" });
    let with_name = json!(["Ada", items, organisation, true]);
    let witness = Witness::new(&app.users.openapi());
    for (method, path, answer, expected) in [
        ("POST", "/auth/verify", verified, &shown),
        ("GET", "/users/me", ada.get("/users/me").await, &shown),
        ("GET", by_id, ada.get(by_id).await, &shown),
        (
            "PATCH",
            "/users/me",
            ada.json("PATCH", "/users/me", &named).await,
            &with_name,
        ),
        (
            "PATCH",
            by_id,
            ada.json("PATCH", by_id, &named).await,
            &with_name,
        ),
    ] {
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        assert_eq!(computed(&answer.json()), *expected, "{method} {path}");
        witness.saw(method, path, &answer, "");
    }
    assert_eq!(app.asked(), 5, "once for each answer");
}

#[tokio::test]
async fn the_functions_are_called_once_for_a_list_and_not_at_all_for_an_empty_one() {
    let app = App::start().await;
    let empty = app.client.get("/members").await;
    assert_eq!((empty.json(), app.asked()), (json!([]), 0));
    app.ada().await;
    for name in ["bo", "cy"] {
        let sent = json!({ "email": format!("{name}@example.com"), "password": PASSWORD });
        app.client.post("/auth/register", &sent).await;
    }
    app.asked();
    let listed = app.client.get("/members").await.json();
    let listed: Vec<_> = listed.as_array().expect("a list").iter().collect();
    let titles = |user: &Value| -> Vec<Value> {
        let items = user["items"].as_array().expect("items").iter();
        items.map(|item| item["title"].clone()).collect()
    };
    let seen: Vec<_> = listed
        .iter()
        .map(|user| (user["id"].clone(), titles(user)))
        .collect();
    let expected = [
        (json!(1), vec![json!("pen"), json!("ink")]),
        (json!(2), vec![json!("cup")]),
        (json!(3), vec![]),
    ];
    assert_eq!(seen, expected);
    assert_eq!(
        (app.asked(), app.application.last.load(Ordering::Relaxed)),
        (1, 3)
    );
}

/// The commands in a parser, as an application has them.
#[derive(clap::Parser)]
struct Arguments {
    #[command(subcommand)]
    command: cli::Command,
}

#[tokio::test]
async fn the_command_line_shows_them_with_one_call_for_a_list() {
    let app = App::start().await;
    let (Member { id, .. }, _) = app.ada().await;
    let sent = json!({ "email": "bo@example.com", "password": PASSWORD });
    app.client.post("/auth/register", &sent).await;
    app.asked();
    let id = id.to_string();
    let said = async |words: &[&str]| {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let command = <Arguments as clap::Parser>::try_parse_from([&["test"], words].concat());
        let command = command.expect("a command").command;
        command
            .run(&app.users, &mut cli::Io::new(&b""[..], &mut out, &mut err))
            .await;
        String::from_utf8(out).expect("text")
    };
    let listed = said(&["search", "--json"]).await;
    let items: Vec<_> = listed
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON")["items"].clone())
        .collect();
    let first = json!([{ "id": 1, "title": "pen" }, { "id": 3, "title": "ink" }]);
    let second = json!([{ "id": 2, "title": "cup" }]);
    assert_eq!(items, [first, second]);
    assert_eq!(app.asked(), 1);
    let shown = said(&["show", &id]).await;
    assert!(
        shown.contains("items: [") && shown.contains("ink"),
        "{shown}"
    );
    assert_eq!(app.asked(), 1);
}

#[tokio::test]
async fn a_function_that_fails_is_a_500_and_the_user_is_stored() {
    let app = App::start().await;
    let (ada, client) = app.ada().await;
    let failed = "Internal Server Error";
    app.application.is_short.store(true, Ordering::Relaxed);
    let answer = client.get("/users/me").await;
    assert_eq!(
        (answer.status, &*answer.text),
        (500, failed),
        "too few values"
    );
    let error = app
        .users
        .show(&ada, Viewer::Owner)
        .await
        .expect_err("too few");
    let cause = std::error::Error::source(&error)
        .expect("a cause")
        .to_string();
    assert!(
        cause.contains("`items` returned 0 values for 1 users"),
        "{cause}"
    );
    app.application.is_short.store(false, Ordering::Relaxed);

    let dropped = sqlx::raw_sql("DROP TABLE item").execute(&app.application.pool);
    dropped.await.expect("no table");
    let sent = json!({ "email": "jo@example.com", "password": PASSWORD });
    let new_name = json!({ "name": "Ada" });
    for answer in [
        client.get("/users/me").await,
        client.json("PATCH", "/users/me", &new_name).await,
        app.client.get("/members").await,
        app.client.post("/auth/register", &sent).await,
    ] {
        assert_eq!((answer.status, &*answer.text), (500, failed), "{answer:?}");
    }
    let ada = app
        .users
        .find(&ada.id)
        .await
        .expect("an answer")
        .expect("ada");
    assert_eq!(ada.name.as_deref(), Some("Ada"));
    let jo = app.users.find_by_email("jo@example.com").await;
    assert!(jo.expect("an answer").is_some());
}

#[tokio::test]
async fn the_document_has_the_types_and_requires_the_fields() {
    let app = App::start().await;
    let document = serde_json::to_value(app.users.openapi()).expect("a document");
    let read = &document["components"]["schemas"]["MemberRead"];
    let items = &read["properties"]["items"];
    assert_eq!(items["type"], "array", "{items}");
    assert_eq!(
        items["items"]["properties"]["title"]["type"], "string",
        "{items}"
    );
    let flag = &read["properties"]["hasSuperuser"];
    assert_eq!(flag["type"], "boolean", "{flag}");
    let required = read["required"].as_array().expect("a list");
    for name in ["items", "organisation", "hasSuperuser"] {
        assert!(required.contains(&json!(name)), "{name}: {required:?}");
    }
}

#[tokio::test]
async fn a_state_that_is_missing_is_an_error_of_the_configuration() {
    let store = SqliteStore::<Member>::connect("sqlite::memory:").await;
    let built = Users::<Member>::builder(store.expect("a database"), SECRET).build();
    let error = built.expect_err("no state");
    assert!(
        matches!(&error, BuildError::MissingState { field: "items", .. }),
        "{error:?}"
    );
    let text = error.to_string();
    assert!(
        text.contains("Application") && text.contains(".state("),
        "{text}"
    );
}
