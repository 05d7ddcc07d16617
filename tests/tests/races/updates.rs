//! Updates whose session, user or password changes while they wait.

use serde_json::json;
use tokio::task::JoinSet;
use users_runtime::{
    Compat,
    errors::UpdateError,
    guards::Requirements,
    store::UserStore as _,
    users::Authenticated,
    value::{Presence, Value},
};
use users_tests::{App, PASSWORD, TestHasher, User, UserUpdate};

use crate::{MODES, finished, hash, logged_in, start, until_asked, waiting};

#[tokio::test]
async fn a_change_whose_session_ended_while_it_waited_is_not_carried_out() {
    for compat in MODES {
        let (app, hasher) = start(compat).await;
        let user = app.user("jo@example.com").await;
        let change = json!({ "password": "a new one", "first_name": "Eve" });
        for ends in ["logout", "inactive", "deleted"] {
            let client = logged_in(&app, "db").await;
            let (body, waits) = (change.clone(), client.clone());
            let request = async move { waits.json("PATCH", "/users/me", &body).await };
            let request = waiting(&hasher, request).await;
            match ends {
                "logout" => {
                    let logout = client.send("POST", "/auth/db/logout").await;
                    assert_eq!(logout.status, 204);
                }
                "inactive" => drop(app.set(&user, "is_active", Value::Bool(false)).await),
                _ => app.store.delete(&user.id).await.expect("the user"),
            }
            let answer = finished(&hasher, request).await;
            answer.assert_detail(401, "Unauthorized");
            if ends != "deleted" {
                let stored = app.users.find(&user.id).await.expect("a store");
                let stored = stored.expect("the user");
                assert_eq!(stored.first_name, None, "{ends}");
                assert_eq!(
                    stored.hashed_password.expose(),
                    TestHasher::hash_of(PASSWORD)
                );
                app.set(&user, "is_active", Value::Bool(true)).await;
            }
        }
    }
}

#[tokio::test]
async fn of_many_password_changes_at_once_one_wins_and_its_password_is_stored() {
    let (app, hasher) = start(Compat::Off).await;
    let user = app.user("jo@example.com").await;
    let mut sessions = Vec::new();
    for _ in 0..4 {
        sessions.push(logged_in(&app, "db").await);
    }
    hasher.take_calls();
    hasher.hold();
    let mut changes = JoinSet::new();
    for (number, session) in sessions.into_iter().enumerate() {
        changes.spawn(async move {
            let password = format!("password {number}");
            let change = json!({ "password": password });
            let answer = session.json("PATCH", "/users/me", &change).await;
            (answer.status, password)
        });
    }
    until_asked(&hasher, 2).await;
    hasher.release();
    let results = changes.join_all().await;
    let winners: Vec<_> = results
        .iter()
        .filter(|(status, _)| *status == 200)
        .collect();
    assert_eq!(winners.len(), 1, "{results:?}");
    assert!(
        results
            .iter()
            .all(|(status, _)| [200, 401].contains(status)),
        "{results:?}"
    );
    let stored = app.users.find(&user.id).await.expect("a store");
    assert_eq!(
        stored.expect("the user").hashed_password.expose(),
        TestHasher::hash_of(&winners[0].1)
    );
}

#[tokio::test]
async fn a_superuser_who_lost_the_right_while_a_hash_waited_changes_nobody() {
    for compat in MODES {
        let (app, hasher) = start(compat).await;
        let admin = app.user("admin@example.com").await;
        let admin = app.set(&admin, "is_superuser", Value::Bool(true)).await;
        let user = app.user("jo@example.com").await;
        let path = format!("/users/{}", user.id);
        for loses in ["right", "session", "subject"] {
            let client = app.client_of(&admin).await;
            let path = path.clone();
            let request = async move {
                let change = json!({ "password": "a new one" });
                client.json("PATCH", &path, &change).await
            };
            let request = waiting(&hasher, request).await;
            let (status, detail) = match loses {
                "right" => {
                    app.set(&admin, "is_superuser", Value::Bool(false)).await;
                    (403, "Forbidden")
                }
                "session" => {
                    app.set(&admin, "is_active", Value::Bool(false)).await;
                    (401, "Unauthorized")
                }
                _ => {
                    app.store.delete(&user.id).await.expect("the user");
                    (404, "Not Found")
                }
            };
            finished(&hasher, request)
                .await
                .assert_detail(status, detail);
            app.set(&admin, "is_superuser", Value::Bool(true)).await;
            app.set(&admin, "is_active", Value::Bool(true)).await;
        }
    }
}

#[tokio::test]
async fn changes_of_different_fields_survive_each_other_while_one_waits_for_a_hash() {
    for compat in MODES {
        let (app, hasher) = start(compat).await;
        let user = app.user("jo@example.com").await;
        let client = logged_in(&app, "db").await;
        let waits = client.clone();
        let request = async move {
            let change = json!({ "password": "a new one" });
            waits.json("PATCH", "/users/me", &change).await
        };
        let request = waiting(&hasher, request).await;
        let change = json!({ "first_name": "Jo" });
        assert_eq!(client.json("PATCH", "/users/me", &change).await.status, 200);
        assert_eq!(finished(&hasher, request).await.status, 200);
        let stored = app.users.find(&user.id).await.expect("a store");
        let stored = stored.expect("the user");
        assert_eq!(
            (
                stored.first_name.as_deref(),
                stored.hashed_password.expose()
            ),
            (Some("Jo"), TestHasher::hash_of("a new one").as_str())
        );
    }
}

/// An update of the first name and nothing else, which waits for nothing.
fn first_name(name: &str) -> UserUpdate {
    UserUpdate {
        password: Presence::Absent,
        email: Presence::Absent,
        is_active: Presence::Absent,
        is_superuser: Presence::Absent,
        is_verified: Presence::Absent,
        first_name: Presence::Present(Some(name.to_owned())),
        note: Presence::Absent,
    }
}

/// The user of a new session as a guard reads it.
async fn past_guard(app: &App, user: &User, guard: Requirements) -> Authenticated<User> {
    let backend = app.users.backend("db").expect("a backend");
    let token = backend.strategy().write(user).await.expect("a token");
    let request = http::Request::builder().header("authorization", format!("Bearer {token}"));
    let (parts, ()) = request.body(()).expect("a request").into_parts();
    app.users.current(&parts, guard).await.expect("a user")
}

#[tokio::test]
async fn a_change_whose_user_lost_a_right_between_the_guard_and_the_statement_is_not_carried_out() {
    for compat in MODES {
        for loses in ["is_active", "is_verified", "is_superuser", "deleted"] {
            let (app, _) = start(compat).await;
            let user = app.user("jo@example.com").await;
            for right in ["is_verified", "is_superuser"] {
                app.set(&user, right, Value::Bool(true)).await;
            }
            let guard = Requirements {
                active: true,
                verified: true,
                superuser: true,
                backends: None,
            };
            let found = past_guard(&app, &user, guard).await;
            if loses == "deleted" {
                app.store.delete(&user.id).await.expect("the user");
            } else {
                app.set(&user, loses, Value::Bool(false)).await;
            }
            let session = Some(&found.session);
            let updated = app
                .users
                .update(&found.user, first_name("Eve"), session, None)
                .await;
            match (loses, updated) {
                ("is_active" | "deleted", Err(UpdateError::SessionEnded))
                | ("is_verified" | "is_superuser", Err(UpdateError::Forbidden)) => {}
                (_, other) => panic!("{compat:?} {loses}: {other:?}"),
            }
            if let Some(stored) = app.users.find(&user.id).await.expect("a store") {
                assert_eq!(stored.first_name, None, "{loses}");
            }
        }
    }
}

#[tokio::test]
async fn a_change_that_waits_for_nothing_survives_a_new_password() {
    for compat in MODES {
        let (app, _) = start(compat).await;
        let user = app.user("jo@example.com").await;
        let guard = Requirements {
            active: true,
            ..Requirements::default()
        };
        let found = past_guard(&app, &user, guard).await;
        app.set(&user, "hashed_password", hash("a new one")).await;
        let session = Some(&found.session);
        let updated = app
            .users
            .update(&found.user, first_name("Jo"), session, None)
            .await;
        let updated = updated.expect("a change");
        assert_eq!(updated.first_name.as_deref(), Some("Jo"));
        assert_eq!(
            updated.hashed_password.expose(),
            TestHasher::hash_of("a new one")
        );
    }
}
