//! An application whose users belong to workspaces, which a header names.

use std::sync::{Arc, Mutex, PoisonError};

use axum::routing::get;
use http::StatusCode;
use serde_json::{Value, json};
use users_runtime::{
    CurrentUser, HookError, Hooks, PasswordHash, RequestParts, UserModel, Users, UsersBuilder,
    async_trait,
    hooks::{HookRefusal, Registration},
    oauth::{OAuth, OAuthClient, providers::GitHub},
    store::UserStore,
    users::NewUser,
    value::UserField,
    web::Route,
};
use users_tests::{Answer, Client, PASSWORD, SECRET, TestHasher, github, serve};
use uuid::Uuid;

#[derive(Clone, Debug, UserModel)]
#[fastapi_users(
    table = "member",
    oauth,
    events,
    limits(login = "3/m/account"),
    backend(name = "jwt", transport = bearer, strategy = jwt),
    backend(name = "database", transport = bearer, strategy = database),
    backend(name = "session", transport = bearer, strategy = session, refresh)
)]
pub(crate) struct Member {
    pub(crate) id: Uuid,
    pub(crate) email: String,
    pub(crate) hashed_password: PasswordHash,
    pub(crate) is_active: bool,
    pub(crate) is_superuser: bool,
    pub(crate) is_verified: bool,
    #[fastapi_users(tenant, length(max = 63))]
    pub(crate) workspace: String,
    pub(crate) name: Option<String>,
}

/// The tokens of letters, with the workspace and the address of their users.
#[derive(Clone, Default)]
pub(crate) struct Letters(Arc<Mutex<Vec<[String; 3]>>>);

impl Letters {
    fn add(&self, user: &Member, token: &str) {
        let letter = [&user.workspace, &user.email, token].map(str::to_owned);
        let mut letters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        letters.push(letter);
    }

    /// The token of the last letter to the user with this address in a workspace.
    pub(crate) fn last(&self, workspace: &str, email: &str) -> Option<String> {
        let letters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut of_user = letters.iter().rev();
        of_user
            .find(|letter| letter[0] == workspace && letter[1] == email)
            .map(|letter| letter[2].clone())
    }
}

#[async_trait]
impl Hooks<Member> for Letters {
    async fn before_register(
        &self,
        new: &mut NewUser<Member>,
        _: &Registration<'_>,
    ) -> Result<(), HookError> {
        assert!(new.tenant().is_some(), "a hook sees the tenant");
        let tenant = UserField::<_, String>::new("workspace");
        assert!(new.set(tenant, "other").is_err());
        Ok(())
    }

    async fn on_after_forgot_password(
        &self,
        user: &Member,
        token: &str,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.add(user, token);
        Ok(())
    }

    async fn on_after_request_verify(
        &self,
        user: &Member,
        token: &str,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.add(user, token);
        Ok(())
    }
}

/// A running application.
pub(crate) struct System {
    pub(crate) users: Users<Member>,
    pub(crate) letters: Letters,
    client: Client,
}

/// The workspace that a header names; `acme` and `globex` exist.
fn workspace(request: &RequestParts) -> Result<String, HookError> {
    let named = request.headers.get("x-workspace");
    match named.and_then(|named| named.to_str().ok()) {
        Some(named @ ("acme" | "globex")) => Ok(named.to_owned()),
        Some("broken") => Err("the database of workspaces is away".into()),
        _ => Err(HookRefusal::new(StatusCode::NOT_FOUND, "UNKNOWN_WORKSPACE").into()),
    }
}

impl System {
    pub(crate) async fn start(store: impl UserStore<Member>) -> Self {
        Self::configured(store, |builder| builder).await
    }

    /// A system with other options.
    pub(crate) async fn configured(
        store: impl UserStore<Member>,
        configure: impl FnOnce(UsersBuilder<Member>) -> UsersBuilder<Member>,
    ) -> Self {
        let letters = Letters::default();
        let github = OAuthClient::new(GitHub::new(), github, "client", "secret");
        let builder = Users::builder(store, SECRET)
            .password_hasher(TestHasher::default())
            .hooks(letters.clone())
            .tenant(workspace)
            .limit(Route::Register, "")
            .oauth(OAuth::new(github).associate_by_email(true), "jwt");
        let users = configure(builder).build().expect("a sound configuration");
        let own = get(|user: CurrentUser<Member>| async move { user.workspace.clone() });
        let maybe = get(|user: Option<CurrentUser<Member>>| async move {
            user.map_or_else(|| "no user".to_owned(), |user| user.workspace.clone())
        });
        let router = users.router().route("/own", own).route("/maybe", maybe);
        let router = router.with_state(users.clone());
        let url = serve(|listener| axum::serve(listener, router)).await;
        Self {
            users,
            letters,
            client: Client::new(&url),
        }
    }

    /// A client that names a workspace.
    pub(crate) fn client(&self, workspace: &str) -> Client {
        self.client.header("x-workspace", workspace)
    }

    /// A client that names none.
    pub(crate) const fn anywhere(&self) -> &Client {
        &self.client
    }

    /// Registers a user, whose id is returned.
    pub(crate) async fn registered(&self, workspace: &str, email: &str) -> Uuid {
        let answer = register(&self.client(workspace), email, PASSWORD).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        let id = answer.json()["id"].as_str().and_then(|id| id.parse().ok());
        id.expect("an id")
    }

    /// The user of this id, as stored.
    pub(crate) async fn stored(&self, id: Uuid) -> Member {
        let found = self.users.find(&id).await.expect("the store answers");
        found.expect("the user")
    }

    /// Logs a user in, whose tokens are returned.
    pub(crate) async fn login(&self, workspace: &str, backend: &str, email: &str) -> Value {
        let answer = self.client(workspace).login(backend, email, PASSWORD).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()
    }
}

/// Registers a user.
pub(crate) async fn register(client: &Client, email: &str, password: &str) -> Answer {
    let body = json!({ "email": email, "password": password, "workspace": "elsewhere" });
    client.post("/auth/register", &body).await
}

/// A token of a login.
pub(crate) fn token<'a>(tokens: &'a Value, name: &str) -> &'a str {
    tokens[name].as_str().expect("a token")
}
