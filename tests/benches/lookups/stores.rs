//! Every store, each with two databases full of users.

use std::{any::Any, sync::Arc};

use sea_orm::{ConnectOptions, ConnectionTrait as _};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, MySqlConnection, PgConnection};
use users_runtime::store::{
    MongoStore, MySqlStore, PostgresStore, SeaOrmStore, SqliteStore, UserStore,
};
use users_tests::User;

use crate::{Result, fill, fill_mongodb, mongodb_server, mysql_server, postgres_server};

/// A kind of store.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Sqlite,
    SeaOrm,
    Postgres,
    MariaDb,
    MongoDb,
}

/// Stores of one kind, and what they need to be there.
pub(crate) struct Stores {
    pub(crate) each: Vec<Arc<dyn UserStore<User>>>,
    _server: Box<dyn Any>,
}

impl Kind {
    pub(crate) const ALL: [Self; 5] = [
        Self::Sqlite,
        Self::SeaOrm,
        Self::Postgres,
        Self::MariaDb,
        Self::MongoDb,
    ];

    /// What it is called in the table and on the command line.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::SeaOrm => "SeaORM",
            Self::Postgres => "PostgreSQL",
            Self::MariaDb => "MariaDB",
            Self::MongoDb => "SecantusDB",
        }
    }

    /// Stores with so many users.
    pub(crate) async fn filled(self, users: [u32; 2]) -> Result<Stores> {
        match self {
            Self::Sqlite => sqlite(users).await,
            Self::SeaOrm => sea_orm(users).await,
            Self::Postgres => postgres(users).await,
            Self::MariaDb => mariadb(users).await,
            Self::MongoDb => mongodb(users).await,
        }
    }
}

async fn sqlite(users: [u32; 2]) -> Result<Stores> {
    let folder = tempfile::tempdir()?;
    let mut each: Vec<Arc<dyn UserStore<User>>> = Vec::new();
    for users in users {
        let store = SqliteStore::<User>::connect(&format!(
            "sqlite://{}/{users}.db",
            folder.path().display()
        ))
        .await?;
        store.migrate().await?;
        sqlx::raw_sql(AssertSqlSafe(fill::sqlite(users, false)))
            .execute(store.pool())
            .await?;
        each.push(Arc::new(store));
    }
    Ok(Stores {
        each,
        _server: Box::new(folder),
    })
}

async fn sea_orm(users: [u32; 2]) -> Result<Stores> {
    let folder = tempfile::tempdir()?;
    let mut each: Vec<Arc<dyn UserStore<User>>> = Vec::new();
    for users in users {
        let url = format!("sqlite://{}/{users}.db?mode=rwc", folder.path().display());
        let connection = sea_orm::Database::connect(ConnectOptions::new(url)).await?;
        connection
            .execute_unprepared("PRAGMA journal_mode = WAL")
            .await?;
        let store = SeaOrmStore::<User>::new(connection)?;
        store.migrate().await?;
        store
            .connection()
            .execute_unprepared(&fill::sqlite(users, true))
            .await?;
        each.push(Arc::new(store));
    }
    Ok(Stores {
        each,
        _server: Box::new(folder),
    })
}

async fn postgres(users: [u32; 2]) -> Result<Stores> {
    let server = postgres_server::Server::own().await;
    let mut operator = PgConnection::connect(&server.operator_url()).await?;
    let mut each: Vec<Arc<dyn UserStore<User>>> = Vec::new();
    for users in users {
        let name = format!("users_{users}");
        operator
            .execute(AssertSqlSafe(format!("CREATE DATABASE {name}")))
            .await?;
        let store = PostgresStore::<User>::connect(&server.url(&name)).await?;
        store.migrate().await?;
        sqlx::raw_sql(AssertSqlSafe(fill::postgres(users)))
            .execute(store.pool())
            .await?;
        each.push(Arc::new(store));
    }
    Ok(Stores {
        each,
        _server: Box::new(server),
    })
}

async fn mariadb(users: [u32; 2]) -> Result<Stores> {
    let server = mysql_server::Server::own().await;
    let mut operator = MySqlConnection::connect(&server.operator_url()).await?;
    let mut each: Vec<Arc<dyn UserStore<User>>> = Vec::new();
    for users in users {
        let name = format!("users_{users}");
        operator
            .execute(AssertSqlSafe(format!("CREATE DATABASE {name}")))
            .await?;
        let store = MySqlStore::<User>::connect(&server.url(&name)).await?;
        store.migrate().await?;
        sqlx::raw_sql(AssertSqlSafe(fill::mysql(users)))
            .execute(store.pool())
            .await?;
        each.push(Arc::new(store));
    }
    Ok(Stores {
        each,
        _server: Box::new(server),
    })
}

async fn mongodb(users: [u32; 2]) -> Result<Stores> {
    let server = mongodb_server::Server::own().await;
    let mut each: Vec<Arc<dyn UserStore<User>>> = Vec::new();
    for users in users {
        let store = MongoStore::<User>::connect(&server.url(&format!("users_{users}"))).await?;
        store.migrate().await?;
        fill_mongodb::fill(store.database(), users).await?;
        each.push(Arc::new(store));
    }
    Ok(Stores {
        each,
        _server: Box::new(server),
    })
}
