//! Two user systems, each with a store and a server of its own.

use chrono::{DateTime, Utc};
use users_runtime::{
    PasswordHash, UserModel, Users,
    oauth::{OAuth, OAuthClient, providers::GitHub},
    store::{ColumnValue, UserStore},
    value::{Presence, Value},
};
use users_tests::{Client, PASSWORD, SECRET, TestClock, TestHasher, github, serve};
use uuid::Uuid;

#[derive(Clone, Debug, UserModel)]
#[fastapi_users(
    table = "user",
    oauth,
    events,
    backend(name = "jwt", transport = bearer, strategy = jwt, revocable),
    backend(name = "session", transport = bearer, strategy = session),
    backend(name = "api", transport = bearer, strategy = jwt, refresh)
)]
pub(crate) struct Member {
    pub(crate) id: Uuid,
    pub(crate) email: String,
    pub(crate) hashed_password: PasswordHash,
    pub(crate) is_active: bool,
    pub(crate) is_superuser: bool,
    pub(crate) is_verified: bool,
    #[fastapi_users(access = read_only, default)]
    pub(crate) plan: String,
    #[fastapi_users(access = read_only, default)]
    pub(crate) visits: i64,
    #[fastapi_users(length(max = 50))]
    pub(crate) name: Option<String>,
    #[fastapi_users(updated_at)]
    pub(crate) changed_at: Option<DateTime<Utc>>,
}

/// One of the two.
pub(crate) struct System {
    pub(crate) users: Users<Member>,
    pub(crate) client: Client,
}

/// Both, with one clock.
pub(crate) struct Pair {
    pub(crate) clock: TestClock,
    pub(crate) one: System,
    pub(crate) other: System,
}

impl System {
    async fn start(store: impl UserStore<Member>, clock: &TestClock) -> Self {
        let github = OAuthClient::new(GitHub::new(), github, "client", "secret");
        let users = Users::builder(store, SECRET)
            .password_hasher(TestHasher::default())
            .limits_off()
            .clock(clock.clone())
            .oauth(OAuth::new(github).associate_by_email(true), "jwt")
            .build()
            .expect("a sound configuration");
        let router = users.router().with_state(users.clone());
        let url = serve(|listener| axum::serve(listener, router)).await;
        Self {
            client: Client::new(&url),
            users,
        }
    }

    /// Logs in; the token.
    pub(crate) async fn login(&self, backend: &str, email: &str) -> String {
        let answer = self.client.login(backend, email, PASSWORD).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let body = answer.json();
        body["access_token"].as_str().expect("a token").to_owned()
    }

    pub(crate) async fn user(&self, email: &str) -> Member {
        let create = MemberCreate {
            email: email.to_owned(),
            password: PASSWORD.into(),
            is_active: true,
            is_superuser: false,
            is_verified: false,
            name: None,
        };
        self.users.create(create, None).await.expect("a user")
    }

    /// Changes a flag as an administrator does.
    pub(crate) async fn set_active(&self, user: &Member, is_active: bool) {
        let update = MemberUpdate {
            password: Presence::Absent,
            email: Presence::Absent,
            is_active: Presence::Present(is_active),
            is_superuser: Presence::Absent,
            is_verified: Presence::Absent,
            name: Presence::Absent,
        };
        let user = self.users.find(&user.id).await.expect("an answer");
        let updated = self
            .users
            .update(&user.expect("the user"), update, None, None)
            .await
            .expect("updated");
        assert_eq!(updated.is_active, is_active);
    }

    /// Changes a flag behind the user system.
    pub(crate) async fn store_active(&self, user: &Member, is_active: bool) {
        let named = |column: &users_runtime::value::Column| column.field == "is_active";
        let column = Member::COLUMNS.iter().position(named).expect("the flag");
        let value = Value::Bool(is_active);
        let change = vec![ColumnValue { column, value }];
        let changed = self.users.store().update(&user.id, change, None).await;
        changed.expect("the user");
    }
}

impl Pair {
    pub(crate) async fn on(one: impl UserStore<Member>, other: impl UserStore<Member>) -> Self {
        let clock = TestClock::default();
        Self {
            one: System::start(one, &clock).await,
            other: System::start(other, &clock).await,
            clock,
        }
    }

    /// What each of them says to a token.
    pub(crate) async fn me(&self, token: &str) -> [u16; 2] {
        let ask = async |system: &System| {
            let answer = system.client.bearer(token).get("/users/me").await;
            answer.status
        };
        [ask(&self.one).await, ask(&self.other).await]
    }
}

/// The code of an account at the provider.
pub(crate) fn code(id: u32, email: &str) -> String {
    format!("{id}:{email}")
}
