//! The server that is measured: the generated routes with a backend of each kind, in either order.

use std::env;

use users_runtime::{
    Compat, PasswordHash, PostgresStore, SqliteStore, UserModel, Users, fastapi_routing,
    session::RedisStrategy, store::UserStore,
};
use uuid::Uuid;

use crate::{Result, SECRET};

/// The environment variable that names the [`Setup`].
pub(crate) const SETUP: &str = "SPEED_SETUP";

/// What the server is measured with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Setup {
    /// FastAPI Users' mode, with the backends `jwt`, `session`, `db` and `redis` in this order.
    Preset,
    /// The same, with the backends in the opposite order.
    Reversed,
    /// The crate's own mode.
    Default,
}

impl Setup {
    pub(crate) const ALL: [Self; 3] = [Self::Preset, Self::Reversed, Self::Default];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Preset => "preset",
            Self::Reversed => "reversed",
            Self::Default => "default",
        }
    }

    const fn compat(self) -> Compat {
        match self {
            Self::Preset | Self::Reversed => Compat::FastApiUsers15,
            Self::Default => Compat::Off,
        }
    }
}

macro_rules! users {
    ($name:ident: $($backend:literal $strategy:ident),*) => {
        mod $name {
            use super::{PasswordHash, UserModel, Uuid};

            /// A user without fields of the application.
            #[derive(Clone, Debug, UserModel)]
            #[fastapi_users(table = "user", $(backend(name = $backend, transport = bearer, strategy = $strategy)),*)]
            pub(crate) struct User {
                pub(crate) id: Uuid,
                pub(crate) email: String,
                pub(crate) hashed_password: PasswordHash,
                pub(crate) is_active: bool,
                pub(crate) is_superuser: bool,
                pub(crate) is_verified: bool,
            }
        }
    };
}

users!(forward: "jwt" jwt, "session" session, "db" database, "redis" redis);
users!(backward: "redis" redis, "db" database, "session" session, "jwt" jwt);

/// Serves on the address in `SPEED_BIND`.
pub(crate) async fn serve(setup: Setup) -> Result<()> {
    if setup == Setup::Reversed {
        open::<backward::User>(setup).await
    } else {
        open::<forward::User>(setup).await
    }
}

async fn open<U: UserModel>(setup: Setup) -> Result<()> {
    let url = env::var("SPEED_DATABASE")?;
    if url.starts_with("postgres:") {
        let store = PostgresStore::<U>::connect(&url).await?;
        store.migrate().await?;
        run(setup, store).await
    } else {
        let store = SqliteStore::<U>::connect(&url).await?;
        store.migrate().await?;
        run(setup, store).await
    }
}

async fn run<U: UserModel>(setup: Setup, store: impl UserStore<U> + Clone) -> Result<()> {
    let redis = RedisStrategy::connect(&env::var("SPEED_REDIS")?)?;
    let users = Users::<U>::builder(store, SECRET)
        .compat(setup.compat())
        .limits_off()
        .strategy("redis", redis)
        .build()?;
    let app = fastapi_routing(users.router().with_state(users.clone())).compat(setup.compat());
    let listener = tokio::net::TcpListener::bind(env::var("SPEED_BIND")?).await?;
    users_runtime::serve(listener, app).await?;
    Ok(())
}
