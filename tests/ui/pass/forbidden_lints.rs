//! Lints that cannot be allowed, also for fields that have no text as their documentation.

#![forbid(missing_docs, unsafe_code, private_interfaces, private_bounds, unreachable_pub)]
#![forbid(missing_debug_implementations, unused_qualifications, unused_imports, unused_results, unused_variables)]

use users_runtime::{PasswordHash, UserModel};
use uuid::Uuid;

/// A user.
#[derive(Clone, Debug, UserModel)]
#[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
pub struct User {
    id: Uuid,
    #[doc(alias = "mail")]
    email: String,
    hashed_password: PasswordHash,
    is_active: bool,
    is_superuser: bool,
    is_verified: bool,
    name: String,
    #[doc(alias = "surname")]
    #[fastapi_users(read = admin)]
    family_name: String,
    #[doc(hidden)]
    pub note: Option<String>,
    #[doc = "Written as an attribute."]
    pub nick: Option<String>,
}

/// A module whose items are reachable.
pub mod inner {
    use super::{PasswordHash, UserModel};

    /// A user whose fields are documented by an alias alone, and reachable by its schemas only.
    #[derive(Clone, Debug, UserModel)]
    #[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
    pub struct Member {
        pub(crate) id: i64,
        pub(crate) email: String,
        pub(crate) hashed_password: PasswordHash,
        pub(crate) is_active: bool,
        pub(crate) is_superuser: bool,
        pub(crate) is_verified: bool,
        #[doc(alias = "called")]
        pub(crate) name: String,
    }
}

fn main() {
    assert_eq!((User::TABLE, inner::Member::TABLE), ("user", "member"));
}
