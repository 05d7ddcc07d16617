//! A field of a public struct whose type is private: what the schemas have of it is as private as the field.

#![deny(warnings, private_interfaces, private_bounds, unreachable_pub)]

mod users {
    use users_runtime::{PasswordHash, UserModel, value::{Field, FieldError, Kind, Value}};
    use uuid::Uuid;

    #[derive(Clone, Debug, serde::Serialize)]
    struct Plan;

    impl Field for Plan {
        const KIND: Kind = Kind::Text;

        fn to_value(&self) -> Value {
            Value::Text("free".into())
        }

        fn from_value(_: Value) -> Result<Self, FieldError> {
            Ok(Self)
        }
    }

    #[derive(Clone, Debug, serde::Serialize)]
    pub(super) struct Level(i16);

    impl Field for Level {
        const KIND: Kind = Kind::SmallInt;

        fn to_value(&self) -> Value {
            self.0.to_value()
        }

        fn from_value(value: Value) -> Result<Self, FieldError> {
            i16::from_value(value).map(Self)
        }
    }

    #[derive(Clone, UserModel)]
    #[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
    pub struct User {
        pub id: Uuid,
        pub email: String,
        hashed_password: PasswordHash,
        pub is_active: bool,
        pub is_superuser: bool,
        pub is_verified: bool,
        plan: Plan,
        #[fastapi_users(read = admin)]
        other_plan: Option<Plan>,
        pub(super) level: Level,
        pub(crate) name: String,
    }
}

pub use users::{User, UserCreate, UserRead, UserUpdate};

fn main() {
    use users_runtime::UserModel as _;

    assert_eq!(User::TABLE, "user");
    let read = |user: &UserRead| (user.email.clone(), user.name.clone(), format!("{:?}", user.level));
    let _ = read;
}
