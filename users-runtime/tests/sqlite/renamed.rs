//! A field whose name in the schemas is neither the struct's nor the column's.

use serde_json::json;
use users_runtime::{
    PasswordHash, UserModel,
    store::UserStore as _,
    value::{Presence, Viewer},
};

use crate::support::empty;

#[derive(Clone, Debug, UserModel)]
#[fastapi_users(table = "renamed", backend(name = "jwt", transport = bearer, strategy = jwt))]
struct User {
    id: i64,
    email: String,
    hashed_password: PasswordHash,
    is_active: bool,
    is_superuser: bool,
    is_verified: bool,
    #[fastapi_users(rename = "firstName", length(min = 2), default = "-")]
    first_name: String,
    #[fastapi_users(rename = "nick-name", column = "nick")]
    nickname: Option<String>,
}

#[test]
fn clients_send_and_are_shown_the_name_of_the_schemas() {
    let sent = json!({"email": "ada@example.com", "password": "secret-1", "firstName": "Ada", "nick-name": "A"});
    let create: UserCreate = serde_json::from_value(sent).expect("a registration");
    assert_eq!(create.first_name, "Ada");
    assert_eq!(create.nickname.as_deref(), Some("A"));
    let update: UserUpdate = serde_json::from_value(json!({"firstName": "Ada"})).expect("a change");
    assert_eq!(update.first_name, Presence::Present("Ada".to_owned()));
    let sent = json!({"email": "ada@example.com", "password": "secret-1", "firstName": "A"});
    let error = serde_json::from_value::<UserCreate>(sent).expect_err("a letter is missing");
    assert!(error.to_string().contains("firstName"), "{error}");
    let sent = json!({"email": "ada@example.com", "password": "secret-1", "first_name": "Ada"});
    let create: UserCreate = serde_json::from_value(sent).expect("a registration");
    assert_eq!(
        create.first_name, "-",
        "the struct's name is not on the wire"
    );
    let user = User {
        id: 1,
        email: String::new(),
        hashed_password: PasswordHash::new("h"),
        is_active: true,
        is_superuser: false,
        is_verified: false,
        first_name: "Ada".to_owned(),
        nickname: None,
    };
    let shown = user.read("ada@example.com".to_owned(), Viewer::Owner);
    let shown = serde_json::to_value(shown).expect("JSON");
    assert_eq!(shown["firstName"], "Ada");
    assert!(shown.get("first_name").is_none(), "{shown}");
}

#[tokio::test]
async fn the_column_has_the_name_of_the_struct_or_its_own() {
    let columns: Vec<_> = User::COLUMNS
        .iter()
        .map(|column| (column.field, column.name))
        .collect();
    assert_eq!(
        columns[6..],
        [("firstName", "first_name"), ("nick-name", "nick")]
    );
    let store = empty::<User>().await;
    store.migrate().await.expect("tables");
    assert!(
        store
            .find_by_email("ada@example.com")
            .await
            .expect("an answer")
            .is_none()
    );
}

#[test]
fn an_update_changes_nothing_by_default() {
    let UserUpdate {
        password,
        email,
        is_active,
        is_superuser,
        is_verified,
        first_name,
        nickname,
    } = UserUpdate::default();
    assert!(!password.is_present() && !email.is_present() && !first_name.is_present());
    assert!(!is_active.is_present() && !is_superuser.is_present() && !is_verified.is_present());
    assert!(!nickname.is_present());
}
