//! A runtime that is found at another path.

mod parts {
    pub use users_runtime as users;
}

mod model {
    use crate::parts::users::{PasswordHash, UserModel};

    #[derive(Clone, UserModel)]
    #[fastapi_users(crate = crate::parts::users, backend(name = "jwt", transport = bearer, strategy = jwt))]
    pub struct User {
        pub id: uuid::Uuid,
        pub email: String,
        pub hashed_password: PasswordHash,
        pub is_active: bool,
        pub is_superuser: bool,
        pub is_verified: bool,
        #[fastapi_users(access = admin_only, default)]
        pub name: String,
        #[fastapi_users(length(max = 9))]
        pub nick: Option<String>,
    }
}

fn main() {
    use parts::users::UserModel as _;

    assert_eq!(model::User::COLUMNS.len(), 8);
}
