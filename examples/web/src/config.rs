//! The configuration, read from the environment. Without any, the example serves on this machine, on SQLite.

use std::{
    env,
    error::Error,
    net::{IpAddr, SocketAddr},
};

use axum::http::Uri;

/// What the environment says.
pub(crate) struct Config {
    /// Where to listen: `BIND`.
    pub bind: SocketAddr,
    /// Where browsers find the page, for links in mails: `BASE_URL`, which must be set where mails are sent; otherwise the address
    /// that it listens at. Never the `Host` of a request, with which anybody could have links to a server of their own mailed.
    pub base_url: Option<String>,
    /// Where the users are: `DATABASE_URL`, of SQLite, PostgreSQL, MySQL, MariaDB or MongoDB.
    pub database_url: String,
    /// What signs the tokens in mails: `SECRET`; random when it is not set.
    pub secret: String,
    /// Where Redis is, in which attempts are counted then: `REDIS_URL`. Without it the database counts them.
    pub redis_url: Option<String>,
    /// Through which proxies clients connect: `TRUSTED_PROXIES`, addresses and networks separated by commas, such as
    /// `127.0.0.1, 10.20.0.0/16`. Their `X-Forwarded-For` names the client. Without it the client is the connection's other end.
    pub trusted_proxies: Vec<String>,
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
        Self::read(|name| env::var(name).ok())
    }

    /// Reads variables; one that is empty is not set.
    fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, Box<dyn Error>> {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let config = Self {
            bind: set("BIND")
                .unwrap_or_else(|| "127.0.0.1:8000".to_owned())
                .parse()?,
            base_url: set("BASE_URL").map(|url| url.trim_end_matches('/').to_owned()),
            database_url: set("DATABASE_URL")
                .unwrap_or_else(|| "sqlite://web.db?mode=rwc".to_owned()),
            secret: set("SECRET").unwrap_or_else(users_runtime::random_secret),
            redis_url: set("REDIS_URL"),
            trusted_proxies: set("TRUSTED_PROXIES")
                .unwrap_or_default()
                .split(',')
                .map(|proxy| proxy.trim().to_owned())
                .filter(|proxy| !proxy.is_empty())
                .collect(),
            smtp: match set("SMTP_URL") {
                Some(url) => Some(Smtp {
                    url,
                    from: set("MAIL_FROM").ok_or("SMTP_URL is set, MAIL_FROM is not")?,
                }),
                None => None,
            },
        };
        if config.smtp.is_some() {
            config
                .base_url
                .as_ref()
                .ok_or("SMTP_URL is set, BASE_URL is not: the links in mails lead there")?;
        } else if !config.is_for_this_machine()? {
            return Err(
                "without SMTP_URL the page shows the mails of all users, so BIND and BASE_URL must be of this machine only".into()
            );
        }
        Ok(config)
    }

    /// Whether no other machine can reach the page, neither directly nor through a proxy, whose URL would be in the links.
    fn is_for_this_machine(&self) -> Result<bool, Box<dyn Error>> {
        let Some(url) = &self.base_url else {
            return Ok(self.bind.ip().is_loopback());
        };
        let url: Uri = url.parse().map_err(|error| format!("BASE_URL: {error}"))?;
        let host = url
            .host()
            .ok_or("BASE_URL has no host")?
            .trim_matches(['[', ']']);
        let is_loopback = host.parse().map_or_else(
            |_| host.eq_ignore_ascii_case("localhost"),
            |ip: IpAddr| ip.is_loopback(),
        );
        Ok(is_loopback && self.bind.ip().is_loopback())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the example starts with these variables, or what it says.
    fn read(variables: &[(&str, &str)]) -> Result<Config, String> {
        let value = |name: &str| {
            variables
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        };
        Config::read(value).map_err(|error| error.to_string())
    }

    #[test]
    fn mails_are_shown_on_this_machine_only() {
        for url in [
            "",
            "http://localhost:8000/",
            "https://LOCALHOST",
            "http://127.0.0.2:8000",
            "http://[::1]:8000",
        ] {
            let config = read(&[("BASE_URL", url)]).expect(url);
            assert!(
                config.smtp.is_none() && config.bind.ip().is_loopback(),
                "{url}"
            );
        }
        for url in [
            "https://example.com",
            "http://localhost.example.com",
            "http://localhost@example.com",
            "http://192.0.2.1:8000",
        ] {
            let refused = read(&[("BASE_URL", url)]).err().expect(url);
            assert!(
                refused.starts_with("without SMTP_URL the page shows the mails of all users"),
                "{url}: {refused}"
            );
        }
        for bind in ["0.0.0.0:8000", "[::]:8000", "192.0.2.1:8000"] {
            assert!(read(&[("BIND", bind)]).is_err(), "{bind}");
            assert!(
                read(&[("BIND", bind), ("BASE_URL", "http://localhost:8000")]).is_err(),
                "{bind}"
            );
        }
        assert_eq!(
            read(&[("BASE_URL", "/path")]).err().as_deref(),
            Some("BASE_URL has no host")
        );
    }

    #[test]
    fn mails_are_sent_with_an_address_to_come_from_and_one_to_lead_to() {
        let (url, from, base) = (
            ("SMTP_URL", "smtp://localhost"),
            ("MAIL_FROM", "a@example.com"),
            ("BASE_URL", "https://example.com/"),
        );
        let config = read(&[url, from, base, ("BIND", "0.0.0.0:80")]).expect("all that is needed");
        assert_eq!(config.base_url.as_deref(), Some("https://example.com"));
        for (rest, missing) in [
            ([url, from], "BASE_URL is not"),
            ([url, base], "MAIL_FROM is not"),
        ] {
            let refused = read(&rest).err().expect(missing);
            assert!(refused.contains(missing), "{refused}");
        }
    }

    #[test]
    fn proxies_are_separated_by_commas() {
        for (value, expected) in [
            ("", &[][..]),
            (" , ", &[]),
            ("127.0.0.1, 10.20.0.0/16,", &["127.0.0.1", "10.20.0.0/16"]),
        ] {
            let config = read(&[("TRUSTED_PROXIES", value)]).expect(value);
            assert_eq!(config.trusted_proxies, expected, "{value}");
        }
    }
}
