//! The user of the example `full`, laid out as Beanie lays one out by itself.

use users_runtime::{PasswordHash, UserModel, value::ObjectId};

/// A user with a name, in the collection `User`, with an id of the database's own.
#[derive(Clone, Debug, UserModel)]
#[fastapi_users(
    table = "User",
    backend(name = "jwt", transport = bearer, strategy = jwt),
    backend(name = "cookie", transport = cookie, strategy = jwt),
    backend(name = "db", transport = bearer, strategy = database)
)]
pub(crate) struct User {
    /// The primary key.
    pub id: ObjectId,
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
