//! An application with login routes of its own beside the built-in ones, behind a proxy at loopback that names its clients' addresses.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::{
    Json, Router,
    extract::{Path, State},
    response::{IntoResponse as _, Redirect, Response},
    routing::post,
};
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use users_runtime::{
    Error, HookError, Hooks, PasswordHash, RequestParts, SqliteStore, UserModel, Users,
    async_trait,
    errors::LoginError,
    events::{Event, EventKind},
    hooks::{HookRefusal, LoginContext},
    login::{LoggedIn, LoginAttempt},
    password::PasswordsConfig,
    store::{ColumnValue, UserStore as _},
    value::Value,
    web::ClientAddresses,
};
use users_tests::{Answer, Client, Database, PASSWORD, SECRET, TestHasher, serve};

#[derive(Clone, Debug, UserModel)]
#[fastapi_users(
    table = "user",
    backend(name = "web", transport = cookie, strategy = session, refresh),
    backend(name = "api", transport = bearer, strategy = session, refresh),
    backend(name = "jwt", transport = bearer, strategy = jwt),
    routes(requires_verification),
    limits(login = "100/m/ip, 5/m/account+ip")
)]
pub(crate) struct User {
    pub(crate) id: i64,
    pub(crate) email: String,
    pub(crate) hashed_password: PasswordHash,
    pub(crate) is_active: bool,
    pub(crate) is_superuser: bool,
    pub(crate) is_verified: bool,
    pub(crate) name: String,
}

/// Hooks that write down logins, and refuse users by their name.
#[derive(Clone, Default)]
pub(crate) struct Observer(Arc<Mutex<Vec<String>>>);

impl Observer {
    /// The events about logins since the last time.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut *locked(&self.0))
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[async_trait]
impl Hooks<User> for Observer {
    async fn before_login(&self, user: &User, context: &LoginContext<'_>) -> Result<(), HookError> {
        match &*user.name {
            "banned" => Err(HookRefusal::new(StatusCode::FORBIDDEN, "BANNED")
                .because(format!("not by {}", context.backend))
                .into()),
            "broken" => Err("hunter2".into()),
            _ => Ok(()),
        }
    }

    async fn on_after_login(
        &self,
        user: &User,
        _: Option<&RequestParts>,
        answer: &mut Response,
    ) -> Result<(), HookError> {
        answer.headers_mut().insert("x-from-hook", user.id.into());
        Ok(())
    }

    async fn on_event(&self, event: &Event<'_, User>) -> Result<(), HookError> {
        let user = event.user.map_or("-", |user| &user.name);
        let line = match &event.kind {
            EventKind::LoggedIn { backend, methods } => {
                format!("{user} by {} at {backend}", methods.join("+"))
            }
            EventKind::LoginFailed { backend, reason } => {
                format!("{user} {} at {}", reason.name(), backend.unwrap_or("-"))
            }
            _ => return Ok(()),
        };
        locked(&self.0).push(line);
        Ok(())
    }
}

/// The state of the routes.
#[derive(Clone)]
pub(crate) struct Site {
    users: Users<User>,
    store: SqliteStore<User>,
    /// Whom the tokens of links belong to, as read when they were sent.
    links: Arc<Mutex<Vec<User>>>,
    /// How often the directory was asked.
    asked: Arc<Mutex<usize>>,
}

impl Site {
    async fn named(&self, name: &str) -> Result<Option<User>, Error> {
        let id: Option<i64> = sqlx::query_scalar(r#"SELECT id FROM "user" WHERE name = ?"#)
            .bind(name)
            .fetch_optional(self.store.pool())
            .await
            .expect("the table");
        match id {
            Some(id) => self.users.find(&id).await,
            None => Ok(None),
        }
    }
}

#[derive(Deserialize)]
struct Sent {
    name: String,
    password: String,
    remember_me: Option<bool>,
    requires_verification: Option<bool>,
}

/// `POST /own/{backend}`: a login by name.
async fn by_name(
    State(site): State<Site>,
    Path(backend): Path<String>,
    request: RequestParts,
    Json(sent): Json<Sent>,
) -> Result<LoggedIn<User>, LoginError> {
    let found = site.named(&sent.name).await?;
    let mut attempt = LoginAttempt::password(sent.name, found, sent.password);
    if let Some(remember) = sent.remember_me {
        attempt = attempt.remember_me(remember);
    }
    if let Some(required) = sent.requires_verification {
        attempt = attempt.requires_verification(required);
    }
    site.users.log_in(&backend, attempt, &request).await
}

/// `POST /page/{backend}`: a login by name, whose answer is a redirect.
async fn page(
    site: State<Site>,
    backend: Path<String>,
    request: RequestParts,
    sent: Json<Sent>,
) -> Response {
    match by_name(site, backend, request, sent).await {
        Ok(logged_in) => {
            let to = format!("/{}", logged_in.user().name);
            logged_in.with_response(Redirect::to(&to))
        }
        Err(error) => {
            let page = format!("<p>{}</p>", error.code());
            let status = error.into_response().status();
            (status, page).into_response()
        }
    }
}

/// `POST /link/{backend}`: a login by the last link that was sent.
async fn link(
    State(site): State<Site>,
    Path(backend): Path<String>,
    request: RequestParts,
) -> Result<LoggedIn<User>, LoginError> {
    let user = locked(&site.links).pop().expect("a link");
    let attempt = LoginAttempt::proven(user, "magic_link");
    site.users.log_in(&backend, attempt, &request).await
}

/// `POST /directory/{backend}`: a login whose password another system compares.
async fn directory(
    State(site): State<Site>,
    Path(backend): Path<String>,
    request: RequestParts,
    Json(sent): Json<Sent>,
) -> Result<LoggedIn<User>, LoginError> {
    let found = site.named(&sent.name).await?;
    let (asked, user, password) = (Arc::clone(&site.asked), found.clone(), sent.password);
    let check = async move {
        *locked(&asked) += 1;
        match &*password {
            "in the directory" => Ok(user),
            "away" => {
                Err(HookRefusal::new(StatusCode::BAD_GATEWAY, "DIRECTORY_UNREACHABLE").into())
            }
            _ => Ok(None),
        }
    };
    let attempt = LoginAttempt::checked(sent.name, found, "ldap", check);
    site.users.log_in(&backend, attempt, &request).await
}

/// A running application.
pub(crate) struct App {
    pub(crate) users: Users<User>,
    pub(crate) hasher: TestHasher,
    pub(crate) hooks: Observer,
    pub(crate) site: Site,
    url: String,
    _database: Database,
}

impl App {
    /// An application under `/api`, with the user `jo`.
    pub(crate) async fn start() -> Self {
        let database = Database::new();
        let store = database.store::<User>().await;
        let (hasher, hooks) = (TestHasher::default(), Observer::default());
        let users = Users::<User>::builder(store.clone(), SECRET)
            .password_hasher(hasher.clone())
            .hashing(PasswordsConfig::new().max_parallel(1).max_queued(2))
            .hooks(hooks.clone())
            .client_addresses(ClientAddresses::x_forwarded_for(["127.0.0.1"]))
            .build()
            .expect("a sound configuration");
        let site = Site {
            users: users.clone(),
            store,
            links: Arc::default(),
            asked: Arc::default(),
        };
        let own = Router::new()
            .route("/own/{backend}", post(by_name))
            .route("/page/{backend}", post(page))
            .route("/link/{backend}", post(link))
            .route("/directory/{backend}", post(directory))
            .merge(users.router());
        let router = Router::new().nest("/api", own).with_state(site.clone());
        let url = serve(|listener| users_runtime::serve(listener, router)).await;
        let app = Self {
            users,
            hasher,
            hooks,
            site,
            url: format!("{url}/api"),
            _database: database,
        };
        app.user("jo").await;
        app
    }

    /// A user `NAME@example.com` with the tests' password.
    pub(crate) async fn user(&self, name: &str) -> User {
        let create = UserCreate {
            email: format!("{name}@example.com"),
            password: PASSWORD.into(),
            is_active: true,
            is_superuser: false,
            is_verified: true,
            name: name.to_owned(),
        };
        self.users.create(create, None).await.expect("a user")
    }

    /// Changes a user as another process would.
    pub(crate) async fn set(&self, user: &User, field: &str, value: Value) {
        let mut columns = User::COLUMNS.iter();
        let column = columns.position(|column| column.field == field);
        let column = column.expect("a column");
        let change = vec![ColumnValue { column, value }];
        let stored = self.site.store.update(&user.id, change, None).await;
        stored.expect("the user");
    }

    /// Sends a user a link.
    pub(crate) fn send_link(&self, user: &User) {
        locked(&self.site.links).push(user.clone());
    }

    /// How often the directory was asked since the last time.
    pub(crate) fn asked(&self) -> usize {
        std::mem::take(&mut *locked(&self.site.asked))
    }

    /// A client at a numbered address.
    pub(crate) fn client(&self, number: u8) -> Client {
        Client::new(&self.url).header("x-forwarded-for", &format!("203.0.113.{number}"))
    }
}

/// Logs in by name, at a route of the application.
pub(crate) async fn own(client: &Client, route: &str, name: &str, password: &str) -> Answer {
    let body = json!({ "name": name, "password": password });
    client.post(route, &body).await
}

/// The status, the body and the headers of an answer, without the date.
pub(crate) fn seen(answer: &Answer) -> (u16, String, Vec<(String, String)>) {
    let headers = answer.headers.iter().filter(|(name, _)| *name != "date");
    let header = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
        let value = value.to_str().expect("text").to_owned();
        (name.to_string(), value)
    };
    let mut headers: Vec<_> = headers.map(header).collect();
    headers.sort();
    (answer.status, answer.text.clone(), headers)
}
