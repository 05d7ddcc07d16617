//! The reviewed output of the derive is real code: it is compiled as it stands in the files, and used.

#![allow(
    unreachable_pub,
    dead_code,
    unused_imports,
    clippy::default_trait_access,
    clippy::redundant_closure,
    reason = "the structs stand in a file of their own, as users write them"
)]

use users_runtime::{UserModel as _, schema::Schema as _};

/// The quickstart's struct and everything that is generated for it.
mod quickstart {
    use users_runtime::PasswordHash;
    use uuid::Uuid;

    include!("../../users-macros/snapshots/quickstart.rs");
}

/// A struct with every attribute and everything that is generated for it.
mod everything {
    use chrono::{DateTime, Utc};
    use users_runtime::PasswordHash;
    use uuid::Uuid;

    #[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
    pub struct Theme {
        pub color: String,
    }

    impl Customer {
        fn label(&self) -> String {
            format!("{} ({})", self.name, self.points)
        }
    }

    async fn orders(
        _: &super::Orders,
        customers: &[Customer],
    ) -> Result<Vec<Vec<i64>>, std::convert::Infallible> {
        Ok(customers.iter().map(|_| Vec::new()).collect())
    }

    fn bright(theme: &Theme) -> Result<(), &'static str> {
        if theme.color == "black" {
            Err("choose a bright color")
        } else {
            Ok(())
        }
    }

    fn polite(text: &str) -> Result<(), &'static str> {
        if text.contains("please") {
            Ok(())
        } else {
            Err("say please")
        }
    }

    fn registrable(new: &Registration) -> Result<(), &'static str> {
        if new.name == new.email {
            Err("the name is the address")
        } else {
            Ok(())
        }
    }

    #[expect(
        clippy::unnecessary_wraps,
        reason = "the attribute's function can refuse"
    )]
    fn changeable(_: &Change) -> Result<(), &'static str> {
        Ok(())
    }

    include!("../../users-macros/snapshots/everything.rs");
}

/// What a computed field asks.
struct Orders;

/// Reads a body as an administrator sends it.
fn parsed<T: serde::de::DeserializeOwned>(body: serde_json::Value) -> Result<T, String> {
    serde_json::from_value(body).map_err(|error| error.to_string())
}

#[test]
fn the_quickstart_works() {
    use quickstart::{User, UserCreate, UserRead, UserUpdate};

    assert_eq!(
        (
            User::TABLE,
            User::COLUMNS.len(),
            User::CONFIG.backends.len()
        ),
        ("user", 8, 2)
    );
    assert_eq!(
        (UserRead::NAME, UserCreate::NAME, UserUpdate::NAME),
        ("UserRead", "UserCreate", "UserUpdate")
    );
    let body = serde_json::json!({"email": "king@example.com", "password": "guinevere", "first_name": "Arthur"});
    let create: UserCreate = parsed(body).expect("a registration");
    assert_eq!(
        (create.first_name.as_deref(), create.last_name),
        (Some("Arthur"), None)
    );
    assert!(create.is_active && !create.is_superuser && !create.is_verified);
    let too_long = serde_json::json!({"first_name": "A".repeat(101)});
    parsed::<UserUpdate>(too_long).expect_err("at most 100 letters");
}

#[test]
fn every_attribute_works() {
    use everything::{Change, Customer, Registration, Shown};

    assert_eq!(
        (
            Customer::TABLE,
            Customer::COLUMNS.len(),
            Customer::CONFIG.backends.len()
        ),
        ("customers", 16, 2)
    );
    assert_eq!(
        (Shown::NAME, Registration::NAME, Change::NAME),
        ("Shown", "Registration", "Change")
    );
    assert_eq!(Customer::new_id().map(|id| id.get_version_num()), Some(7));
    let body = |name: &str, age: i64| serde_json::json!({"email": "king@example.com", "password": "guinevere", "name": name, "age": age, "type": "royal"});
    let create: Registration = parsed(body("Me, please", 33)).expect("a registration");
    assert_eq!(
        (create.name.as_str(), create.age, create.note.as_str()),
        ("Me, please", 33, "none")
    );
    assert_eq!(create.r#type.as_deref(), Some("royal"));
    parsed::<Registration>(body("Me", 33)).expect_err("the function refuses the name");
    let mut dark = body("Me, please", 33);
    dark["theme"] = serde_json::json!({ "color": "black" });
    parsed::<Registration>(dark.clone()).expect_err("the function refuses the theme");
    dark["theme"]["color"] = "red".into();
    let red = parsed::<Registration>(dark.clone()).expect("a registration");
    assert_eq!(red.theme.color, "red");
    dark["is_active"] = true.into();
    parsed::<Registration>(dark).expect_err("the field is called `isActive`");
    parsed::<Registration>(body("me, please", 33)).expect_err("the pattern refuses the name");
    parsed::<Registration>(body("Me, please", 151)).expect_err("the range refuses the age");
    let wrong = parsed::<Registration>(
        serde_json::json!({"email": "x", "isActive": "x", "name": 1, "note": 2, "type": 3}),
    );
    let told = wrong.expect_err("everything is wrong");
    let places: Vec<_> = told
        .split("; ")
        .filter_map(|error| error.split_once(": "))
        .map(|(place, _)| place)
        .collect();
    assert_eq!(
        places,
        [
            "email", "password", "isActive", "name", "age", "note", "type"
        ],
        "{told}"
    );
}
