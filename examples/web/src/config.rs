//! The configuration, read from the environment. Without any, the example serves on this machine, on SQLite.

use std::{env, error::Error, net::SocketAddr};

/// What the environment says.
pub(crate) struct Config {
    /// Where to listen: `BIND`.
    pub bind: SocketAddr,
    /// Where browsers find the page, for links in mails: `BASE_URL`; the address it listens at when it is not set. Never the
    /// `Host` of a request, with which anybody could have links to a server of their own mailed.
    pub base_url: Option<String>,
    /// Where the users are: `DATABASE_URL`, of SQLite.
    pub database_url: String,
    /// What signs the tokens in mails: `SECRET`; random when it is not set.
    pub secret: String,
    /// Who sends the mails; `None` shows them on the page.
    pub smtp: Option<Smtp>,
}

/// Who sends the mails.
pub(crate) struct Smtp {
    /// `SMTP_URL`, such as `smtps://user:password@mail.example.com`; `smtp://…?tls=required` for STARTTLS.
    pub url: String,
    /// `MAIL_FROM`, such as `Example <hello@example.com>`.
    pub from: String,
}

impl Config {
    /// Reads the environment.
    pub(crate) fn from_env() -> Result<Self, Box<dyn Error>> {
        let config = Self {
            bind: set("BIND").unwrap_or_else(|| "127.0.0.1:8000".to_owned()).parse()?,
            base_url: set("BASE_URL").map(|url| url.trim_end_matches('/').to_owned()),
            database_url: set("DATABASE_URL").unwrap_or_else(|| "sqlite://web.db?mode=rwc".to_owned()),
            secret: set("SECRET").unwrap_or_else(users_runtime::random_secret),
            smtp: match set("SMTP_URL") {
                Some(url) => Some(Smtp { url, from: set("MAIL_FROM").ok_or("SMTP_URL is set, MAIL_FROM is not")? }),
                None => None,
            },
        };
        if config.smtp.is_none() && !config.bind.ip().is_loopback() {
            return Err(
                "without SMTP_URL the page shows everybody's mails, so BIND must be an address of this machine only".into()
            );
        }
        Ok(config)
    }
}

/// A variable that is set and not empty.
fn set(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
