//! Social login, and a page to try it:
//!
//! ```text
//! ./examples/oauth/provider.sh   # a provider on this machine, at which any name will do; it needs Node.js with npm
//! cargo run -p oauth             # in another terminal; then open http://127.0.0.1:8000
//! ```
//!
//! With `GITHUB_CLIENT_ID` and `GITHUB_CLIENT_SECRET`, or `GOOGLE_…`, it is GitHub or Google instead. Register this application
//! at GitHub with the callback `http://127.0.0.1:8000/auth`, which covers what is below it, and at Google with both
//! `http://127.0.0.1:8000/auth/google/callback` and `http://127.0.0.1:8000/auth/associate/google/callback`.
//!
//! `OIDC_ISSUER`, `OIDC_CLIENT_ID` and `OIDC_CLIENT_SECRET` name any other `OpenID` provider, `BIND` another address to listen at.

use std::{env, error::Error};

use axum::{Json, Router, response::Html, routing::get};
use users_runtime::{
    PasswordHash, SqliteStore, UserModel, Users,
    oauth::{
        NetworkClient, OAuth, OAuthClient, OAuthProvider as _, OpenIdConnect,
        providers::{GitHub, Google},
    },
    random_secret,
};
use uuid::Uuid;

/// The application's user. The routes answer with a cookie, the sessions are in the database.
#[derive(Clone, Debug, UserModel)]
#[fastapi_users(
    table = "user",
    oauth,
    backend(name = "cookie", transport = cookie, strategy = database)
)]
pub(crate) struct User {
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
}

/// The provider that `provider.sh` starts, and how it knows this application.
const LOCAL: &str = "http://127.0.0.1:9000";
const LOCAL_CLIENT: (&str, &str) = ("oauth-example", "not-a-secret");

/// What a provider gave to the application when it was registered there.
fn credentials(provider: &str) -> Option<(String, String)> {
    let set = |name: &str| {
        env::var(format!("{provider}_{name}"))
            .ok()
            .filter(|value| !value.is_empty())
    };
    Some((set("CLIENT_ID")?, set("CLIENT_SECRET")?))
}

/// The providers that the environment has credentials for, or the one on this machine.
async fn clients() -> Result<Vec<OAuthClient>, Box<dyn Error>> {
    let http = NetworkClient::new()?;
    let mut clients = Vec::new();
    if let Some((id, secret)) = credentials("GITHUB") {
        clients.push(OAuthClient::new(GitHub::new(), http.clone(), id, secret));
    }
    if let Some((id, secret)) = credentials("GOOGLE") {
        clients.push(OAuthClient::new(Google::new(), http.clone(), id, secret));
    }
    let issuer = env::var("OIDC_ISSUER").ok();
    if clients.is_empty() || issuer.is_some() {
        let issuer = issuer.as_deref().unwrap_or(LOCAL);
        let (id, secret) = credentials("OIDC")
            .unwrap_or_else(|| (LOCAL_CLIENT.0.to_owned(), LOCAL_CLIENT.1.to_owned()));
        // Most applications want to start while a provider is away. Here it was probably not started.
        let provider = OpenIdConnect::new("oidc", issuer);
        provider.prepare(&http, true).await.map_err(|error| {
            format!("{issuer}: {error}; have you started ./examples/oauth/provider.sh?")
        })?;
        clients.push(OAuthClient::new(provider, http, id, secret));
    }
    Ok(clients)
}

/// For each provider the routes to log in with its accounts, and to link them. They send browsers on to the page.
fn routes(
    users: &Users<User>,
    clients: Vec<OAuthClient>,
    page: &str,
) -> Result<Router, Box<dyn Error>> {
    let names: Vec<_> = clients
        .iter()
        .map(|client| client.name().to_owned())
        .collect();
    let mut app = Router::new().route("/providers", get(async || Json(names)));
    for client in clients {
        let (login, link) = (
            format!("/auth/{}", client.name()),
            format!("/auth/associate/{}", client.name()),
        );
        // Linking wants a proven address by default; this example sends no e-mails by which one could be proven.
        let oauth = OAuth::new(client)
            .front_end(page)
            .requires_verification(false);
        app = app
            .nest(&login, users.oauth_router(oauth.clone(), "cookie")?)
            .nest(&link, users.oauth_associate_router(oauth)?);
    }
    Ok(app.nest("/accounts", users.oauth_accounts_router()?))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt::init();
    let store = SqliteStore::<User>::connect("sqlite://oauth.db?mode=rwc").await?;
    store.migrate().await?;
    // A secret of its own for every start interrupts logins; a real application reads one from its configuration.
    let users = Users::<User>::builder(store, random_secret()).build()?;
    let bind = env::var("BIND").ok().filter(|bind| !bind.is_empty());
    let bind = bind.as_deref().unwrap_or("127.0.0.1:8000");
    let listener = tokio::net::TcpListener::bind(bind).await?;
    let page = format!("http://{}/", listener.local_addr()?);
    let app = Router::new()
        .route("/", get(async || Html(include_str!("page.html"))))
        .merge(routes(&users, clients().await?, &page)?)
        .merge(users.router());
    println!("Serving on {page} with the users in oauth.db");
    users_runtime::serve(listener, app).await?;
    Ok(())
}
