//! A small application on PostgreSQL, with a pool of its own and migrations by a tool of its own.
//!
//! ```text
//! export DATABASE_URL=postgres://app@localhost/app
//! cargo run -p postgres -- migration > migrations/0001_users.sql    # again after every change of the struct
//! sqlx migrate run                                                   # or: psql "$DATABASE_URL" -f migrations/0001_users.sql
//! cargo run -p postgres -- doctor
//! cargo run -p postgres -- create-superuser --email admin@example.com    # and more: cargo run -p postgres -- help
//! cargo run -p postgres
//! ```

use std::{env, error::Error, process::ExitCode};

use axum::{Router, routing::get};
use sqlx::PgPool;
use users_runtime::{
    CurrentUser, PasswordHash, PostgresStore, UserModel, Users, cli, random_secret,
    store::SchemaError,
};
use uuid::Uuid;

/// The application's user. A field more, here an `Option` or one with a default, is a column more for `migration`.
#[derive(Clone, Debug, UserModel)]
#[fastapi_users(table = "user", backend(name = "jwt", transport = bearer, strategy = jwt))]
pub(crate) struct User {
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
    #[fastapi_users(length(max = 100))]
    pub name: Option<String>,
}

type Result<T> = std::result::Result<T, Box<dyn Error>>;

async fn hello(user: CurrentUser<User>) -> String {
    format!("Hello {}!\n", user.name.as_deref().unwrap_or(&user.email))
}

async fn serve(store: PostgresStore<User>, users: Users<User>) -> Result<()> {
    match store.check().await {
        Err(error @ SchemaError::Mismatch(_)) => {
            let what = "Write a migration with `postgres migration > migrations/NUMBER_users.sql`, run it, and start again.";
            return Err(format!("{error}\n{what}").into());
        }
        result => result?,
    }
    let app = Router::new()
        .route("/hello", get(hello))
        .merge(users.router())
        .with_state(users);
    let bind = env::var("BIND").ok().filter(|bind| !bind.is_empty());
    let bind = bind.as_deref().unwrap_or("127.0.0.1:8000");
    let listener = tokio::net::TcpListener::bind(bind).await?;
    println!("Serving on http://{}", listener.local_addr()?);
    Ok(users_runtime::serve(listener, app).await?)
}

async fn run() -> Result<ExitCode> {
    let url = env::var("DATABASE_URL")
        .map_err(|_| "set DATABASE_URL, e.g. to postgres://app@localhost/app")?;
    // The application's own queries run on the same pool, which connects when it is first used.
    let store = PostgresStore::<User>::new(PgPool::connect_lazy(&url)?);
    // A new secret at every start logs all users out; a real application reads one from its configuration.
    let users = Users::<User>::builder(store.clone(), random_secret()).build()?;
    if env::args_os().len() > 1 {
        return Ok(cli::run(&users, env::args_os()).await);
    }
    serve(store, users).await?;
    Ok(ExitCode::SUCCESS)
}

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt::init();
    run().await.unwrap_or_else(|error| {
        // With its causes: what the database said stands behind what the store says.
        let mut cause = Some(&*error as &dyn Error);
        while let Some(error) = cause {
            eprintln!("{error}");
            cause = error.source();
        }
        ExitCode::from(2)
    })
}
