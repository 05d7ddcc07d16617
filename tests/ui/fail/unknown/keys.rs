//! Keys that there are not, on the struct and on its fields.

use users_runtime::{PasswordHash, UserModel};
use uuid::Uuid;

#[derive(Clone, UserModel)]
#[fastapi_users(tabel = "users", shemas(read = Shown), backend(name = "jwt", transport = bearer, strategy = jwt))]
pub struct User {
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
    #[fastapi_users(lenght(max = 3))]
    pub name: String,
    #[fastapi_users(acess = public)]
    pub note: String,
    #[fastapi_users(primary_key)]
    pub number: i64,
}

fn main() {}
