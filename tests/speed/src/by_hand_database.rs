//! The database of the server by hand: one statement for each look-up, on a pool that tests no connection before its use.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;
use sqlx::{
    FromRow, PgPool, Row as _, SqlitePool,
    postgres::{PgPoolOptions, PgRow},
    raw_sql,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow},
};
use uuid::Uuid;

use crate::by_hand::LIFETIME;

/// A user, as it is stored and as it is shown.
#[derive(Serialize)]
pub(crate) struct User {
    pub(crate) id: Uuid,
    pub(crate) email: String,
    #[serde(skip)]
    pub(crate) hashed_password: String,
    pub(crate) is_active: bool,
    pub(crate) is_superuser: bool,
    pub(crate) is_verified: bool,
}

/// The columns in the order of the statements.
macro_rules! from_row {
    ($row:ty) => {
        impl FromRow<'_, $row> for User {
            fn from_row(row: &$row) -> sqlx::Result<Self> {
                Ok(Self {
                    id: row.try_get(0)?,
                    email: row.try_get(1)?,
                    hashed_password: row.try_get(2)?,
                    is_active: row.try_get(3)?,
                    is_superuser: row.try_get(4)?,
                    is_verified: row.try_get(5)?,
                })
            }
        }
    };
}

from_row!(SqliteRow);
from_row!(PgRow);

/// A pool.
pub(crate) enum Database {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// What both databases take; SQLite keeps UUIDs as 16 bytes.
const TABLES: &str = r#"
CREATE TABLE IF NOT EXISTS "user" (id UUID PRIMARY KEY, email TEXT NOT NULL, hashed_password TEXT NOT NULL,
    is_active BOOLEAN NOT NULL, is_superuser BOOLEAN NOT NULL, is_verified BOOLEAN NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS user_email ON "user" (lower(email));
CREATE TABLE IF NOT EXISTS accesstoken (token TEXT PRIMARY KEY, user_id UUID NOT NULL, created_at BIGINT NOT NULL);
"#;

const BY_ID: &str = r#"SELECT id, email, hashed_password, is_active, is_superuser, is_verified FROM "user" WHERE id = $1"#;
const BY_EMAIL: &str = r#"SELECT id, email, hashed_password, is_active, is_superuser, is_verified FROM "user" WHERE lower(email) = lower($1)"#;
const BY_TOKEN: &str = r#"SELECT u.id, u.email, u.hashed_password, u.is_active, u.is_superuser, u.is_verified FROM accesstoken t JOIN "user" u ON u.id = t.user_id WHERE t.token = $1 AND t.created_at >= $2"#;

/// Runs the same statement on either pool.
macro_rules! on {
    ($database:expr, $query:ident($sql:expr) $(.$bind:ident($value:expr))* => $run:ident) => {
        match $database {
            Self::Sqlite(pool) => sqlx::$query($sql)$(.$bind($value))*.$run(pool).await.map(|_| ()),
            Self::Postgres(pool) => sqlx::$query($sql)$(.$bind($value))*.$run(pool).await.map(|_| ()),
        }
    };
    ($database:expr, $sql:expr $(, $value:expr)*) => {
        match $database {
            Self::Sqlite(pool) => sqlx::query_as($sql)$(.bind($value))*.fetch_optional(pool).await,
            Self::Postgres(pool) => sqlx::query_as($sql)$(.bind($value))*.fetch_optional(pool).await,
        }
    };
}

type Found = sqlx::Result<Option<User>>;

impl Database {
    pub(crate) async fn connect(url: &str) -> sqlx::Result<Self> {
        let database = if url.starts_with("postgres:") {
            let pool = PgPoolOptions::new().test_before_acquire(false);
            Self::Postgres(pool.connect(url).await?)
        } else {
            let options = url.parse::<SqliteConnectOptions>()?;
            let options = options.journal_mode(SqliteJournalMode::Wal);
            let pool = SqlitePoolOptions::new().test_before_acquire(false);
            Self::Sqlite(pool.max_connections(4).connect_with(options).await?)
        };
        match &database {
            Self::Sqlite(pool) => raw_sql(TABLES).execute(pool).await.map(drop)?,
            Self::Postgres(pool) => raw_sql(TABLES).execute(pool).await.map(drop)?,
        }
        Ok(database)
    }

    pub(crate) async fn by_id(&self, id: Uuid) -> Found {
        on!(self, BY_ID, id)
    }

    pub(crate) async fn by_email(&self, email: &str) -> Found {
        on!(self, BY_EMAIL, email)
    }

    pub(crate) async fn by_token(&self, token: &str) -> Found {
        on!(self, BY_TOKEN, token, now() - LIFETIME.cast_signed())
    }

    pub(crate) async fn insert(&self, user: &User) -> sqlx::Result<()> {
        on!(self, query(r#"INSERT INTO "user" VALUES ($1, $2, $3, TRUE, FALSE, FALSE)"#)
            .bind(user.id).bind(&user.email).bind(&user.hashed_password) => execute)
    }

    pub(crate) async fn insert_token(&self, token: &str, user: Uuid) -> sqlx::Result<()> {
        on!(self, query("INSERT INTO accesstoken VALUES ($1, $2, $3)")
            .bind(token).bind(user).bind(now()) => execute)
    }

    pub(crate) async fn set_email(&self, user: Uuid, email: &str) -> sqlx::Result<()> {
        on!(self, query(r#"UPDATE "user" SET email = $2, is_verified = FALSE WHERE id = $1"#)
            .bind(user).bind(email) => execute)
    }
}

/// Seconds since 1970.
pub(crate) fn now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs().cast_signed())
}
