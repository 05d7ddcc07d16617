//! What a request costs: the SQL statements that reach the database, and the passwords that are hashed.
//!
//! The statements are those that sqlx reports when it has run them, so nothing that goes past the store is missed. They are
//! reported for the whole process: the tests of this file take turns.

use std::{
    fmt,
    sync::{Arc, LazyLock, Mutex},
};

use serde_json::json;
use sqlx::{SqlitePool, sqlite::SqlitePoolOptions};
use tokio::sync::MutexGuard;
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{Layer, Registry, layer::Context, layer::SubscriberExt as _};
use users_runtime::{PasswordHash, SqliteStore, UserModel, Users, value::Value};
use users_tests::{
    Answer, App, Call, Client, Database, PASSWORD, SECRET, TestHasher, User, serve, until,
};

/// Keeps the statements that sqlx reports.
#[derive(Clone, Default)]
struct Statements(Arc<Mutex<Vec<String>>>);

/// A statement that no part of the user system runs.
const SENTINEL: &str = "SELECT 'that is all'";

impl Statements {
    /// The statements since the last time. sqlx may report one when its result is there already, so this runs one more on the
    /// only connection and waits for that one's report.
    async fn settled(&self, pool: &SqlitePool) -> Vec<String> {
        sqlx::query(SENTINEL)
            .execute(pool)
            .await
            .expect("an answer");
        until("sqlx reports the last statement", || self.take_settled()).await
    }

    fn take_settled(&self) -> Option<Vec<String>> {
        let mut statements = self.reported();
        statements.pop_if(|last| last == SENTINEL)?;
        Some(std::mem::take(&mut *statements))
    }

    fn reported(&self) -> std::sync::MutexGuard<'_, Vec<String>> {
        self.0
            .lock()
            .expect("no test panics while it holds the lock")
    }
}

impl<S: Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            let mut summary = Summary::default();
            event.record(&mut summary);
            self.reported().push(summary.0);
        }
    }
}

/// The beginning of a reported statement.
#[derive(Default)]
struct Summary(String);

impl Visit for Summary {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "summary" {
            self.0 = format!("{value:?}");
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "summary" {
            value.clone_into(&mut self.0);
        }
    }
}

static REPORTED: LazyLock<Statements> = LazyLock::new(|| {
    let statements = Statements::default();
    tracing::subscriber::set_global_default(Registry::default().with(statements.clone()))
        .expect("the first subscriber");
    statements
});

/// Whose turn it is.
static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// An application whose work is counted, and a superuser of it.
struct Counted {
    app: App,
    hasher: TestHasher,
    user: User,
    _turn: MutexGuard<'static, ()>,
}

impl Counted {
    async fn start() -> Self {
        let turn = TURN.lock().await;
        let hasher = TestHasher::default();
        let counting = hasher.clone();
        LazyLock::force(&REPORTED);
        let pool = SqlitePoolOptions::new().max_connections(1);
        let app = App::builder()
            .pool(pool)
            .configure(move |builder| builder.password_hasher(counting))
            .start()
            .await;
        let user = app.user("jo@example.com").await;
        let user = app.set(&user, "is_superuser", Value::Bool(true)).await;
        Self {
            app,
            hasher,
            user,
            _turn: turn,
        }
    }

    fn client(&self) -> Client {
        self.app.client()
    }

    /// What a request costs that is answered with this status.
    async fn cost(&self, request: impl Future<Output = Answer>, status: u16) -> Cost {
        let pool = self.app.store.pool();
        REPORTED.settled(pool).await;
        self.hasher.take_calls();
        let answer = request.await;
        assert_eq!(answer.status, status, "{answer:?}");
        let statements = REPORTED.settled(pool).await;
        let verbs = statements.iter().map(|sql| {
            sql.split_whitespace()
                .next()
                .unwrap_or_default()
                .to_uppercase()
        });
        Cost {
            statements: verbs.collect(),
            calls: self.hasher.take_calls(),
        }
    }
}

/// The first words of the statements that a request causes, and the work of the hasher.
struct Cost {
    statements: Vec<String>,
    calls: Vec<Call>,
}

impl Cost {
    #[track_caller]
    fn assert(&self, statements: &[&str], calls: &[Call]) {
        let seen: Vec<_> = self.statements.iter().map(String::as_str).collect();
        assert_eq!(
            (seen.as_slice(), self.calls.as_slice()),
            (statements, calls)
        );
    }
}

#[tokio::test]
async fn the_counter_sees_what_runs() {
    let counted = Counted::start().await;
    let run = async {
        let pool = counted.app.store.pool();
        let _: i64 = sqlx::query_scalar("SELECT count(*) FROM user")
            .fetch_one(pool)
            .await
            .expect("a number");
        sqlx::query("DELETE FROM accesstoken")
            .execute(pool)
            .await
            .expect("a deletion");
        counted.client().get("/nowhere").await
    };
    counted
        .cost(run, 404)
        .await
        .assert(&["SELECT", "DELETE"], &[]);
}

#[tokio::test]
async fn a_request_with_a_json_web_token_costs_one_select() {
    let counted = Counted::start().await;
    let client = counted.app.client_of(&counted.user).await;
    for _ in 0..3 {
        counted
            .cost(client.get("/users/me"), 200)
            .await
            .assert(&["SELECT"], &[]);
    }
    counted
        .cost(client.send("POST", "/auth/jwt/logout"), 204)
        .await
        .assert(&["SELECT"], &[]);
    let path = format!("/users/{}", counted.user.id);
    counted
        .cost(client.get(&path), 200)
        .await
        .assert(&["SELECT", "SELECT"], &[]);
}

#[derive(Clone, Debug, UserModel)]
#[fastapi_users(table = "user", backend(name = "jwt", transport = bearer, strategy = jwt, revocable))]
struct Member {
    id: uuid::Uuid,
    email: String,
    hashed_password: PasswordHash,
    is_active: bool,
    is_superuser: bool,
    is_verified: bool,
}

#[tokio::test]
async fn a_revocable_json_web_token_costs_one_select_as_well() {
    let _turn = TURN.lock().await;
    LazyLock::force(&REPORTED);
    let database = Database::new();
    let pool = SqlitePoolOptions::new().max_connections(1);
    let pool = pool.connect(&database.url()).await.expect("an SQLite file");
    let store = SqliteStore::<Member>::new(pool.clone());
    store.migrate().await.expect("the tables");
    let users = Users::<Member>::builder(store, SECRET)
        .password_hasher(TestHasher::default())
        .limits_off()
        .build()
        .expect("a sound configuration");
    let router = users.router().with_state(users.clone());
    let client = Client::new(&serve(|listener| axum::serve(listener, router)).await);
    let body = json!({ "email": "jo@example.com", "password": PASSWORD });
    let registered = client.post("/auth/register", &body).await;
    assert_eq!(registered.status, 201, "{registered:?}");
    let login = client.login("jwt", "jo@example.com", PASSWORD).await;
    let body = login.json();
    let client = client.bearer(body["access_token"].as_str().expect("a token"));
    REPORTED.settled(&pool).await;
    assert_eq!(client.get("/users/me").await.status, 200);
    let statements = REPORTED.settled(&pool).await;
    assert_eq!(statements.len(), 1, "{statements:?}");
    assert!(statements[0].starts_with("SELECT"), "{statements:?}");
}

#[tokio::test]
async fn a_request_costs_a_select_only_where_its_token_could_be_stored() {
    let counted = Counted::start().await;
    counted
        .cost(counted.client().get("/users/me"), 401)
        .await
        .assert(&[], &[]);
    let cookie = counted.client().cookie("fastapiusersauth=nonsense");
    counted
        .cost(cookie.get("/users/me"), 401)
        .await
        .assert(&[], &[]);
    let forged = counted
        .client()
        .bearer("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.e30.");
    counted
        .cost(forged.get("/users/me"), 401)
        .await
        .assert(&[], &[]);
    let unknown = counted.client().bearer(&users_runtime::token::random());
    counted
        .cost(unknown.get("/users/me"), 401)
        .await
        .assert(&["SELECT"], &[]);
}

#[tokio::test]
async fn a_login_costs_two_look_ups_and_one_hash() {
    // The second one sees what happened while the password was compared.
    let counted = Counted::start().await;
    let client = counted.client();
    for backend in ["jwt", "cookie"] {
        let status = if backend == "jwt" { 200 } else { 204 };
        counted
            .cost(client.login(backend, "jo@example.com", PASSWORD), status)
            .await
            .assert(&["SELECT", "SELECT"], &[Call::Verify]);
    }
    counted
        .cost(client.login("jwt", "jo@example.com", "wrong"), 400)
        .await
        .assert(&["SELECT"], &[Call::Verify]);
    counted
        .cost(client.login("jwt", "no@example.com", "wrong"), 400)
        .await
        .assert(&["SELECT"], &[Call::VerifyNobody]);
    counted
        .cost(client.login("db", "jo@example.com", PASSWORD), 200)
        .await
        .assert(&["SELECT", "INSERT", "SELECT"], &[Call::Verify]);
}

#[tokio::test]
async fn a_database_session_costs_one_select() {
    let counted = Counted::start().await;
    let token = counted
        .client()
        .login("db", "jo@example.com", PASSWORD)
        .await
        .json();
    let client = counted
        .client()
        .bearer(token["access_token"].as_str().expect("a token"));
    counted
        .cost(client.get("/users/me"), 200)
        .await
        .assert(&["SELECT"], &[]);
}

#[tokio::test]
async fn a_registration_costs_one_look_up_one_insert_and_one_hash() {
    let counted = Counted::start().await;
    let client = counted.client();
    let body = json!({ "email": "new@example.com", "password": PASSWORD });
    counted
        .cost(client.post("/auth/register", &body), 201)
        .await
        .assert(&["SELECT", "INSERT"], &[Call::Hash]);
    counted
        .cost(client.post("/auth/register", &body), 400)
        .await
        .assert(&["SELECT"], &[]);
    counted
        .cost(client.post("/auth/register", &json!({})), 422)
        .await
        .assert(&[], &[]);
}

#[tokio::test]
async fn forgotten_and_unverified_addresses_cost_one_look_up() {
    let counted = Counted::start().await;
    for path in ["/auth/forgot-password", "/auth/request-verify-token"] {
        for email in ["jo@example.com", "nobody@example.com"] {
            let client = counted.client();
            let body = json!({ "email": email });
            counted
                .cost(client.post(path, &body), 202)
                .await
                .assert(&["SELECT"], &[]);
        }
    }
}

#[tokio::test]
async fn an_update_costs_one_statement_beside_the_guard() {
    let counted = Counted::start().await;
    let client = counted.app.client_of(&counted.user).await;
    let name = json!({ "first_name": "Jo" });
    counted
        .cost(client.json("PATCH", "/users/me", &name), 200)
        .await
        .assert(&["SELECT", "UPDATE"], &[]);
    // The statement that stores a new address looks for another user who has it.
    let email = json!({ "email": "new@example.com" });
    counted
        .cost(client.json("PATCH", "/users/me", &email), 200)
        .await
        .assert(&["SELECT", "UPDATE"], &[]);
    counted.app.user("al@example.com").await;
    for taken in ["al@example.com", "AL@Example.com"] {
        // Nothing is changed; the look-ups say why.
        let body = json!({ "email": taken });
        counted
            .cost(client.json("PATCH", "/users/me", &body), 400)
            .await
            .assert(&["SELECT", "UPDATE", "SELECT", "SELECT", "SELECT"], &[]);
    }
    // A token that a logout can end is presented once more.
    let client = counted.client();
    let token = client.login("db", "new@example.com", PASSWORD).await.json();
    let token = token["access_token"].as_str().expect("a token");
    let client = counted.client().bearer(token);
    let email = json!({ "email": "newer@example.com" });
    counted
        .cost(client.json("PATCH", "/users/me", &email), 200)
        .await
        .assert(&["SELECT", "SELECT", "SELECT", "UPDATE"], &[]);
}
