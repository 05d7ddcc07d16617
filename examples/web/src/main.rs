//! A page to register, log in and out, verify an address, reset a password, change and delete one's account, and end one's
//! sessions, with real mails. No build step, nothing from the network.
//!
//! ```text
//! cargo run -p web
//! ```
//!
//! It needs no environment, and then shows the mails on the page. `SMTP_URL`, `MAIL_FROM` and `BASE_URL` send them instead; `BIND`,
//! `DATABASE_URL`, `SECRET` and
//! `TRUSTED_PROXIES` are what a deployment sets besides. `RUST_LOG=info` shows what happens.

mod account;
mod assets;
mod config;
mod hooks;
mod letter;
mod mail;
mod outbox;
mod protection;
mod sessions;
mod user;

use std::error::Error;

use axum::{
    Router,
    middleware::{from_fn, from_fn_with_state, map_response},
};
use config::Config;
use hooks::Notify;
use mail::{Mailer, PostOffice};
use outbox::Outbox;
use tracing_subscriber::filter::{EnvFilter, LevelFilter};
use user::{SESSION_LIFETIME, User};
use users_runtime::{CookieTransport, SameSite, SqliteStore, Users};

/// The users, in a database whose tables are made if they are missing.
async fn open(
    config: &Config,
    mailer: Mailer,
    base_url: &str,
) -> Result<Users<User>, Box<dyn Error>> {
    let store = SqliteStore::<User>::connect(&config.database_url).await?;
    store.migrate().await?;
    let notify = Notify::new(mailer, base_url);
    // Over HTTPS only, unless the page itself is not: some browsers keep no such cookie from http://127.0.0.1.
    let cookie = CookieTransport::new()
        .max_age(SESSION_LIFETIME)
        .same_site(SameSite::Strict)
        .secure(base_url.starts_with("https:"));
    let users = Users::<User>::builder(store, &config.secret)
        .hooks(notify.clone())
        .transport("cookie", cookie)
        .access_token_lifetime(SESSION_LIFETIME)
        .client_addresses(config.client_addresses())
        .build()?;
    notify.belong_to(users.clone());
    Ok(users)
}

/// Every route, behind what protects them.
fn routes(users: &Users<User>, outbox: Option<Outbox>) -> Router {
    let confirmed = from_fn_with_state(users.clone(), account::confirmed);
    Router::new()
        .merge(users.router().layer(confirmed))
        .merge(account::router())
        .merge(sessions::router())
        .with_state(users.clone())
        .merge(outbox.map(Outbox::router).unwrap_or_default())
        .merge(assets::router())
        .layer(from_fn(protection::only_own_page))
        .layer(map_response(protection::with_headers))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let filter = EnvFilter::builder()
        .with_default_directive(LevelFilter::WARN.into())
        .from_env_lossy();
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .init();
    let config = Config::from_env()?;
    let listener = tokio::net::TcpListener::bind(config.bind).await?;
    let address = format!("http://{}", listener.local_addr()?);
    let base_url = config.base_url.as_deref().unwrap_or(&address);
    let mailer = match &config.smtp {
        Some(smtp) => Mailer::Post(PostOffice::new(smtp)?),
        None => Mailer::Outbox(Outbox::default()),
    };
    let outbox = mailer.outbox();
    let users = open(&config, mailer, base_url).await?;
    tokio::spawn(sessions::sweep(users.clone()));
    println!("Serving on {address}");
    if outbox.is_some() {
        println!("The page shows the mails, since SMTP_URL is not set.");
    }
    users_runtime::serve(listener, routes(&users, outbox)).await?;
    Ok(())
}
