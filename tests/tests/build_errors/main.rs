//! Every mistake of a configuration is told when the system is built, with how to mend it, and never by a panic.

mod backends;
mod secrets;
mod values;

use sqlx::SqlitePool;
use users_runtime::{
    Backend, BearerTransport, JwtStrategy, PasswordHash, SqliteStore, UserModel, Users,
    UsersBuilder, errors::BuildError, token::JwtKeys,
};
use users_tests::{SECRET, User};
use uuid::Uuid;

/// A user whose backends need what only the application can give.
#[derive(Clone, Debug, UserModel)]
#[fastapi_users(
    table = "guest",
    backend(name = "fast", transport = bearer, strategy = redis),
    backend(name = "own", transport = cookie, strategy = custom)
)]
struct Guest {
    id: Uuid,
    email: String,
    hashed_password: PasswordHash,
    is_active: bool,
    is_superuser: bool,
    is_verified: bool,
}

fn store<U: UserModel>() -> SqliteStore<U> {
    SqliteStore::new(SqlitePool::connect_lazy("sqlite::memory:").expect("a URL"))
}

fn builder() -> UsersBuilder<User> {
    Users::<User>::builder(store(), SECRET)
}

fn keys() -> JwtKeys {
    JwtKeys::hs256(SECRET).expect("a secret")
}

fn backend(name: &str) -> Backend<User> {
    Backend::new(name, BearerTransport::new(), JwtStrategy::new(keys()))
}

/// The error, which names `hints` and shows no secret.
#[track_caller]
fn refused<U: UserModel>(builder: UsersBuilder<U>, hints: &[&str]) -> BuildError {
    let error = builder.build().expect_err("a mistake");
    let text = error.to_string();
    for hint in hints {
        assert!(text.contains(hint), "`{hint}` is missing: {text}");
    }
    for shown in [text, format!("{error:?}")] {
        assert!(
            !shown.contains(SECRET) && !shown.contains("tiny secret"),
            "{shown}"
        );
    }
    error
}
