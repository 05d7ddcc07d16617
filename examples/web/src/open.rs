//! The users, in the database that the configuration names.

use std::{error::Error, time::Duration};

use users_runtime::{
    CookieTransport, MongoStore, MySqlStore, PostgresStore, SqliteStore, Users,
    session::{SameSite, SessionOptions},
    store::{DatabaseKind, DatabaseUrl, RedisLimits, UserStore},
    web::ClientAddresses,
};

use crate::{config::Config, hooks::Notify, mail::Mailer, user::User};

/// How long a session lasts at most, in the database and in the browser.
const SESSION_LIFETIME: Duration = Duration::from_hours(30 * 24);

/// Opens the users. Missing tables are created where they are needed.
pub(crate) async fn open(
    config: &Config,
    mailer: Mailer,
    base_url: &str,
    needs_tables: bool,
) -> Result<Users<User>, Box<dyn Error>> {
    let url = DatabaseUrl::parse(&config.database_url)
        .map_err(|error| format!("DATABASE_URL: {error}"))?;
    match url.kind() {
        DatabaseKind::Postgres => {
            let store = PostgresStore::<User>::connect(url.as_str()).await?;
            if needs_tables {
                store.migrate().await?;
            }
            build(config, mailer, base_url, store)
        }
        DatabaseKind::MongoDb => {
            let store = MongoStore::<User>::connect(url.as_str()).await?;
            if needs_tables {
                store.migrate().await?;
            }
            build(config, mailer, base_url, store)
        }
        DatabaseKind::MySql => {
            let store = MySqlStore::<User>::connect(url.as_str()).await?;
            if needs_tables {
                store.migrate().await?;
            }
            build(config, mailer, base_url, store)
        }
        DatabaseKind::Sqlite => {
            let store = SqliteStore::<User>::connect(url.as_str()).await?;
            if needs_tables {
                store.migrate().await?;
            }
            build(config, mailer, base_url, store)
        }
        _ => Err("DATABASE_URL: this example has no store for it".into()),
    }
}

fn build(
    config: &Config,
    mailer: Mailer,
    base_url: &str,
    store: impl UserStore<User>,
) -> Result<Users<User>, Box<dyn Error>> {
    let notify = Notify::new(mailer, base_url);
    let addresses = if config.trusted_proxies.is_empty() {
        ClientAddresses::peer()
    } else {
        ClientAddresses::x_forwarded_for(config.trusted_proxies.clone())
    };
    let mut builder = Users::<User>::builder(store, &config.secret)
        .hooks(notify.clone())
        .base_url(base_url)
        .sessions(SessionOptions::new().absolute(SESSION_LIFETIME))
        .transport("web", cookie(base_url))
        .client_addresses(addresses)
        .secure_browser_cookie(base_url.starts_with("https:"));
    if let Some(url) = &config.redis_url {
        let limits = RedisLimits::connect(url).map_err(|error| format!("REDIS_URL: {error}"))?;
        builder = builder.limit_store(limits);
    }
    let users = builder.build()?;
    notify.belong_to(users.clone());
    Ok(users)
}

/// The cookie of the backend `web`. Over HTTPS it belongs to this host alone. Without HTTPS it cannot be `Secure`, since some browsers
/// keep no such cookie from `http://127.0.0.1`.
fn cookie(base_url: &str) -> CookieTransport {
    let cookie = CookieTransport::new()
        .same_site(SameSite::Strict)
        .max_age(SESSION_LIFETIME);
    if base_url.starts_with("https:") {
        cookie.host_prefix()
    } else {
        cookie.secure(false)
    }
}
