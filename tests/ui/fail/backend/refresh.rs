//! Refresh tokens with strategies that keep no sessions.

use users_runtime::{PasswordHash, UserModel};

#[derive(Clone, UserModel)]
#[fastapi_users(
    backend(name = "db", transport = bearer, strategy = database, refresh),
    backend(name = "redis", transport = cookie, strategy = redis, refresh),
    backend(name = "own", transport = bearer, strategy = custom, refresh),
    backend(name = "twice", transport = bearer, strategy = jwt, refresh, refresh),
    backend(name = "valued", transport = bearer, strategy = jwt, refresh = true)
)]
struct User {
    id: uuid::Uuid,
    email: String,
    hashed_password: PasswordHash,
    is_active: bool,
    is_superuser: bool,
    is_verified: bool,
}

fn main() {}
