//! A database's URL, as sqlx or as SQLAlchemy writes it.

#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
use std::borrow::Cow;
use std::{fmt, path::Path};

#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
use super::StoreError;

/// A database that this crate has a store for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DatabaseKind {
    /// [`SqliteStore`](crate::SqliteStore)
    Sqlite,
    /// `PostgresStore`
    Postgres,
    /// `MySqlStore`, also for MariaDB
    MySql,
    /// `MongoStore`
    MongoDb,
}

/// A database's URL, read from an environment that another program may share: which database it is of, and the form that the
/// `connect` of its store takes.
///
/// The forms of SQLAlchemy are read as SQLAlchemy reads them: a driver's name in the scheme (`postgresql+asyncpg://…`) is dropped,
/// `sqlite+aiosqlite:///users.db` and `sqlite:///./users.db` are files in the working directory. Without a driver's name,
/// `sqlite:///users.db` is a file in the root directory, where SQLAlchemy has one in the working directory: unless it is there, it
/// is refused with both ways to write it. `connect` of each store reads URLs in the same way.
///
/// ```
/// use users_runtime::store::{DatabaseKind, DatabaseUrl};
///
/// let url = DatabaseUrl::parse("postgresql+asyncpg://app:secret@db/app")?;
/// assert_eq!((url.kind(), url.as_str()), (DatabaseKind::Postgres, "postgresql://app:secret@db/app"));
/// let url = DatabaseUrl::parse("sqlite+aiosqlite:///./users.db")?;
/// assert_eq!((url.kind(), url.as_str()), (DatabaseKind::Sqlite, "sqlite://./users.db"));
/// # Ok::<(), users_runtime::store::DatabaseUrlError>(())
/// ```
///
/// Its `Debug` shows the database only, since a URL may have a password.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl {
    kind: DatabaseKind,
    text: String,
}

/// Why a text is not the URL of a database. It shows nothing of the URL but its scheme and the path of a file.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DatabaseUrlError {
    /// No store is for this scheme.
    #[error(
        "no store reads this URL: write `sqlite://PATH`, `postgres://…`, `mysql://…`, `mariadb://…` or `mongodb://…`"
    )]
    UnknownScheme,
    /// The URL is of another database than the store.
    #[error("this is the URL of another database: use the store that its scheme names")]
    OtherDatabase,
    /// SQLAlchemy and sqlx mean different files by it.
    #[error(
        "`sqlite:///{0}` is the file `/{0}` here, which does not exist, and `./{0}` for SQLAlchemy: write `sqlite://{0}` for a path \
         relative to the working directory, and `sqlite:////{0}` for the file in the root directory"
    )]
    AmbiguousPath(String),
    /// A parameter that only another driver knows, without which the connection would not be encrypted as it says.
    #[error(
        "the parameter `ssl` is a Python driver's: write `sslmode=verify-full` for PostgreSQL, `ssl-mode=VERIFY_IDENTITY` for MySQL"
    )]
    ForeignTls,
}

impl DatabaseUrl {
    /// Reads a URL.
    ///
    /// # Errors
    ///
    /// [`DatabaseUrlError`], which says how to write it.
    pub fn parse(url: &str) -> Result<Self, DatabaseUrlError> {
        let (scheme, rest) = url.split_once(':').ok_or(DatabaseUrlError::UnknownScheme)?;
        let (name, driver) = match scheme.split_once('+') {
            Some((name, driver)) => (name, Some(driver)),
            None => (scheme, None),
        };
        let kind = match name {
            "sqlite" => DatabaseKind::Sqlite,
            "postgres" | "postgresql" => DatabaseKind::Postgres,
            "mysql" | "mariadb" => DatabaseKind::MySql,
            "mongodb" => DatabaseKind::MongoDb,
            _ => return Err(DatabaseUrlError::UnknownScheme),
        };
        let text = match (kind, driver) {
            (DatabaseKind::Sqlite, driver) => sqlite(rest, driver.is_some())?,
            // `mongodb+srv` is MongoDB's own.
            (DatabaseKind::MongoDb, _) | (_, None) => url.to_owned(),
            (_, Some(_)) if has_foreign_tls(rest) => return Err(DatabaseUrlError::ForeignTls),
            (_, Some(_)) => format!("{name}:{rest}"),
        };
        Ok(Self { kind, text })
    }

    /// Which database it is of.
    pub const fn kind(&self) -> DatabaseKind {
        self.kind
    }

    /// The form that the `connect` of the store takes.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DatabaseUrl")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// The URL of an SQLite database. With a driver's name it is SQLAlchemy's, who has a path behind three slashes.
fn sqlite(rest: &str, is_sqlalchemy: bool) -> Result<String, DatabaseUrlError> {
    let (path, parameters) = match rest.split_once('?') {
        Some((path, parameters)) => (path, format!("?{parameters}")),
        None => (rest, String::new()),
    };
    if matches!(path, "//" | "///" | "///:memory:" | "//:memory:") {
        return Ok(format!("sqlite::memory:{parameters}"));
    }
    let Some(behind) = path.strip_prefix("///") else {
        return Ok(format!("sqlite:{path}{parameters}"));
    };
    if let Some(absolute) = behind.strip_prefix('/') {
        // sqlx would drop all four.
        return Ok(format!("sqlite:/{absolute}{parameters}"));
    }
    if is_sqlalchemy || behind.starts_with("./") || behind.starts_with("../") {
        return Ok(format!("sqlite://{behind}{parameters}"));
    }
    let is_in_root = !behind.contains('/');
    if is_in_root && !Path::new("/").join(behind).exists() {
        return Err(DatabaseUrlError::AmbiguousPath(behind.to_owned()));
    }
    Ok(format!("sqlite:{path}{parameters}"))
}

/// Whether a URL has the parameter by which Python's drivers switch TLS on; sqlx would pass it over.
fn has_foreign_tls(rest: &str) -> bool {
    let parameters = rest
        .split_once('?')
        .map_or("", |(_, parameters)| parameters);
    parameters
        .split('&')
        .any(|parameter| parameter == "ssl" || parameter.starts_with("ssl="))
}

/// The URL that a store of this kind opens. What has no scheme is left to the driver.
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
pub(super) fn accepted(url: &str, kind: DatabaseKind) -> Result<Cow<'_, str>, StoreError> {
    match DatabaseUrl::parse(url) {
        Ok(parsed) if parsed.kind == kind => Ok(Cow::Owned(parsed.text)),
        Ok(_) => Err(StoreError::Database(DatabaseUrlError::OtherDatabase.into())),
        Err(DatabaseUrlError::UnknownScheme) => Ok(Cow::Borrowed(url)),
        Err(error) => Err(StoreError::Database(error.into())),
    }
}

crate::error_debug::debug_as_sentence!(DatabaseUrlError);

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_read(url: &str, kind: DatabaseKind, text: &str) {
        let read = DatabaseUrl::parse(url).expect(url);
        assert_eq!((read.kind(), read.as_str()), (kind, text), "{url}");
    }

    #[test]
    fn urls_of_files_are_read_as_sqlalchemy_reads_them() {
        for (url, text) in [
            ("sqlite:///./test.db", "sqlite://./test.db"),
            ("sqlite:///../data/x.db", "sqlite://../data/x.db"),
            ("sqlite+aiosqlite:///./x.db", "sqlite://./x.db"),
            ("sqlite+aiosqlite:///x.db?mode=ro", "sqlite://x.db?mode=ro"),
            ("sqlite+pysqlite:///data/x.db", "sqlite://data/x.db"),
            ("sqlite+aiosqlite:////var/x.db", "sqlite:/var/x.db"),
            ("sqlite+aiosqlite://", "sqlite::memory:"),
            ("sqlite+aiosqlite:///:memory:", "sqlite::memory:"),
        ] {
            assert_read(url, DatabaseKind::Sqlite, text);
        }
    }

    #[test]
    fn urls_of_servers_are_read_as_sqlalchemy_reads_them() {
        for (url, kind, text) in [
            (
                "postgresql+asyncpg://a:b@h/d",
                DatabaseKind::Postgres,
                "postgresql://a:b@h/d",
            ),
            (
                "postgresql+psycopg2://h/d?sslmode=require",
                DatabaseKind::Postgres,
                "postgresql://h/d?sslmode=require",
            ),
            (
                "mysql+aiomysql://h/d?charset=utf8mb4",
                DatabaseKind::MySql,
                "mysql://h/d?charset=utf8mb4",
            ),
            (
                "mariadb+asyncmy://h/d",
                DatabaseKind::MySql,
                "mariadb://h/d",
            ),
        ] {
            assert_read(url, kind, text);
        }
    }

    #[test]
    fn urls_of_sqlx_stay_as_they_are() {
        for url in [
            "sqlite://users.db",
            "sqlite:users.db?mode=rwc",
            "sqlite::memory:",
            "sqlite:/users.db",
            "sqlite:///var/lib/app/users.db?mode=rwc",
            "postgres://app@db/app?sslmode=verify-full",
            "mariadb://app@db/app",
            "mongodb+srv://app@db/app",
        ] {
            assert_eq!(DatabaseUrl::parse(url).expect(url).as_str(), url);
        }
        // One in the root directory that is there.
        let root = std::fs::read_dir("/").expect("a root directory");
        let name = root.flatten().next().expect("a name").file_name();
        let url = format!("sqlite:///{}", name.display());
        assert_eq!(DatabaseUrl::parse(&url).expect("a path").as_str(), url);
    }

    #[test]
    fn what_could_be_two_files_and_what_is_none_is_told() {
        let told = |url: &str| DatabaseUrl::parse(url).expect_err(url).to_string();
        let ambiguous = told("sqlite:///no-such-file.db");
        assert!(
            ambiguous.contains("`sqlite://no-such-file.db`")
                && ambiguous.contains("`sqlite:////no-such-file.db`"),
            "{ambiguous}"
        );
        for url in ["users.db", "oracle://app:secret@db", "", "+:"] {
            assert_eq!(
                DatabaseUrl::parse(url),
                Err(DatabaseUrlError::UnknownScheme)
            );
        }
        for url in [
            "postgresql+asyncpg://app:secret@db/app?ssl=require",
            "mysql+aiomysql://app:secret@db/app?a=b&ssl=true",
        ] {
            assert!(!told(url).contains("secret"));
        }
        let url = DatabaseUrl::parse("postgres://app:secret@db/app").expect("a URL");
        assert!(!format!("{url:?}").contains("secret"));
    }
}
