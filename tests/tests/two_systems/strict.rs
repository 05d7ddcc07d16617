//! Two systems that answer registrations alike, lock accounts and pepper passwords.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value as Json, json};
use tokio::task::JoinSet;
use users_runtime::{
    HookError, Hooks, PasswordHash, RequestParts, UserModel, Users, async_trait, events::Event,
    hooks::Registration, password::Argon2Bcrypt, store::UserStore, users::NewUser,
    web::ClientAddresses,
};
use users_tests::{Answer, Client, PASSWORD, SECRET, serve};
use uuid::Uuid;

/// How many requests come at once.
pub(crate) const REQUESTS: usize = 20;

#[derive(Clone, Debug, UserModel)]
#[fastapi_users(
    table = "strict",
    events,
    limits(login = "3/d/account", unlock),
    backend(name = "jwt", transport = bearer, strategy = jwt)
)]
pub(crate) struct Strict {
    pub(crate) id: Uuid,
    pub(crate) email: String,
    pub(crate) hashed_password: PasswordHash,
    pub(crate) is_active: bool,
    pub(crate) is_superuser: bool,
    pub(crate) is_verified: bool,
    #[fastapi_users(access = read_only, default)]
    pub(crate) role: String,
}

/// What the hooks of both were told.
#[derive(Clone, Default)]
pub(crate) struct Told(Arc<Mutex<Vec<(&'static str, String)>>>);

impl Told {
    fn push(&self, what: &'static str, detail: &str) {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.push((what, detail.to_owned()));
    }

    /// The details of everything of this kind.
    pub(crate) fn of(&self, kind: &str) -> Vec<String> {
        let told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_kind = told.iter().filter(|(what, _)| *what == kind);
        of_kind.map(|(_, detail)| detail.clone()).collect()
    }
}

#[async_trait]
impl Hooks<Strict> for Told {
    async fn before_register(
        &self,
        new: &mut NewUser<Strict>,
        _: &Registration<'_>,
    ) -> Result<(), HookError> {
        if new.email().starts_with("first") {
            new.set(Strict::ROLE, "owner")?;
            new.set_superuser(true);
        }
        Ok(())
    }

    async fn on_register_taken(
        &self,
        owner: &Strict,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.push("taken", &owner.email);
        Ok(())
    }

    async fn on_after_request_verify(
        &self,
        _: &Strict,
        token: &str,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.push("verify", token);
        Ok(())
    }

    async fn on_after_forgot_password(
        &self,
        _: &Strict,
        token: &str,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.push("reset", token);
        Ok(())
    }

    async fn on_account_locked(
        &self,
        _: &Strict,
        token: &str,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.push("unlock", token);
        Ok(())
    }

    async fn on_event(&self, event: &Event<'_, Strict>) -> Result<(), HookError> {
        self.push("event", event.kind.name());
        Ok(())
    }
}

/// Both systems, and a client of each.
pub(crate) struct StrictPair {
    pub(crate) users: [Users<Strict>; 2],
    pub(crate) clients: [Client; 2],
    pub(crate) told: Told,
}

impl StrictPair {
    pub(crate) async fn on(one: impl UserStore<Strict>, other: impl UserStore<Strict>) -> Self {
        let told = Told::default();
        // The second one is ahead in a change of peppers.
        let (old, new) = (
            "the old pepper of the tests, 32 bytes",
            "a new pepper of the tests, 32 bytes",
        );
        let build = |builder: users_runtime::UsersBuilder<Strict>| {
            builder
                .password_hasher(Argon2Bcrypt::with_params(8, 1, 1).expect("parameters"))
                .uniform_registration(true)
                .client_addresses(ClientAddresses::x_forwarded_for(["127.0.0.1"]))
                .hooks(told.clone())
                .build()
                .expect("a sound configuration")
        };
        let one = Users::<Strict>::builder(one, SECRET);
        let other = Users::<Strict>::builder(other, SECRET);
        let users = [
            build(
                one.password_pepper("1", old)
                    .accept_password_pepper("2", new),
            ),
            build(other.password_pepper("2", new).password_pepper("1", old)),
        ];
        let mut clients = Vec::new();
        for users in &users {
            let router = users.router::<()>();
            let url = serve(|listener| users_runtime::serve(listener, router)).await;
            clients.push(Client::new(&url));
        }
        let [one, other] = clients.try_into().expect("two clients");
        Self {
            users,
            clients: [one, other],
            told,
        }
    }

    pub(crate) async fn drain(&self) {
        for users in &self.users {
            users.drain().await;
        }
    }

    /// A user whose address is verified, created at the first system.
    pub(crate) async fn user(&self, email: &str) -> Strict {
        self.created(email, true).await
    }

    /// A user whose address is not verified, created at the first system.
    pub(crate) async fn unverified(&self, email: &str) -> Strict {
        self.created(email, false).await
    }

    async fn created(&self, email: &str, is_verified: bool) -> Strict {
        let create = StrictCreate {
            email: email.to_owned(),
            password: PASSWORD.into(),
            is_active: true,
            is_superuser: false,
            is_verified,
        };
        let user = self.users[0].create(create, None).await;
        user.expect("a user")
    }

    /// Sends one body to both systems many times at once, each time by another client.
    pub(crate) async fn send_at_once(&self, path: &'static str, body: &Json) -> Vec<Answer> {
        let mut requests = JoinSet::new();
        for number in 0..REQUESTS {
            let address = format!("203.0.113.{number}");
            let client = self.clients[number % 2].header("x-forwarded-for", &address);
            let body = body.clone();
            requests.spawn(async move { client.post(path, &body).await });
        }
        requests.join_all().await
    }

    pub(crate) async fn login(&self, number: usize, email: &str, password: &str) -> u16 {
        let address = format!("198.51.100.{number}");
        let client = self.clients[number % 2].header("x-forwarded-for", &address);
        client.login("jwt", email, password).await.status
    }

    pub(crate) async fn verify(&self, token: &str) {
        let body = json!({ "token": token });
        let answer = self.clients[1].post("/auth/verify", &body).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
}
