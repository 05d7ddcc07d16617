//! The configuration, read from the environment.

use std::{env, net::SocketAddr};

use users_runtime::Compat;

/// What the environment says.
pub(crate) struct Config {
    /// Where to listen: `BIND`.
    pub bind: SocketAddr,
    /// Where the users are: `DATABASE_URL`, of SQLite, PostgreSQL, MySQL, MariaDB or MongoDB.
    pub database_url: String,
    /// What signs the tokens: `SECRET`; random when it is not set.
    pub secret: String,
    /// Where Redis is: `REDIS_URL`.
    pub redis_url: Option<String>,
    /// Which `OpenID` provider there is.
    pub oidc: Option<Oidc>,
    /// Whose behaviour to have: `USERS_COMPAT`.
    pub compat: Compat,
    /// Whether attempts are limited, where the compatibility leaves them limited: not with `LIMITS=off`.
    pub has_limits: bool,
    /// The memory in KiB, passes and lanes of new hashes, where they are not the default ones: `ARGON2`, such as `16384,1,1`.
    pub argon2: Option<[u32; 3]>,
}

/// An `OpenID` provider, and the application's registration there.
pub(crate) struct Oidc {
    /// Its address: `OIDC_ISSUER`.
    pub issuer: String,
    /// `OIDC_CLIENT_ID`
    pub client_id: String,
    /// `OIDC_CLIENT_SECRET`
    pub client_secret: String,
    /// Where it sends browsers back to in the strict routes: `OIDC_REDIRECT_URL`.
    pub redirect_url: String,
}

impl Oidc {
    fn from_env() -> Option<Self> {
        Some(Self {
            issuer: set("OIDC_ISSUER")?,
            client_id: set("OIDC_CLIENT_ID").unwrap_or_default(),
            client_secret: set("OIDC_CLIENT_SECRET").unwrap_or_default(),
            redirect_url: set("OIDC_REDIRECT_URL")
                .unwrap_or_else(|| "http://127.0.0.1:9/strict-callback".to_owned()),
        })
    }
}

impl Config {
    /// Reads the environment.
    pub(crate) fn from_env() -> Result<Self, Box<dyn std::error::Error>> {
        let secret = set("SECRET").unwrap_or_else(|| {
            eprintln!("warning: SECRET is not set; tokens are signed with a random one and end with this process");
            users_runtime::random_secret()
        });
        Ok(Self {
            bind: set("BIND")
                .unwrap_or_else(|| "127.0.0.1:8000".to_owned())
                .parse()?,
            database_url: set("DATABASE_URL")
                .unwrap_or_else(|| "sqlite://users.db?mode=rwc".to_owned()),
            secret,
            redis_url: set("REDIS_URL"),
            oidc: Oidc::from_env(),
            compat: if set("USERS_COMPAT").as_deref() == Some("off") {
                Compat::Off
            } else {
                Compat::FastApiUsers15
            },
            has_limits: set("LIMITS").as_deref() != Some("off"),
            argon2: set("ARGON2").as_deref().map(costs).transpose()?,
        })
    }
}

/// Three numbers with commas between them.
fn costs(text: &str) -> Result<[u32; 3], String> {
    let numbers = text
        .split(',')
        .map(str::parse)
        .collect::<Result<Vec<_>, _>>();
    numbers
        .ok()
        .and_then(|numbers| numbers.try_into().ok())
        .ok_or_else(|| {
            format!("ARGON2={text}: write memory in KiB, passes and lanes, such as 16384,1,1")
        })
}

/// A variable that is set and not empty.
fn set(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
