//! The user, and how long they stay logged in.

use std::time::Duration;

use users_runtime::{PasswordHash, UserModel};
use uuid::Uuid;

/// How long a session lasts, in the database and in the browser.
pub(crate) const SESSION_LIFETIME: Duration = Duration::from_hours(14 * 24);

/// Somebody with an account. The session is a random token in a cookie; the database has its hash.
#[derive(Clone, Debug, UserModel)]
#[fastapi_users(
    table = "user",
    backend(name = "cookie", transport = cookie, strategy = database),
    limits(
        login = "120/m/ip, 5/m/account+ip, 100/d/account",
        register = "100/h/ip",
        forgot = "60/m/ip, 5/h/account",
        verify = "60/m/ip, 5/h/account"
    )
)]
pub(crate) struct User {
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
    /// Without control characters, since it stands in mails.
    #[fastapi_users(length(max = 100), pattern = r"^\P{Cc}*$")]
    pub first_name: Option<String>,
    #[fastapi_users(length(max = 100), pattern = r"^\P{Cc}*$")]
    pub last_name: Option<String>,
}
