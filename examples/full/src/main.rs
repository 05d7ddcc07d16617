//! Everything at once, and the one binary that can be held against FastAPI Users route by route:
//!
//! ```text
//! cargo run -p full                    # serves
//! cargo run -p full -- users --help    # administers the users of the same database
//! ```
//!
//! It needs no environment; `BIND`, `DATABASE_URL`, `SECRET`, `REDIS_URL`, `OIDC_ISSUER` with `OIDC_CLIENT_ID`,
//! `OIDC_CLIENT_SECRET` and `OIDC_REDIRECT_URL`, `USERS_COMPAT=off`, `LIMITS=off` and `ARGON2` (the memory in KiB, passes and lanes of
//! new hashes, such as `16384,1,1` for tests) change what it does. `RUST_LOG=info` shows what happens.
//! <http://127.0.0.1:8000/docs> shows every route, from the document at `/openapi.json`.

mod api;
mod config;
mod guards;
mod hooks;
mod oidc;
mod user;

use std::process::ExitCode;

use axum::Router;
use clap::{Parser, Subcommand};
use config::Config;
use hooks::PrintEverything;
use tracing_subscriber::filter::{EnvFilter, LevelFilter};
use user::User;
use users_runtime::{
    Backend, BearerTransport, Compat, MongoStore, MySqlStore, PostgresStore, SqliteStore, Users,
    cli, fastapi_routing,
    openapi::docs,
    password::Argon2Bcrypt,
    password_policy::PasswordPolicy,
    session::RedisStrategy,
    store::{DatabaseKind, DatabaseUrl, UserStore},
};

/// Everything at once: serves, unless it is told to do something else
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

fn users(
    config: &Config,
    store: impl UserStore<User>,
) -> Result<Users<User>, Box<dyn std::error::Error>> {
    let mut builder = Users::<User>::builder(store, &config.secret)
        .compat(config.compat)
        // A database of FastAPI Users: users who are logged in there stay logged in.
        .accept_clear_tokens(true)
        // The hooks validate passwords, as they do in the application that this one is compared with.
        .password_policy(PasswordPolicy::none())
        .hooks(PrintEverything);
    if !config.has_limits {
        builder = builder.limits_off();
    }
    if let Some([memory_kib, passes, lanes]) = config.argon2 {
        builder = builder.password_hasher(Argon2Bcrypt::with_params(memory_kib, passes, lanes)?);
    }
    if let Some(url) = &config.redis_url {
        let strategy = RedisStrategy::connect(url)?;
        let strategy = if config.compat == Compat::Off {
            strategy
        } else {
            strategy.without_index()
        };
        builder = builder.backend(Backend::new("redis", BearerTransport::new(), strategy));
    }
    Ok(builder.build()?)
}

/// The routers with every option at its other value.
fn strict(users: &Users<User>) -> Result<Router, &'static str> {
    let auth = users
        .auth_router("jwt", true)
        .ok_or("there is no backend `jwt`")?;
    Ok(Router::new()
        .nest("/auth/jwt", auth)
        .nest("/users", users.users_router(true)))
}

/// The users in the database of the configuration, whose tables are made if they are missing and needed.
async fn open(
    config: &Config,
    needs_tables: bool,
) -> Result<Users<User>, Box<dyn std::error::Error>> {
    let url = DatabaseUrl::parse(&config.database_url)
        .map_err(|error| format!("DATABASE_URL: {error}"))?;
    match url.kind() {
        DatabaseKind::Postgres => {
            let store = PostgresStore::<User>::connect(url.as_str()).await?;
            if needs_tables {
                store.migrate().await?;
            }
            users(config, store)
        }
        DatabaseKind::MongoDb => {
            let store = MongoStore::<User>::connect(url.as_str()).await?;
            if needs_tables {
                store.migrate().await?;
            }
            users(config, store)
        }
        DatabaseKind::MySql => {
            let store = MySqlStore::<User>::connect(url.as_str()).await?;
            if needs_tables {
                store.migrate().await?;
            }
            users(config, store)
        }
        DatabaseKind::Sqlite => {
            let store = SqliteStore::<User>::connect(url.as_str()).await?;
            if needs_tables {
                store.migrate().await?;
            }
            users(config, store)
        }
        _ => Err("DATABASE_URL: this example has no store for it".into()),
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        None => serve().await,
        Some(Task::Users(command)) => administer(command).await,
    };
    let error = match done {
        Ok(code) => return code,
        Err(error) => error,
    };
    eprintln!("full does not start: {error}");
    let reasons = std::iter::successors(error.source(), |reason| reason.source());
    reasons.for_each(|reason| eprintln!("because: {reason}"));
    ExitCode::FAILURE
}

fn log() {
    // What an operator wants to see goes to standard error, `RUST_LOG` says how much of it; the hooks have standard output.
    let filter = EnvFilter::builder()
        .with_default_directive(LevelFilter::WARN.into())
        .from_env_lossy();
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .init();
}

async fn administer(command: cli::Command) -> Result<ExitCode, Box<dyn std::error::Error>> {
    log();
    let users = open(&Config::from_env()?, command.needs_tables()).await?;
    Ok(command.run(&users, &mut cli::Io::process()).await)
}

async fn serve() -> Result<ExitCode, Box<dyn std::error::Error>> {
    log();
    let config = Config::from_env()?;
    let users = open(&config, true).await?;
    let oidc = match &config.oidc {
        Some(oidc) => Some(oidc::Oidc::discover(oidc).await?),
        None => None,
    };
    let app = users
        .router()
        .merge(guards::router())
        .with_state(users.clone())
        .nest("/strict", strict(&users)?);
    let app = match &oidc {
        Some(oidc) => app.merge(oidc.router(&users)?),
        None => app,
    };
    let app = app.merge(docs(
        "/docs",
        "/openapi.json",
        api::document(&users, oidc.as_ref())?,
    ));
    let listener = tokio::net::TcpListener::bind(config.bind).await?;
    println!("Serving on http://{}", listener.local_addr()?);
    users_runtime::serve(listener, fastapi_routing(app).compat(config.compat)).await?;
    Ok(ExitCode::SUCCESS)
}
