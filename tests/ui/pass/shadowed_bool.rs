//! Where `bool` and the numbers are something else, as long as the fields have the real ones.

#![allow(non_camel_case_types, dead_code, reason = "a type that is called as one of the language's is what is tried")]

mod users {
    pub struct bool;
    pub struct str;
    pub struct i64;
    pub struct u32;
    pub struct usize;

    #[derive(Clone, users_runtime::UserModel)]
    #[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
    pub struct User {
        pub id: uuid::Uuid,
        pub email: String,
        pub hashed_password: users_runtime::PasswordHash,
        pub is_active: std::primitive::bool,
        pub is_superuser: std::primitive::bool,
        pub is_verified: std::primitive::bool,
        #[fastapi_users(length(max = 5))]
        pub name: String,
    }
}

fn main() {
    use users_runtime::UserModel as _;

    assert_eq!(users::User::TABLE, "user");
}
