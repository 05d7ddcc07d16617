//! What `secure` on the struct switches on, what it demands, and how each part is switched off alone.

use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use serde_json::{Value, json};
use users_runtime::{
    Compat, HookError, Hooks, PasswordHash, RequestParts, SqliteStore, UserModel, Users,
    UsersBuilder, async_trait,
    errors::BuildError,
    events::Event,
    oauth::{HttpError, OAuth, OAuthClient, providers::GitHub},
    password_policy::PasswordPolicy,
    web::ClientAddresses,
};
use users_tests::{Client, Database, SECRET, TestHasher, serve};
use uuid::Uuid;

/// Long enough for the policy.
const PASSWORD: &str = "correct horse battery";

/// A user of an application that is as safe as it can be.
#[derive(Clone, Debug, UserModel)]
#[fastapi_users(
    table = "member",
    secure,
    backend(name = "web", transport = cookie, strategy = session),
    backend(name = "api", transport = bearer, strategy = jwt, refresh)
)]
struct Member {
    id: Uuid,
    email: String,
    hashed_password: PasswordHash,
    is_active: bool,
    is_superuser: bool,
    is_verified: bool,
    #[fastapi_users(length(max = 100))]
    first_name: Option<String>,
}

/// The letters that were sent: for what, and to whom.
#[derive(Clone, Default)]
struct Letters(Arc<Mutex<Vec<(&'static str, String)>>>, Actors);

/// Who asked for letters that reset a password.
type Actors = Arc<Mutex<Vec<String>>>;

impl Letters {
    fn all(&self) -> Vec<(&'static str, String)> {
        let letters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        letters.clone()
    }

    #[expect(clippy::unnecessary_wraps, reason = "it is what every hook returns")]
    fn push(&self, what: &'static str, user: &Member) -> Result<(), HookError> {
        let mut letters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        letters.push((what, user.email.clone()));
        Ok(())
    }
}

#[async_trait]
impl Hooks<Member> for Letters {
    async fn on_after_request_verify(
        &self,
        user: &Member,
        _: &str,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.push("verify", user)
    }

    async fn on_after_forgot_password(
        &self,
        user: &Member,
        _: &str,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.push("reset", user)
    }

    async fn on_event(&self, event: &Event<'_, Member>) -> Result<(), HookError> {
        if event.kind.name() == "password_reset.requested" {
            let mut actors = self.1.lock().unwrap_or_else(PoisonError::into_inner);
            actors.push(event.actor.to_string());
        }
        Ok(())
    }

    async fn on_register_taken(
        &self,
        owner: &Member,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.push("taken", owner)
    }
}

struct Server {
    users: Users<Member>,
    letters: Letters,
    url: String,
    _database: Database,
}

impl Server {
    async fn start(configure: fn(UsersBuilder<Member>) -> UsersBuilder<Member>) -> Self {
        let (database, letters) = (Database::new(), Letters::default());
        let builder = Users::<Member>::builder(database.store().await, SECRET)
            .password_hasher(TestHasher::default())
            .hooks(letters.clone())
            .client_addresses(ClientAddresses::peer());
        let users = configure(builder).build().expect("a sound configuration");
        let router = users.router::<()>();
        let url = serve(|listener| users_runtime::serve(listener, router)).await;
        Self {
            users,
            letters,
            url,
            _database: database,
        }
    }

    fn client(&self) -> Client {
        Client::new(&self.url)
    }

    async fn member(&self, email: &str, is_superuser: bool) -> Member {
        let create = MemberCreate {
            email: email.to_owned(),
            password: PASSWORD.into(),
            is_active: true,
            is_superuser,
            is_verified: true,
            first_name: None,
        };
        self.users.create(create, None).await.expect("a new user")
    }

    /// A client that presents an access token.
    async fn client_of(&self, email: &str) -> Client {
        let login = self.client().login("api", email, PASSWORD).await;
        let token = login.json()["access_token"].as_str().map(str::to_owned);
        self.client().bearer(&token.expect("an access token"))
    }

    async fn letters(&self) -> Vec<(&'static str, String)> {
        self.users.drain().await;
        self.letters.all()
    }
}

async fn builder(database: &Database) -> UsersBuilder<Member> {
    let store: SqliteStore<Member> = database.store().await;
    Users::<Member>::builder(store, SECRET)
}

#[tokio::test]
async fn build_fails_on_what_is_missing() {
    let database = Database::new();
    let with_hooks = builder(&database).await.hooks(Letters::default());
    let refused = with_hooks.build().expect_err("no addresses");
    assert!(
        matches!(refused, BuildError::NoClientAddresses),
        "{refused}"
    );
    let addresses = ClientAddresses::peer();
    let with_addresses = builder(&database).await.client_addresses(addresses);
    let refused = with_addresses.build().expect_err("no hooks");
    assert!(matches!(refused, BuildError::NoHooks), "{refused}");
    let compatible = builder(&database)
        .await
        .compat(Compat::FastApiUsers15)
        .hooks(Letters::default())
        .client_addresses(ClientAddresses::peer());
    let refused = compatible.build().expect_err("the preset");
    assert!(
        matches!(refused, BuildError::SecureAndCompatible),
        "{refused}"
    );
    let github = OAuthClient::new(GitHub::new(), no_provider, "client", "secret");
    let with_provider = builder(&database)
        .await
        .hooks(Letters::default())
        .client_addresses(ClientAddresses::peer())
        .oauth(OAuth::new(github), "web");
    let refused = with_provider.build().expect_err("states are not stored");
    assert!(matches!(refused, BuildError::NoStoredStates), "{refused}");
}

/// A provider that cannot be reached.
async fn no_provider(_: http::Request<Bytes>) -> Result<http::Response<Bytes>, HttpError> {
    Err(HttpError::Unreachable("there is none".into()))
}

#[tokio::test]
async fn cookies_are_bound_to_the_host() {
    let server = Server::start(|builder| builder).await;
    server.member("jo@example.com", false).await;
    let login = server
        .client()
        .login("web", "jo@example.com", PASSWORD)
        .await;
    assert_eq!(login.status, 204);
    let cookie = login.header("set-cookie");
    assert!(cookie.starts_with("__Host-fastapiusersauth="), "{cookie}");
    for attribute in ["; HttpOnly", "; Path=/", "; SameSite=lax", "; Secure"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");

    let server = Server::start(|builder| builder.host_prefix_cookies(false)).await;
    server.member("jo@example.com", false).await;
    let login = server
        .client()
        .login("web", "jo@example.com", PASSWORD)
        .await;
    let cookie = login.header("set-cookie");
    assert!(cookie.starts_with("fastapiusersauth="), "{cookie}");
}

#[tokio::test]
async fn other_hosts_of_the_site_are_refused() {
    let off =
        |builder: UsersBuilder<Member>| builder.host_prefix_cookies(false).same_site_requests(true);
    let without_prefix = |builder: UsersBuilder<Member>| builder.host_prefix_cookies(false);
    for (server, status) in [
        (Server::start(|builder| builder).await, 403),
        (Server::start(without_prefix).await, 403),
        (Server::start(off).await, 204),
    ] {
        server.member("jo@example.com", false).await;
        let client = server.client().header("sec-fetch-site", "same-site");
        let login = client.login("web", "jo@example.com", PASSWORD).await;
        assert_eq!(login.status, status, "{login:?}");
    }
}

#[tokio::test]
async fn passwords_have_15_characters() {
    let server = Server::start(|builder| builder).await;
    let register = async |server: &Server, password: &str| {
        let body = json!({ "email": "jo@example.com", "password": password });
        server.client().post("/auth/register", &body).await
    };
    let refused = register(&server, "14 characters.").await;
    assert_eq!(refused.status, 400, "{refused:?}");
    assert_eq!(register(&server, "15 characters..").await.status, 202);

    let server = Server::start(|builder| builder.password_policy(PasswordPolicy::new())).await;
    assert_eq!(register(&server, "14 characters.").await.status, 202);
}

#[tokio::test]
async fn a_registration_does_not_tell_who_is_registered() {
    let server = Server::start(|builder| builder).await;
    server.member("jo@example.com", false).await;
    for email in ["jo@example.com", "new@example.com"] {
        let body = json!({ "email": email, "password": PASSWORD });
        let answer = server.client().post("/auth/register", &body).await;
        answer.assert(202, &Value::Null);
    }
    let mut letters = server.letters().await;
    letters.sort_unstable();
    let expected = [("taken", "jo@example.com"), ("verify", "new@example.com")];
    assert_eq!(letters, expected.map(|(what, to)| (what, to.to_owned())));

    let server = Server::start(|builder| builder.uniform_registration(false)).await;
    let body = json!({ "email": "jo@example.com", "password": PASSWORD });
    let answer = server.client().post("/auth/register", &body).await;
    assert_eq!(answer.status, 201);
}

#[tokio::test]
async fn limits_are_counted_in_the_store() {
    let database = Database::new();
    let mut urls = Vec::new();
    for _ in 0..2 {
        let addresses = ClientAddresses::x_forwarded_for(["127.0.0.1"]);
        let users = builder(&database)
            .await
            .password_hasher(TestHasher::default())
            .hooks(Letters::default())
            .client_addresses(addresses)
            .build()
            .expect("a sound configuration");
        let router = users.router::<()>();
        urls.push(serve(|listener| users_runtime::serve(listener, router)).await);
    }
    for (number, url) in urls.iter().cycle().take(6).enumerate() {
        let client = Client::new(url).header("x-forwarded-for", "192.0.2.1");
        let login = client.login("api", "jo@example.com", "wrong").await;
        assert_eq!(login.status, if number < 5 { 400 } else { 429 }, "{number}");
    }
}

#[tokio::test]
async fn superusers_start_a_reset_instead_of_choosing_a_password() {
    let server = Server::start(|builder| builder).await;
    let jo = server.member("jo@example.com", false).await;
    let superuser = server.member("root@example.com", true).await;
    let (root, other) = (
        server.client_of("root@example.com").await,
        server.client_of("jo@example.com").await,
    );
    let path = format!("/users/{}", jo.id);
    let body = json!({ "password": "chosen by the superuser", "first_name": "Jo" });
    let refused = root.json("PATCH", &path, &body).await;
    refused.assert_detail(403, "Forbidden");
    let body = json!({ "first_name": "Jo" });
    assert_eq!(root.json("PATCH", &path, &body).await.status, 200);
    let body = json!({ "password": "chosen by its owner" });
    assert_eq!(other.json("PATCH", "/users/me", &body).await.status, 200);

    let reset = format!("{path}/forgot-password");
    root.send("POST", &reset).await.assert(202, &Value::Null);
    assert_eq!(server.letters().await, [("reset", jo.email.clone())]);
    let actors = server.letters.1.lock().expect("no panic").clone();
    assert_eq!(actors, [format!("user:{}", superuser.id)]);
    let unknown = format!("/users/{}/forgot-password", Uuid::new_v4());
    root.send("POST", &unknown)
        .await
        .assert_detail(404, "Not Found");
    let jo_again = server.client();
    assert_eq!(jo_again.send("POST", &reset).await.status, 401);
    let al = server.member("al@example.com", false).await;
    let al = server.client_of(&al.email).await;
    assert_eq!(al.send("POST", &reset).await.status, 403);
    let document = serde_json::to_value(server.users.openapi()).expect("JSON");
    let documented = &document["paths"]["/users/{id}/forgot-password"]["post"]["responses"];
    assert!(documented["202"].is_object() && documented["404"].is_object());

    let server = Server::start(|builder| builder.superusers_set_passwords(true)).await;
    let jo = server.member("jo@example.com", false).await;
    server.member("root@example.com", true).await;
    let root = server.client_of("root@example.com").await;
    let body = json!({ "password": "chosen by the superuser" });
    let path = format!("/users/{}", jo.id);
    assert_eq!(root.json("PATCH", &path, &body).await.status, 200);
}

#[tokio::test]
async fn the_default_has_no_route_that_the_struct_does_not_declare() {
    let app = users_tests::App::start().await;
    let root = app.user("root@example.com").await;
    let path = format!("/users/{}/forgot-password", root.id);
    let answer = app.client_of(&root).await.send("POST", &path).await;
    assert_eq!(answer.status, 404);
    let document = serde_json::to_value(app.users.openapi()).expect("JSON");
    assert!(document["paths"]["/users/{id}/forgot-password"].is_null());
}
