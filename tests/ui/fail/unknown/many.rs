//! Eleven mistakes of different kinds: all of them are reported in one compile, each at its place and once.

use users_runtime::{PasswordHash, UserModel};

#[derive(Clone, UserModel)]
#[fastapi_users(
    tabel = "members",
    backend(name = "jwt", transport = bearer, strategy = jwt, prefix = "auth"),
    backend(name = "site", transport = cooky, strategy = database),
    routes(users = "/users/")
)]
pub struct User {
    pub id: bool,
    pub email: Option<String>,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    #[fastapi_users(is_verified, length(max = 3))]
    pub verified: bool,
    #[fastapi_users(lenght(max = 3))]
    pub name: String,
    #[fastapi_users(length(min = 3, max = 2))]
    pub nick: String,
    #[fastapi_users(access = read_only)]
    pub points: i64,
    pub big: u64,
}

fn main() {}
