//! A tenant of users who belong to none.

use users_runtime::{HookError, PasswordHash, RequestParts, UserModel, Users, UsersBuilder};
use uuid::Uuid;

#[derive(Clone, UserModel)]
#[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
pub struct User {
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
    pub organisation: i64,
}

fn organisation(_: &RequestParts) -> Result<i64, HookError> {
    Ok(7)
}

fn configured(builder: UsersBuilder<User>) -> UsersBuilder<User> {
    builder.tenant(organisation)
}

fn members(users: &Users<User>) -> Users<User> {
    users.in_tenant(&7)
}

fn main() {}
