//! A page to register, log in and out, verify an address, reset a password, change and delete one's account, and end one's
//! sessions, with real mails. No build step, nothing from the network.
//!
//! ```text
//! cargo run -p web                    # serves
//! cargo run -p web -- users --help    # administers the users of the same database
//! ```
//!
//! It needs no environment, and then shows the mails on the page. `SMTP_URL`, `MAIL_FROM` and `BASE_URL` send them instead; `BIND`,
//! `DATABASE_URL`, `SECRET`, `REDIS_URL` and `TRUSTED_PROXIES` are what a deployment sets besides. `RUST_LOG=info` shows what happens.

mod account;
mod assets;
mod config;
mod hooks;
mod letter;
mod mail;
mod not_found;
mod open;
mod outbox;
mod protection;
mod user;

use std::{error::Error, process::ExitCode};

use axum::{
    Router,
    middleware::{from_fn_with_state, map_response},
};
use clap::{Parser, Subcommand};
use config::Config;
use mail::{Mailer, PostOffice};
use not_found::not_found;
use open::open;
use outbox::Outbox;
use tracing_subscriber::filter::{EnvFilter, LevelFilter};
use user::User;
use users_runtime::{Users, cli};

/// A page for accounts: serves it, unless another task is named
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    task: Option<Task>,
}

#[derive(Subcommand)]
enum Task {
    /// Administers the users
    #[command(subcommand)]
    Users(cli::Command),
}

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::builder()
        .with_default_directive(LevelFilter::WARN.into())
        .from_env_lossy();
    let task = Arguments::parse().task;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .init();
    let done = match task {
        None => serve().await,
        Some(Task::Users(command)) => administer(command).await,
    };
    let error = match done {
        Ok(code) => return code,
        Err(error) => error,
    };
    eprintln!("web does not start: {error}");
    let reasons = std::iter::successors(error.source(), |&reason| reason.source());
    reasons.for_each(|reason| eprintln!("because: {reason}"));
    ExitCode::FAILURE
}

fn mailer(config: &Config) -> Result<Mailer, Box<dyn Error>> {
    Ok(match &config.smtp {
        Some(smtp) => Mailer::Post(PostOffice::new(smtp)?),
        None => Mailer::Outbox(Outbox::default()),
    })
}

async fn administer(command: cli::Command) -> Result<ExitCode, Box<dyn Error>> {
    let config = Config::from_env()?;
    let address = format!("http://{}", config.bind);
    let base_url = config.base_url.as_deref().unwrap_or(&address);
    let mailer = mailer(&config)?;
    let users = open(&config, mailer.clone(), base_url, command.needs_tables()).await?;
    let code = command.run(&users, &mut cli::Io::process()).await;
    mailer.finish().await;
    Ok(code)
}

async fn serve() -> Result<ExitCode, Box<dyn Error>> {
    let config = Config::from_env()?;
    let listener = tokio::net::TcpListener::bind(config.bind).await?;
    let address = format!("http://{}", listener.local_addr()?);
    let base_url = config.base_url.as_deref().unwrap_or(&address);
    let mailer = mailer(&config)?;
    let outbox = mailer.outbox();
    let users = open(&config, mailer, base_url, true).await?;
    println!("Serving on {address}");
    if outbox.is_some() {
        println!("The page shows the mails, since SMTP_URL is not set.");
    }
    users_runtime::serve(listener, routes(&users, outbox)).await?;
    Ok(ExitCode::SUCCESS)
}

/// Every route, with the headers that protect the page.
fn routes(users: &Users<User>, outbox: Option<Outbox>) -> Router {
    let confirmed = from_fn_with_state(users.clone(), account::confirmed);
    Router::new()
        .merge(users.router().layer(confirmed))
        .merge(account::router())
        .with_state(users.clone())
        .merge(outbox.map(Outbox::router).unwrap_or_default())
        .merge(assets::router())
        .fallback(not_found)
        .layer(map_response(protection::with_headers))
}
