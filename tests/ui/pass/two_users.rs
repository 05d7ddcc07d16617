//! Two kinds of users in one module.

use users_runtime::{PasswordHash, UserModel};
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
}

#[derive(Clone, UserModel)]
#[fastapi_users(table = "staff", backend(name = "jwt", transport = bearer, strategy = jwt))]
pub struct Employee {
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
    pub wage: i64,
}

fn main() {
    assert_eq!((User::TABLE, Employee::TABLE), ("user", "staff"));
    let _: Option<(UserRead, UserCreate, UserUpdate, EmployeeRead, EmployeeCreate, EmployeeUpdate)> = None;
}
