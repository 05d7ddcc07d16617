//! A hook that decides on changes of a user.

use http::StatusCode;
use serde_json::json;
use users_runtime::{
    Compat, Error, HookError, Hooks, RequestParts, async_trait,
    errors::UpdateError,
    hooks::HookRefusal,
    value::{Presence, Value},
};
use users_tests::{App, Call, PASSWORD, TestHasher, User, UserUpdate, until};

/// A user whose note is `frozen` keeps name and password.
struct Frozen;

#[async_trait]
impl Hooks<User> for Frozen {
    async fn before_update(
        &self,
        user: &User,
        update: &UserUpdate,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        let renames = !matches!(update.first_name, Presence::Absent);
        let changes = renames || !matches!(update.password, Presence::Absent);
        if changes && user.note.as_deref() == Some("frozen") {
            return Err(HookRefusal::new(StatusCode::CONFLICT, "FROZEN").into());
        }
        Ok(())
    }
}

async fn start(compat: Compat) -> App {
    App::builder()
        .configure(move |builder| builder.compat(compat).hooks(Frozen))
        .start()
        .await
}

async fn freeze(app: &App, user: &User) {
    app.set(user, "note", Value::Text("frozen".to_owned()))
        .await;
}

#[tokio::test]
async fn a_change_is_refused_with_the_hooks_answer_and_stores_nothing() {
    for compat in [Compat::Off, Compat::FastApiUsers15] {
        let app = start(compat).await;
        let user = app.user("jo@example.com").await;
        let admin = app.user("admin@example.com").await;
        let admin = app.set(&admin, "is_superuser", Value::Bool(true)).await;
        freeze(&app, &user).await;
        let own = app.client_of(&user).await;
        let admin = app.client_of(&admin).await;
        let by_id = format!("/users/{}", user.id);
        for (client, path) in [(&own, "/users/me"), (&admin, &*by_id)] {
            let change = json!({ "first_name": "Jo", "email": "jo3@example.com" });
            let answer = client.json("PATCH", path, &change).await;
            answer.assert_detail(409, "FROZEN");
        }
        let stored = app.users.find(&user.id).await.expect("an answer");
        let stored = stored.expect("the user");
        assert_eq!((&stored.first_name, &stored.email), (&None, &user.email));
        let allowed = json!({ "email": "jo2@example.com" });
        let answer = own.json("PATCH", "/users/me", &allowed).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
}

#[tokio::test]
async fn application_code_is_refused_unless_it_sets_a_field() {
    let app = start(Compat::Off).await;
    let user = app.user("jo@example.com").await;
    freeze(&app, &user).await;
    let user = app.users.find(&user.id).await.expect("an answer");
    let user = user.expect("the user");
    let rename = UserUpdate {
        first_name: Presence::Present(Some("Jo".to_owned())),
        ..UserUpdate::default()
    };
    let refused = app.users.update(&user, rename, None, None).await;
    assert!(
        matches!(&refused, Err(UpdateError::Failed(Error::Refused(_)))),
        "{refused:?}"
    );
    let name = Some("Jo".to_owned());
    let set = app.users.set(&user, User::FIRST_NAME, name.clone()).await;
    assert_eq!(set.expect("not asked").first_name, name);
}

#[tokio::test]
async fn what_became_of_the_user_while_a_hash_was_made_is_decided_on_as_well() {
    let hasher = TestHasher::default();
    let given = hasher.clone();
    let app = App::builder()
        .configure(move |builder| builder.hooks(Frozen).password_hasher(given))
        .start()
        .await;
    let user = app.user("jo@example.com").await;
    let client = app.client_of(&user).await;
    hasher.take_calls();
    hasher.hold();
    let request = tokio::spawn(async move {
        let change = json!({ "password": "a new password of the owner" });
        client.json("PATCH", "/users/me", &change).await
    });
    let is_hashing = || (hasher.take_calls() == [Call::Hash]).then_some(());
    until("the hash of the new password", is_hashing).await;
    freeze(&app, &user).await;
    hasher.release();
    let answer = request.await.expect("no panic");
    answer.assert_detail(409, "FROZEN");
    let login = app.client().login("jwt", &user.email, PASSWORD).await;
    assert_eq!(login.status, 200, "{login:?}");
}
