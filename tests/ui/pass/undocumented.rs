//! A struct without documentation, where every public item needs some: that of the schemas is generated.

#![deny(missing_docs)]
#![allow(dead_code, reason = "a case is compiled, and nothing runs it")]

use users_runtime::{PasswordHash, UserModel};
use uuid::Uuid;

mod inner {
    use super::*;

    #[allow(missing_docs, reason = "whose user has no documentation is what is tried")]
    #[derive(Clone, UserModel)]
    #[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
    pub struct User {
        pub id: Uuid,
        pub email: String,
        pub hashed_password: PasswordHash,
        pub is_active: bool,
        pub is_superuser: bool,
        pub is_verified: bool,
        pub name: String,
    }
}

pub use inner::{UserCreate, UserRead, UserUpdate};

fn main() {}
