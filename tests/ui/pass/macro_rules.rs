//! A struct that a macro writes, with types, expressions and names from outside.

use users_runtime::{PasswordHash, UserModel};
use uuid::Uuid;

macro_rules! user {
    ($(#[$attribute:meta])* $vis:vis $name:ident, $table:literal, $extra:ident: $ty:ty = $default:expr, $check:expr, $optional:ty) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, UserModel)]
        #[fastapi_users(table = $table, backend(name = "jwt", transport = bearer, strategy = jwt))]
        $vis struct $name {
            pub id: Uuid,
            pub email: String,
            pub hashed_password: PasswordHash,
            pub is_active: bool,
            pub is_superuser: bool,
            pub is_verified: bool,
            #[fastapi_users(default = $default, validate = $check)]
            pub $extra: $ty,
            #[fastapi_users(access = admin_only, validate = $check)]
            pub optional: $optional,
            #[fastapi_users(length(max = 30), read = admin)]
            pub own: String,
        }
    };
}

macro_rules! limited {
    ($name:ident, $most:literal, $lowest:literal, $flag:ty) => {
        #[derive(Clone, Debug, UserModel)]
        #[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt, prefix = "/limited"))]
        pub struct $name {
            #[fastapi_users(id(v7))]
            pub id: Uuid,
            pub email: String,
            pub hashed_password: PasswordHash,
            pub is_active: $flag,
            pub is_superuser: $flag,
            pub is_verified: $flag,
            #[fastapi_users(length(max = $most), pattern = "x", default = "x")]
            pub name: String,
            #[fastapi_users(range(min = $lowest, max = 9), default = $lowest)]
            pub points: i64,
        }
    };
}

fn short(text: &String) -> Result<(), String> {
    if text.len() < 9 { Ok(()) } else { Err("too long".into()) }
}

user! {
    /// A person.
    pub Person, "persons", nick: String = "nobody", short, Option<String>
}
user!(pub(crate) Other, "others", nick: String = String::from("nobody"), |text: &String| short(text), Option<String>);
limited!(Limited, 3, -1, bool);

fn main() {
    assert_eq!((Person::TABLE, Other::TABLE), ("persons", "others"));
    assert_eq!(Limited::COLUMNS[6].max_length, Some(3));
    let body = serde_json::json!({"email": "a@example.com", "password": "secret", "own": "mine"});
    let create: PersonCreate = serde_json::from_value(body.clone()).unwrap();
    assert_eq!((create.nick.as_str(), create.optional), ("nobody", None));
    let create: LimitedCreate = serde_json::from_value(body).unwrap();
    assert_eq!((create.name.as_str(), create.points), ("x", -1));
}
