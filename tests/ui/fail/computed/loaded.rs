//! Computed fields that ask the store, whose functions do not fit, and a user that is shown without them.

use users_runtime::{PasswordHash, UserModel, value::Viewer};
use uuid::Uuid;

#[derive(Clone, UserModel)]
#[fastapi_users(
    computed(
        right: usize = async right,
        other_type: String = async right,
        missing: String = async missing,
        not_async: usize = async counted,
        one_user: usize = async one_user,
    ),
    backend(name = "jwt", transport = bearer, strategy = jwt)
)]
pub struct User {
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
}

async fn right(_: &u8, users: &[User]) -> Result<Vec<usize>, std::io::Error> {
    Ok(users.iter().map(|_| 7).collect())
}

fn counted(_: &u8, users: &[User]) -> Result<Vec<usize>, std::io::Error> {
    Ok(vec![7; users.len()])
}

async fn one_user(user: &User) -> Result<usize, std::io::Error> {
    Ok(user.email.len())
}

pub fn shown(user: &User) -> UserRead {
    user.read_as(Viewer::Owner)
}

fn main() {}
