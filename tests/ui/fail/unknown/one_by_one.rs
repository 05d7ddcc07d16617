//! Mistakes behind mistakes: what is wrong with one key hides nothing of the others, and asks for nothing that is there.

use users_runtime::{PasswordHash, UserModel};
use uuid::Uuid;

#[derive(Clone, UserModel)]
#[fastapi_users(table = "my users", backend(nam = "jwt", transport = bearer, strategy = jwt))]
pub struct User {
    pub id: Uuid,
    #[fastapi_users(emial, email)]
    pub address: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
    #[fastapi_users(access = private, default(1))]
    pub visits: i64,
    #[fastapi_users(column = "a b", column = "c", pattern = "(")]
    pub name: String,
}

fn main() {}
