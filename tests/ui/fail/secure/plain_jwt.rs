//! JSON web tokens that no logout can end, beside `secure`.

use users_runtime::{PasswordHash, UserModel};

#[derive(Clone, UserModel)]
#[fastapi_users(
    secure,
    backend(name = "api", transport = bearer, strategy = jwt),
    backend(name = "web", transport = cookie, strategy = jwt, refresh)
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
