//! Structs that are not public.

#![deny(private_interfaces, private_bounds, dead_code, unreachable_pub)]

use users_runtime::{PasswordHash, UserModel};
use uuid::Uuid;

mod inner {
    use super::*;

    #[derive(Clone, UserModel)]
    #[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
    pub(crate) struct User {
        pub id: Uuid,
        pub email: String,
        pub hashed_password: PasswordHash,
        pub is_active: bool,
        pub is_superuser: bool,
        pub is_verified: bool,
    }

    mod innermost {
        use super::*;

        #[derive(Clone, UserModel)]
        #[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
        pub(super) struct Hidden {
            pub id: Uuid,
            pub email: String,
            pub hashed_password: PasswordHash,
            pub is_active: bool,
            pub is_superuser: bool,
            pub is_verified: bool,
        }
    }

    pub(crate) fn hidden() -> &'static str {
        innermost::Hidden::TABLE
    }
}

#[derive(Clone, UserModel)]
#[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
struct Private {
    id: Uuid,
    email: String,
    hashed_password: PasswordHash,
    is_active: bool,
    is_superuser: bool,
    is_verified: bool,
}

fn main() {
    assert_eq!(inner::User::TABLE, "user");
    assert_eq!(inner::hidden(), "hidden");
    assert_eq!(Private::TABLE, "private");
    let _: Option<(inner::UserRead, PrivateRead)> = None;
}
