//! A struct before and after it gets fields, for a table that has rows by then.

use users_runtime::{
    PasswordHash, UserModel,
    store::{Administration, ColumnValue, SchemaError, UserStore},
    value::{Field as _, Role, Value},
};
use uuid::Uuid;

mod before {
    use super::{PasswordHash, UserModel, Uuid};

    #[derive(Clone, Debug, UserModel)]
    #[fastapi_users(table = "user", backend(name = "jwt", transport = bearer, strategy = jwt))]
    pub(crate) struct Before {
        pub(crate) id: Uuid,
        pub(crate) email: String,
        pub(crate) hashed_password: PasswordHash,
        pub(crate) is_active: bool,
        pub(crate) is_superuser: bool,
        pub(crate) is_verified: bool,
    }
}

mod after {
    use super::{PasswordHash, UserModel, Uuid};

    #[derive(Clone, Debug, UserModel)]
    #[fastapi_users(table = "user", backend(name = "jwt", transport = bearer, strategy = jwt))]
    pub(crate) struct After {
        pub(crate) id: Uuid,
        pub(crate) email: String,
        pub(crate) hashed_password: PasswordHash,
        pub(crate) is_active: bool,
        pub(crate) is_superuser: bool,
        pub(crate) is_verified: bool,
        #[fastapi_users(length(max = 100))]
        pub(crate) name: Option<String>,
        #[fastapi_users(default = "it's new")]
        pub(crate) motto: String,
        #[fastapi_users(default = 7)]
        pub(crate) points: i32,
    }
}

mod beyond {
    use super::{PasswordHash, UserModel, Uuid};

    /// A field for which old rows have no value.
    #[derive(Clone, Debug, UserModel)]
    #[fastapi_users(table = "user", backend(name = "jwt", transport = bearer, strategy = jwt))]
    pub(crate) struct Beyond {
        pub(crate) id: Uuid,
        pub(crate) email: String,
        pub(crate) hashed_password: PasswordHash,
        pub(crate) is_active: bool,
        pub(crate) is_superuser: bool,
        pub(crate) is_verified: bool,
        pub(crate) birthday: chrono::NaiveDate,
    }
}

pub(crate) use self::{after::After, before::Before, beyond::Beyond};

fn admin<U: UserModel>(store: &impl UserStore<U>) -> &dyn Administration<U> {
    store.administration().expect("the store answers operators")
}

/// Stores a user by the struct as it was, and gives the statements that the struct as it is needs: one each for these columns.
pub(crate) async fn added(
    before: &impl UserStore<Before>,
    after: &impl UserStore<After>,
    columns: [&str; 3],
) -> String {
    assert_eq!(admin(before).pending().await.expect("tables that fit"), "");
    let value = |(column, role): (usize, Role)| ColumnValue {
        column,
        value: match role {
            Role::Id => Before::new_id().expect("an id").to_value(),
            Role::Email => Value::Text("old@example.com".into()),
            Role::HashedPassword => Value::Text("hash".into()),
            _ => Value::Bool(true),
        },
    };
    let roles = Before::COLUMNS.iter().map(|column| column.role).enumerate();
    before
        .insert(roles.map(value).collect())
        .await
        .expect("a new user");
    let pending = admin(after)
        .pending()
        .await
        .expect("columns that can be added");
    let lines = pending
        .split(";\n")
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>();
    assert_eq!(lines, columns);
    pending
}

/// Once the statements have run: nothing is pending, and the old user is read, with what rows get.
pub(crate) async fn fits(store: &impl UserStore<After>) {
    assert_eq!(admin(store).pending().await.expect("tables that fit"), "");
    let old = store
        .find_by_email("OLD@example.com")
        .await
        .expect("an answer")
        .expect("the old user");
    assert_eq!(
        (old.email.as_str(), old.name, old.motto.as_str(), old.points),
        ("old@example.com", None, "it's new", 7)
    );
    assert!(old.is_active && old.is_superuser && old.is_verified);
    assert_eq!(
        store
            .find(&old.id)
            .await
            .expect("an answer")
            .map(|user| user.hashed_password),
        Some(old.hashed_password)
    );
}

/// What no statement can add is refused, and named.
pub(crate) async fn is_refused(store: &impl UserStore<Beyond>) {
    let error = admin(store)
        .pending()
        .await
        .expect_err("rows without a value");
    assert!(matches!(error, SchemaError::Mismatch(_)), "{error}");
    let text = error.to_string();
    assert!(
        text.contains("no column `birthday`; give the field a default or make it an `Option`"),
        "{text}"
    );
}
