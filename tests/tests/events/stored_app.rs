//! An application that stores its events, with a clock that the test sets.

use std::{
    net::SocketAddr,
    process::ExitCode,
    sync::{Arc, Mutex, PoisonError},
};

use serde_json::Value as Json;
use users_runtime::{
    HookError, Hooks, PasswordHash, RequestParts, SqliteStore, UserModel, Users, async_trait, cli,
    web::ClientAddresses,
};
use users_tests::{Client, Database, PASSWORD, SECRET, TestClock, TestHasher, serve};
use uuid::Uuid;

#[derive(Clone, Debug, UserModel)]
#[fastapi_users(
    table = "user",
    backend(name = "api", transport = bearer, strategy = session, refresh),
    limits(login = "1000/m/ip, 5/m/account+ip"),
    events(keep = "30d")
)]
pub(crate) struct Member {
    pub(crate) id: Uuid,
    pub(crate) email: String,
    pub(crate) hashed_password: PasswordHash,
    pub(crate) is_active: bool,
    pub(crate) is_superuser: bool,
    pub(crate) is_verified: bool,
}

/// The tokens of the letters.
#[derive(Clone, Default)]
pub(crate) struct Letters(Arc<Mutex<Vec<String>>>);

impl Letters {
    pub(crate) fn last(&self) -> String {
        let tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tokens.last().cloned().expect("a letter")
    }

    fn send(&self, token: &str) {
        let mut tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tokens.push(token.to_owned());
    }
}

#[async_trait]
impl Hooks<Member> for Letters {
    async fn on_after_request_verify(
        &self,
        _: &Member,
        token: &str,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.send(token);
        Ok(())
    }

    async fn on_after_forgot_password(
        &self,
        _: &Member,
        token: &str,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.send(token);
        Ok(())
    }
}

/// A running application.
pub(crate) struct App {
    pub(crate) users: Users<Member>,
    pub(crate) store: SqliteStore<Member>,
    pub(crate) clock: TestClock,
    pub(crate) letters: Letters,
    pub(crate) client: Client,
    _database: Database,
}

impl App {
    pub(crate) async fn start() -> Self {
        let database = Database::new();
        let store = database.store::<Member>().await;
        let clock = TestClock::default();
        let letters = Letters::default();
        let users = Users::builder(store.clone(), SECRET)
            .password_hasher(TestHasher::default())
            .client_addresses(ClientAddresses::peer())
            .clock(clock.clone())
            .hooks(letters.clone())
            .build()
            .expect("a sound configuration");
        let router = users.router().with_state(users.clone());
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let url = serve(|listener| axum::serve(listener, service)).await;
        Self {
            client: Client::new(&url),
            users,
            store,
            clock,
            letters,
            _database: database,
        }
    }

    /// A user, of whom no event is stored yet.
    pub(crate) async fn user(&self, email: &str, is_superuser: bool) -> Member {
        let create = MemberCreate {
            email: email.to_owned(),
            password: PASSWORD.into(),
            is_active: true,
            is_superuser,
            is_verified: false,
        };
        let user = self.users.create(create, None).await.expect("a user");
        self.execute("DELETE FROM auth_event").await;
        user
    }

    /// A client that is logged in, of which no event is stored yet.
    pub(crate) async fn client_of(&self, user: &Member) -> Client {
        let client = self.client.bearer(&self.login(&user.email).await);
        self.execute("DELETE FROM auth_event").await;
        client
    }

    /// Logs in; the token.
    pub(crate) async fn login(&self, email: &str) -> String {
        let answer = self.client.login("api", email, PASSWORD).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let body = answer.json();
        body["access_token"].as_str().expect("a token").to_owned()
    }

    pub(crate) async fn execute(&self, statement: &'static str) {
        let done = sqlx::query(statement).execute(self.store.pool()).await;
        done.expect("executed");
    }

    /// The names of all rows, the oldest first, each with whether it belongs to a user.
    pub(crate) async fn rows(&self) -> Vec<(String, bool)> {
        let rows =
            sqlx::query_as("SELECT name, user_id IS NOT NULL FROM auth_event ORDER BY at, id");
        rows.fetch_all(self.store.pool()).await.expect("rows")
    }

    /// What a command prints on standard output and standard error.
    pub(crate) async fn run(&self, words: &[&str]) -> (String, String) {
        #[derive(clap::Parser)]
        struct Arguments {
            #[command(subcommand)]
            command: cli::Command,
        }
        let arguments = <Arguments as clap::Parser>::try_parse_from([&["users"], words].concat());
        let command = arguments.expect("a command").command;
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let status = command
            .run(&self.users, &mut cli::Io::new(&b""[..], &mut out, &mut err))
            .await;
        let is_done = format!("{status:?}") == format!("{:?}", ExitCode::SUCCESS);
        assert_eq!(is_done, err.is_empty(), "{words:?}");
        let text = |bytes| String::from_utf8(bytes).expect("text");
        (text(out), text(err))
    }
}

/// The events that a client is shown at a path.
pub(crate) async fn events(client: &Client, path: &str) -> Vec<Json> {
    let answer = client.get(path).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()["items"].as_array().expect("a list").clone()
}

/// The names of events.
pub(crate) fn names(events: &[Json]) -> Vec<&str> {
    let names = events.iter().map(|event| event["name"].as_str());
    names.map(|name| name.expect("a name")).collect()
}
