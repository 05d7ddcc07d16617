//! Types under other names.

#![deny(warnings)]

use users_runtime::{PasswordHash, UserModel, value::Viewer};
use uuid::Uuid;

type Number = Uuid;
type Text = String;
type Hash = PasswordHash;
type Flag = bool;
type Maybe = Option<String>;
type Tags = Vec<Text>;

#[derive(Clone, UserModel)]
#[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
pub struct User {
    #[fastapi_users(id(v7))]
    pub id: Number,
    #[fastapi_users(email, column = "mail")]
    pub address: Text,
    pub hashed_password: Hash,
    pub is_active: Flag,
    pub is_superuser: Flag,
    pub is_verified: Flag,
    pub name: Text,
    pub nick: Maybe,
    pub tags: Tags,
}

fn main() {
    let user = User {
        id: User::new_id().unwrap(),
        address: "jo@example.com".into(),
        hashed_password: PasswordHash::new("x".to_owned()),
        is_active: true,
        is_superuser: false,
        is_verified: true,
        name: "Jo".into(),
        nick: None,
        tags: vec!["a".into()],
    };
    assert_eq!(user.id.get_version_num(), 7);
    let account = user.account();
    assert_eq!((account.email, account.is_active, account.is_superuser), ("jo@example.com", true, false));
    let read = user.read(user.address.clone(), Viewer::Owner);
    assert_eq!((read.email.as_str(), read.is_verified), ("jo@example.com", true));
    let body = serde_json::json!({"email": "a@example.com", "password": "secret", "name": "Al", "tags": []});
    let create: UserCreate = serde_json::from_value(body).unwrap();
    assert_eq!(create.nick, None, "what may be NULL is not required");
}
