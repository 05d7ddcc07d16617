//! Without a prelude, nothing of which the generated code needs.

fn polite(text: &str) -> Result<(), &'static str> {
    if text.is_empty() { Err("say something") } else { Ok(()) }
}

#[no_implicit_prelude]
mod users {
    #[derive(::core::clone::Clone, ::users_runtime::UserModel)]
    #[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt), backend(name = "site", transport = cookie, strategy = database))]
    pub struct User {
        pub id: ::uuid::Uuid,
        pub email: ::std::string::String,
        pub hashed_password: ::users_runtime::PasswordHash,
        pub is_active: bool,
        pub is_superuser: bool,
        pub is_verified: bool,
        #[fastapi_users(length(min = 1, max = 50), pattern = "^[A-Z]", validate = super::polite)]
        pub name: ::std::string::String,
        #[fastapi_users(read = admin, range(above = 0, max = 150))]
        pub age: ::core::option::Option<i64>,
        #[fastapi_users(access = admin_only, default = "none", validate = super::polite)]
        pub note: ::core::option::Option<::std::string::String>,
        #[fastapi_users(access = read_only, default = 3)]
        pub points: i64,
        #[fastapi_users(access = private, default)]
        pub visits: i64,
        #[fastapi_users(skip)]
        pub cache: ::std::vec::Vec<u8>,
    }
}

fn main() {
    use users_runtime::UserModel as _;

    assert_eq!(users::User::COLUMNS.len(), 11);
}
