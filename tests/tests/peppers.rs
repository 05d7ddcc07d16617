//! Peppered password hashes behind the routes: old hashes are upgraded, and what is bound to the credentials survives it.

use serde_json::json;
use users_runtime::{
    SqliteStore, Users,
    password::{Argon2Bcrypt, PasswordHasher},
};
use users_tests::{App, Event, PASSWORD, SECRET, User};

const FIRST: &str = "the first pepper of these tests, long enough";
const SECOND: &str = "a second pepper for these tests, also long";

fn fast() -> impl PasswordHasher {
    Argon2Bcrypt::with_params(8, 1, 1).expect("parameters")
}

/// A process that accepts a pepper and does not use it yet.
fn accepting(store: &SqliteStore<User>, (id, secret): (&str, &str)) -> Users<User> {
    let builder = Users::<User>::builder(store.clone(), SECRET).password_hasher(fast());
    let builder = builder.accept_password_pepper(id, secret);
    builder.build().expect("a sound configuration")
}

fn peppered(store: &SqliteStore<User>, peppers: &[(&str, &str)]) -> Users<User> {
    let mut builder = Users::<User>::builder(store.clone(), SECRET).password_hasher(fast());
    for (id, secret) in peppers {
        builder = builder.password_pepper(*id, secret);
    }
    builder.build().expect("a sound configuration")
}

async fn stored(app: &App) -> String {
    let user = app.users.find_by_email("jo@example.com").await;
    let user = user.expect("a store").expect("the user");
    user.hashed_password.expose().to_owned()
}

#[tokio::test]
async fn a_login_upgrades_the_hash_and_ends_nothing() {
    let app = App::builder()
        .configure(|builder| builder.password_hasher(fast()))
        .start()
        .await;
    let user = app.user("jo@example.com").await;
    let client = app.client_of(&user).await;
    let body = json!({ "email": "jo@example.com" });
    app.client().post("/auth/forgot-password", &body).await;
    app.users.drain().await;
    let reset = app
        .hooks
        .events()
        .into_iter()
        .find_map(|event| match event {
            Event::ForgotPassword(_, token) => Some(token),
            _ => None,
        });
    assert!(stored(&app).await.starts_with("$argon2id$"));

    for (peppers, mark) in [
        (&[("2026", FIRST)][..], "$pepper$2026:$argon2id$"),
        (
            &[("2027", SECOND), ("2026", FIRST)],
            "$pepper$2027:$argon2id$",
        ),
    ] {
        let users = peppered(&app.store, peppers);
        let wrong = users.authenticate("jo@example.com", "wrong".into()).await;
        assert!(wrong.expect("a store").is_none());
        let right = users.authenticate("jo@example.com", PASSWORD.into()).await;
        assert!(right.expect("a store").is_some(), "{mark}");
        assert!(stored(&app).await.starts_with(mark), "{mark}");
    }
    let without = app.users.authenticate("jo@example.com", PASSWORD.into());
    assert!(
        without.await.expect("a store").is_none(),
        "no pepper, no login"
    );

    assert_eq!(client.get("/users/me").await.status, 200, "the session");
    let users = peppered(&app.store, &[("2027", SECOND)]);
    let token = reset.expect("a token");
    let reset = users.reset_password(&token, "another password".into(), None);
    assert!(reset.await.is_ok(), "the reset token");
}

#[tokio::test]
async fn the_first_pepper_is_deployed_in_two_steps() {
    let app = App::builder()
        .configure(|builder| builder.password_hasher(fast()))
        .start()
        .await;
    app.user("jo@example.com").await;
    let pepper = ("2026", FIRST);
    let (first, second) = (
        accepting(&app.store, pepper),
        peppered(&app.store, &[pepper]),
    );
    let logs_in = async |users: &Users<User>, password: &str| {
        let user = users.authenticate("jo@example.com", password.into()).await;
        user.expect("a store").is_some()
    };
    // While one process has the first step only and another one the second, users get in at both.
    assert!(logs_in(&first, PASSWORD).await);
    assert!(stored(&app).await.starts_with("$argon2id$"));
    assert!(logs_in(&second, PASSWORD).await);
    let peppered = stored(&app).await;
    assert!(peppered.starts_with("$pepper$2026:$argon2id$"));
    assert!(logs_in(&first, PASSWORD).await);
    assert!(!logs_in(&first, "wrong").await);
    assert!(stored(&app).await == peppered, "it takes no pepper away");
    // A password that is set at the first is keyed by the second, at the next login there.
    let user = first.find_by_email("jo@example.com").await;
    let user = user.expect("a store").expect("the user");
    let update = serde_json::from_value(json!({ "password": "another horse battery" }));
    let update = update.expect("a change");
    let changed = first.update(&user, update, None, None).await;
    changed.expect("a new password");
    assert!(stored(&app).await.starts_with("$argon2id$"));
    assert!(logs_in(&second, "another horse battery").await);
    assert!(stored(&app).await.starts_with("$pepper$2026:"));
    assert!(logs_in(&first, "another horse battery").await);
}
