//! The user: what everything else is generated from.

use users_runtime::{PasswordHash, UserModel};
use uuid::Uuid;

/// A user with a name.
#[derive(Clone, Debug, UserModel)]
#[fastapi_users(
    table = "user",
    backend(name = "jwt", transport = bearer, strategy = jwt),
    backend(name = "cookie", transport = cookie, strategy = jwt),
    backend(name = "db", transport = bearer, strategy = database)
)]
pub(crate) struct User {
    /// The primary key.
    pub id: Uuid,
    /// The e-mail address, with which the user logs in.
    pub email: String,
    /// The hash of the password.
    pub hashed_password: PasswordHash,
    /// Whether the user may log in.
    pub is_active: bool,
    /// Whether the user may administer others.
    pub is_superuser: bool,
    /// Whether the address is proven.
    pub is_verified: bool,
    /// The given name.
    #[fastapi_users(length(max = 100))]
    pub first_name: Option<String>,
    /// The family name.
    #[fastapi_users(length(max = 100))]
    pub last_name: Option<String>,
}
