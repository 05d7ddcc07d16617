//! A struct in the body of a function.

use users_runtime::{PasswordHash, UserModel};
use uuid::Uuid;

fn main() {
    #[derive(Clone, UserModel)]
    #[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
    pub struct User {
        pub id: Uuid,
        pub email: String,
        pub hashed_password: PasswordHash,
        pub is_active: bool,
        pub is_superuser: bool,
        pub is_verified: bool,
        #[fastapi_users(validate = short)]
        pub name: String,
    }

    fn short(text: &str) -> Result<(), &'static str> {
        if text.len() < 9 { Ok(()) } else { Err("too long") }
    }

    assert_eq!(User::COLUMNS.len(), 7);
    let read: Option<UserRead> = None;
    assert!(read.is_none());
}
