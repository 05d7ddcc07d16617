//! Keys that other crates have: each error says what to write here.

use users_runtime::{PasswordHash, UserModel};
use uuid::Uuid;

#[derive(Clone, UserModel)]
#[fastapi_users(
    name = "users", jwt, login = "10/m/ip", lifetime = "1h", deny_unknown_fields, unique("name"),
    secret = "…", prefix = "/auth"
)]
pub struct User {
    #[fastapi_users(primary_key)]
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
    #[fastapi_users(unique, index, max_length = 40, min_length = 2, regex = "^[a-z]+$")]
    pub nick: String,
    #[fastapi_users(min = 0, max = 10, nullable)]
    pub points: i64,
    #[fastapi_users(name = "lastName", required)]
    pub last_name: String,
    #[fastapi_users(read_only)]
    pub level: Option<i32>,
    #[fastapi_users(private)]
    pub note: Option<String>,
    #[fastapi_users(hidden)]
    pub token: Option<String>,
    #[fastapi_users(skip_serializing)]
    pub pin: Option<String>,
    #[fastapi_users(references = "team(id)", description = "The team.")]
    pub team: Option<i64>,
    #[fastapi_users(range(gt = 0))]
    pub age: Option<i32>,
}

#[derive(Clone, UserModel)]
#[fastapi_users(
    table = "member",
    backend(name = "jwt", bearer, jwt, lifetime = "1h", same_site = "strict"),
    backend(name = "site", transport = cookie, strategy = session, refresh_token, path = "/site"),
    routes(login = false, delete_user = false, prefix = "/auth"),
    limits(reset_password = "5/h/ip")
)]
pub struct Member {
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
}

fn main() {}
