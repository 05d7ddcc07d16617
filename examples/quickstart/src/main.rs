//! The five-minute story: one annotated struct serves registration, login, verification, reset and administration.
//!
//! ```text
//! cargo run -p quickstart
//! ```

use std::error::Error;

use axum::{Router, response::Html, routing::get};
use users_runtime::{
    CurrentUser, HookError, Hooks, PasswordHash, RequestParts, SqliteStore, UserModel, Users,
    async_trait, random_secret,
};
use uuid::Uuid;

/// The application's user.
#[derive(Clone, Debug, UserModel)]
#[fastapi_users(
    table = "user",
    backend(name = "jwt", transport = bearer, strategy = jwt),
    backend(name = "cookie", transport = cookie, strategy = database)
)]
pub(crate) struct User {
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
    #[fastapi_users(length(max = 100))]
    pub first_name: Option<String>,
    #[fastapi_users(length(max = 100))]
    pub last_name: Option<String>,
}

/// A real application sends the tokens by e-mail; this one prints them.
struct PrintTokens;

#[async_trait]
impl Hooks<User> for PrintTokens {
    async fn on_after_request_verify(
        &self,
        user: &User,
        token: &str,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        println!(
            "To verify {}, send this token to /auth/verify: {token}",
            user.email
        );
        Ok(())
    }

    async fn on_after_forgot_password(
        &self,
        user: &User,
        token: &str,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        println!(
            "To reset the password of {}, send this token to /auth/reset-password: {token}",
            user.email
        );
        Ok(())
    }
}

async fn hello(user: CurrentUser<User>) -> String {
    format!("Hello {}!\n", user.email)
}

/// Only application code makes administrators: the flags that a client sends at registration count for nothing.
fn administrator() -> UserCreate {
    let (email, password) = ("admin@example.com".to_owned(), "administrator".into());
    let (is_active, is_superuser, is_verified) = (true, true, true);
    UserCreate {
        email,
        password,
        is_active,
        is_superuser,
        is_verified,
        first_name: None,
        last_name: None,
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // Without a subscriber, the reason for a 500 is lost. `RUST_LOG=info` shows more.
    tracing_subscriber::fmt::init();
    let store = SqliteStore::<User>::connect("sqlite://quickstart.db?mode=rwc").await?;
    store.migrate().await?;
    // A new secret at every start logs all users out; a real application reads one from its configuration.
    let users = Users::<User>::builder(store, random_secret())
        .hooks(PrintTokens)
        .build()?;
    if users.find_by_email("admin@example.com").await?.is_none() {
        users.create(administrator(), None).await?;
    }
    let app = Router::new()
        .route("/", get(Html(include_str!("page.html"))))
        .route("/hello", get(hello))
        .merge(users.router())
        .with_state(users);

    let bind = std::env::var("BIND").ok().filter(|bind| !bind.is_empty());
    let bind = bind.as_deref().unwrap_or("127.0.0.1:8000");
    let listener = tokio::net::TcpListener::bind(bind).await?;
    println!(
        "{}",
        TRY_IT.replace("HOST", &listener.local_addr()?.to_string())
    );
    users_runtime::serve(listener, app).await?;
    Ok(())
}

/// What to ask the server.
const TRY_IT: &str = include_str!("try_it.txt");
