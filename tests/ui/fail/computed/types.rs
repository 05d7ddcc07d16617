//! Functions of computed fields that do not fit.

use users_runtime::{PasswordHash, UserModel};
use uuid::Uuid;

#[derive(Clone, UserModel)]
#[fastapi_users(
    computed(
        other_type: String = User::count,
        missing: String = User::missing,
        argument: String = of_text,
        plan: Plan = User::plan,
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

impl User {
    fn count(&self) -> usize {
        self.email.len()
    }

    fn plan(&self) -> Plan {
        Plan
    }
}

fn of_text(text: &str) -> String {
    text.to_owned()
}

pub struct Plan;

fn main() {}
