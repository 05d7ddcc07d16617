//! An application whose backends keep sessions, with a clock that the test sets.

use serde_json::Value as Json;
use users_runtime::{PasswordHash, SqliteStore, UserModel, Users, UsersBuilder};
use users_tests::{Answer, Client, Database, PASSWORD, SECRET, TestClock, TestHasher, serve};

#[derive(Clone, Debug, UserModel)]
#[fastapi_users(
    table = "user",
    backend(name = "web", transport = cookie, strategy = session),
    backend(name = "app", transport = cookie, strategy = jwt, refresh),
    backend(name = "api", transport = bearer, strategy = jwt, refresh),
    backend(name = "opaque", transport = bearer, strategy = session, refresh),
    backend(name = "plain", transport = bearer, strategy = session),
    backend(name = "jwt", transport = bearer, strategy = jwt),
    backend(name = "db", transport = bearer, strategy = database)
)]
pub(crate) struct User {
    pub(crate) id: uuid::Uuid,
    pub(crate) email: String,
    pub(crate) hashed_password: PasswordHash,
    pub(crate) is_active: bool,
    pub(crate) is_superuser: bool,
    pub(crate) is_verified: bool,
}

/// The backends whose sessions are listed.
pub(crate) const KEPT: [&str; 5] = ["web", "app", "api", "opaque", "plain"];
/// Those of them whose tokens are in bodies.
pub(crate) const BEARERS: [&str; 3] = ["api", "opaque", "plain"];
/// Those with refresh tokens in bodies.
pub(crate) const REFRESHED: [&str; 2] = ["api", "opaque"];

/// A running application.
pub(crate) struct App {
    pub(crate) users: Users<User>,
    pub(crate) store: SqliteStore<User>,
    pub(crate) clock: TestClock,
    pub(crate) hasher: TestHasher,
    pub(crate) url: String,
    database: Database,
}

impl App {
    pub(crate) async fn start() -> Self {
        Self::configured(|builder| builder).await
    }

    pub(crate) async fn configured(
        configure: impl FnOnce(UsersBuilder<User>) -> UsersBuilder<User>,
    ) -> Self {
        Self::on(Database::new(), TestClock::default(), configure).await
    }

    async fn on(
        database: Database,
        clock: TestClock,
        configure: impl FnOnce(UsersBuilder<User>) -> UsersBuilder<User>,
    ) -> Self {
        let store = database.store::<User>().await;
        let hasher = TestHasher::default();
        let builder = Users::builder(store.clone(), SECRET)
            .password_hasher(hasher.clone())
            .limits_off()
            .clock(clock.clone());
        let users = configure(builder).build().expect("a sound configuration");
        let router = users.router().with_state(users.clone());
        let url = serve(|listener| axum::serve(listener, router)).await;
        Self {
            users,
            store,
            clock,
            hasher,
            url,
            database,
        }
    }

    /// A second process on the same database, with the same clock; the first one's sockets stay open.
    pub(crate) async fn again(self) -> (Client, Self) {
        let first = Client::new(&self.url);
        (
            first,
            Self::on(self.database, self.clock, |builder| builder).await,
        )
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(&self.url)
    }

    pub(crate) async fn user(&self, email: &str) -> User {
        let create = UserCreate {
            email: email.to_owned(),
            password: PASSWORD.into(),
            is_active: true,
            is_superuser: false,
            is_verified: false,
        };
        self.users.create(create, None).await.expect("a user")
    }

    /// A login that succeeds.
    pub(crate) async fn login(&self, backend: &str, email: &str) -> Answer {
        let answer = self.client().login(backend, email, PASSWORD).await;
        assert!(matches!(answer.status, 200 | 204), "{}", answer.text);
        answer
    }

    /// A client that presents what a login of this backend gave.
    pub(crate) async fn logged_in(&self, backend: &str, email: &str) -> Client {
        self.presenting(&self.login(backend, email).await)
    }

    /// A client that presents an answer's access token.
    pub(crate) fn presenting(&self, answer: &Answer) -> Client {
        match cookies(answer).first() {
            Some(cookie) => self.client().cookie(cookie),
            None => self.client().bearer(&text(answer, "access_token")),
        }
    }
}

/// The cookies that an answer sets, as `NAME=VALUE`.
pub(crate) fn cookies(answer: &Answer) -> Vec<String> {
    let set = answer.headers.get_all("set-cookie").into_iter();
    set.filter_map(|cookie| cookie.to_str().ok()?.split(';').next().map(str::to_owned))
        .collect()
}

/// A text in an answer's body.
pub(crate) fn text(answer: &Answer, name: &str) -> String {
    let body = answer.json();
    let text = body[name].as_str();
    text.unwrap_or_else(|| panic!("`{name}` in {body}"))
        .to_owned()
}

/// The sessions that a client sees.
pub(crate) async fn sessions(client: &Client) -> Vec<Json> {
    let answer = client.get("/users/me/sessions").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json().as_array().expect("a list").clone()
}

pub(crate) async fn me(client: &Client) -> u16 {
    client.get("/users/me").await.status
}

/// Uses a refresh token that is in a body.
pub(crate) async fn refresh(client: &Client, backend: &str, token: &str) -> Answer {
    let body = serde_json::json!({ "refresh_token": token });
    client
        .post(&format!("/auth/{backend}/refresh"), &body)
        .await
}
