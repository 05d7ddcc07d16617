//! The configuration, read from the environment.

use std::{env, net::SocketAddr};

use users_runtime::Compat;

/// What the environment says.
pub(crate) struct Config {
    /// Where to listen: `BIND`.
    pub bind: SocketAddr,
    /// Where the users are: `DATABASE_URL`, of SQLite or PostgreSQL.
    pub database_url: String,
    /// What signs the tokens: `SECRET`; random when it is not set.
    pub secret: String,
    /// Where Redis is: `REDIS_URL`.
    pub redis_url: Option<String>,
    /// Whose behaviour to have: `USERS_COMPAT`.
    pub compat: Compat,
}

impl Config {
    /// Reads the environment.
    pub(crate) fn from_env() -> Result<Self, Box<dyn std::error::Error>> {
        let secret = set("SECRET").unwrap_or_else(|| {
            eprintln!("warning: SECRET is not set; tokens are signed with a random one and end with this process");
            users_runtime::random_secret()
        });
        Ok(Self {
            bind: set("BIND").unwrap_or_else(|| "127.0.0.1:8000".to_owned()).parse()?,
            database_url: set("DATABASE_URL").unwrap_or_else(|| "sqlite://users.db?mode=rwc".to_owned()),
            secret,
            redis_url: set("REDIS_URL"),
            compat: if set("USERS_COMPAT").as_deref() == Some("off") { Compat::Off } else { Compat::FastApiUsers15 },
        })
    }
}

/// A variable that is set and not empty.
fn set(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
