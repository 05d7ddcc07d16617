//! The tenant, of types that hold none.

use users_runtime::{PasswordHash, UserModel};
use uuid::Uuid;

mod optional {
    use super::*;

    #[derive(Clone, UserModel)]
    #[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
    pub struct User {
        pub id: Uuid,
        pub email: String,
        pub hashed_password: PasswordHash,
        pub is_active: bool,
        pub is_superuser: bool,
        pub is_verified: bool,
        #[fastapi_users(tenant)]
        pub organisation: Option<Uuid>,
    }
}

mod flag {
    use super::*;

    #[derive(Clone, UserModel)]
    #[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
    pub struct User {
        pub id: Uuid,
        pub email: String,
        pub hashed_password: PasswordHash,
        pub is_active: bool,
        pub is_superuser: bool,
        pub is_verified: bool,
        #[fastapi_users(tenant)]
        pub is_guest: bool,
    }
}

mod long {
    use super::*;

    #[derive(Clone, UserModel)]
    #[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
    pub struct User {
        pub id: Uuid,
        pub email: String,
        pub hashed_password: PasswordHash,
        pub is_active: bool,
        pub is_superuser: bool,
        pub is_verified: bool,
        #[fastapi_users(tenant, length(max = 256))]
        pub workspace: String,
    }
}

fn main() {}
