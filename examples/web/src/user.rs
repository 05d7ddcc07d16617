//! The user: what everything else is generated from.

use users_runtime::{PasswordHash, UserModel};
use uuid::Uuid;

/// A user with a name. Browsers log in at the backend `web`, other clients at `api`, and both only once the e-mail address is verified.
#[derive(Clone, Debug, UserModel)]
#[fastapi_users(
    table = "user",
    secure,
    backend(name = "web", transport = cookie, strategy = session),
    backend(name = "api", transport = bearer, strategy = jwt, refresh),
    events,
    routes(requires_verification),
    limits(
        login = "120/m/ip, 5/m/account+ip, 100/d/account",
        register = "100/h/ip",
        forgot = "60/m/ip, 5/h/account",
        verify = "60/m/ip, 5/h/account",
        unlock
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
