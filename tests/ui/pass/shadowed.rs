//! Where everything that the prelude has is something else.

#![allow(dead_code, unused_macros, reason = "what shadows is there, and nothing uses it")]

fn polite(text: &str) -> Result<(), &'static str> {
    if text.is_empty() { Err("say something") } else { Ok(()) }
}

mod users {
    // What the prelude and the runtime call so, this module calls something else.
    pub struct Option;
    pub struct Result;
    pub struct Some;
    pub struct None;
    pub struct Ok;
    pub struct Err;
    pub struct String;
    pub struct Vec;
    pub struct Box;
    pub struct Column;
    pub struct Presence;
    pub struct Password;
    pub struct Role;
    pub struct Input;
    pub struct Schema;
    pub struct Config;
    pub struct Row;
    pub trait Default {}
    pub trait Clone {}
    pub trait Into {}
    pub trait From {}
    pub trait Debug {}
    pub trait Serialize {}
    pub trait Deserialize {}
    pub trait Field {}
    pub trait Iterator {}
    pub trait Fn {}
    pub trait Send {}
    pub mod core {}
    pub mod std {}
    pub mod users_runtime {}
    pub mod serde {}
    pub fn checked() {}
    pub fn debug() {}
    macro_rules! assert {
        ($($tokens:tt)*) => {
            compile_error!("not this one")
        };
    }
    macro_rules! matches {
        ($($tokens:tt)*) => {
            compile_error!("not this one")
        };
    }
    macro_rules! vec {
        ($($tokens:tt)*) => {
            compile_error!("not this one")
        };
    }
    macro_rules! format {
        ($($tokens:tt)*) => {
            compile_error!("not this one")
        };
    }
    macro_rules! unreachable {
        ($($tokens:tt)*) => {
            compile_error!("not this one")
        };
    }

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
