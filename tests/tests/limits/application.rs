//! An application whose struct declares limits, behind a proxy at loopback that tells its clients' addresses.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::json;
use users_runtime::{
    HookError, Hooks, PasswordHash, RequestParts, UserModel, Users, UsersBuilder, async_trait,
    events::{Event, EventKind},
    password_policy::PasswordPolicy,
    web::ClientAddresses,
};
use users_tests::{Answer, Client, Database, PASSWORD, SECRET, TestClock, TestHasher, serve};
use uuid::Uuid;

/// A user of an application with limits that a test reaches fast.
#[derive(Clone, Debug, UserModel)]
#[fastapi_users(
    table = "member",
    backend(name = "jwt", transport = bearer, strategy = jwt),
    backend(name = "web", transport = cookie, strategy = jwt),
    limits(
        login = "10/m/ip, 5/m/account+ip, 20/d/account",
        register = "2/h/ip",
        forgot = "6/m/ip, 2/h/account",
        verify = "6/m/ip, 2/h/account",
        unlock
    )
)]
pub(crate) struct Member {
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
}

/// The letters that were sent: the address and the token. Those that unlock an account are apart.
#[derive(Clone, Default)]
pub(crate) struct Letters {
    sent: Arc<Mutex<Vec<(String, String)>>>,
    unlocking: Arc<Mutex<Vec<(String, String)>>>,
    events: Arc<Mutex<Vec<String>>>,
}

impl Letters {
    pub(crate) fn all(&self) -> Vec<(String, String)> {
        locked(&self.sent).clone()
    }

    /// The letters that unlock an account.
    pub(crate) fn unlocking(&self) -> Vec<(String, String)> {
        locked(&self.unlocking).clone()
    }

    /// The names and actors of the events about locks since the last time.
    pub(crate) fn events(&self) -> Vec<String> {
        std::mem::take(&mut *locked(&self.events))
    }

    fn push(&self, user: &Member, token: &str) {
        locked(&self.sent).push((user.email.clone(), token.to_owned()));
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[async_trait]
impl Hooks<Member> for Letters {
    async fn on_after_forgot_password(
        &self,
        user: &Member,
        token: &str,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.push(user, token);
        Ok(())
    }

    async fn on_account_locked(
        &self,
        user: &Member,
        token: &str,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        locked(&self.unlocking).push((user.email.clone(), token.to_owned()));
        Ok(())
    }

    async fn on_event(&self, event: &Event<'_, Member>) -> Result<(), HookError> {
        if let EventKind::AccountLocked | EventKind::LimitsForgotten = event.kind {
            let line = format!("{} by {}", event.kind.name(), event.actor);
            locked(&self.events).push(line);
        }
        Ok(())
    }

    async fn on_after_request_verify(
        &self,
        user: &Member,
        token: &str,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.push(user, token);
        Ok(())
    }
}

/// A running application.
pub(crate) struct Server {
    pub users: Users<Member>,
    pub clock: TestClock,
    pub letters: Letters,
    pub url: String,
}

impl Server {
    /// An application on a database of its own, which the test keeps.
    pub(crate) async fn start(database: &Database) -> Self {
        Self::with(database, |builder| builder).await
    }

    pub(crate) async fn with(
        database: &Database,
        configure: impl FnOnce(UsersBuilder<Member>) -> UsersBuilder<Member>,
    ) -> Self {
        let (clock, letters) = (TestClock::default(), Letters::default());
        let builder = Users::<Member>::builder(database.store().await, SECRET)
            .password_hasher(TestHasher::default())
            .hooks(letters.clone())
            .password_policy(PasswordPolicy::none())
            .clock(clock.clone())
            .notify_in_background(false)
            .client_addresses(ClientAddresses::x_forwarded_for(["127.0.0.1"]));
        let users = configure(builder).build().expect("a sound configuration");
        let router = users.router::<()>();
        let url = serve(|listener| users_runtime::serve(listener, router)).await;
        Self {
            users,
            clock,
            letters,
            url,
        }
    }

    /// A client with this address.
    pub(crate) fn at(&self, address: &str) -> Client {
        Client::new(&self.url).header("x-forwarded-for", address)
    }

    /// The client of a number: no two numbers have an address in common.
    pub(crate) fn number(&self, number: usize) -> Client {
        self.at(&format!("203.0.{}.{}", number / 250, number % 250 + 1))
    }

    /// A user with the tests' password.
    pub(crate) async fn member(&self, email: &str) -> Member {
        self.create(email, false).await
    }

    /// A superuser with the tests' password.
    pub(crate) async fn superuser(&self, email: &str) -> Member {
        self.create(email, true).await
    }

    async fn create(&self, email: &str, is_superuser: bool) -> Member {
        let create = MemberCreate {
            email: email.to_owned(),
            password: PASSWORD.into(),
            is_active: true,
            is_superuser,
            is_verified: false,
        };
        self.users.create(create, None).await.expect("a new user")
    }

    /// Asks for a password reset.
    pub(crate) async fn forgot(&self, client: &Client, email: &str) -> Answer {
        client
            .post("/auth/forgot-password", &json!({ "email": email }))
            .await
    }
}

/// The status, the body and `Retry-After` of an answer.
pub(crate) fn seen(answer: &Answer) -> (u16, String, String) {
    let after = answer.header("retry-after").to_owned();
    (answer.status, answer.text.clone(), after)
}

/// The value of the cookie by which a browser is known, as a `Cookie` header.
pub(crate) fn known_browser(answer: &Answer) -> Option<String> {
    let cookies = answer.headers.get_all("set-cookie").iter();
    let mut cookies = cookies.filter_map(|cookie| cookie.to_str().ok());
    let cookie = cookies.find(|cookie| cookie.starts_with("fastapiusers_browser="))?;
    Some(cookie.split(';').next()?.to_owned())
}
