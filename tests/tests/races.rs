//! What was decided and then waited takes effect only if what it was decided on still holds.
//!
//! The hasher of these tests waits until it is released, so that the change comes between the decision and its effect each time.

use std::time::Duration;

use serde_json::json;
use tokio::task::JoinSet;
use users_runtime::{
    Authenticated, Backend, BearerTransport, Compat, CredentialsStamp, DatabaseStrategy,
    PasswordHash, Presence, Requirements, UpdateError, UserStore as _, Users, Value,
};
use users_tests::{
    Answer, App, Call, Client, Database, Event, PASSWORD, SECRET, TestHasher, User, UserUpdate,
    serve,
};

const OLD: &str = "$old$";
const BACKENDS: [&str; 3] = ["jwt", "cookie", "db"];
const MODES: [Compat; 2] = [Compat::Off, Compat::FastApiUsers15];

async fn start(compat: Compat) -> (App, TestHasher) {
    let hasher = TestHasher::default();
    let used = hasher.clone();
    let app = App::builder()
        .configure(move |builder| builder.compat(compat).password_hasher(used))
        .start()
        .await;
    (app, hasher)
}

/// Waits until the hasher was asked this often.
async fn until_asked(hasher: &TestHasher, times: usize) {
    let mut asked = 0;
    while asked < times {
        asked += hasher.take_calls().len();
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn with_token(app: &App, backend: &str, answer: &Answer) -> Client {
    if backend == "cookie" {
        let cookie = answer.header("set-cookie").split(';').next();
        return app.client().cookie(cookie.expect("a cookie"));
    }
    let token = answer.json()["access_token"].clone();
    app.client().bearer(token.as_str().expect("a token"))
}

async fn logged_in(app: &App, backend: &str) -> Client {
    let answer = app
        .client()
        .login(backend, "jo@example.com", PASSWORD)
        .await;
    with_token(app, backend, &answer)
}

/// Starts a request that is in the middle of a hash when this returns.
async fn waiting(
    hasher: &TestHasher,
    request: impl Future<Output = Answer> + Send + 'static,
) -> JoinSet<Answer> {
    hasher.take_calls();
    hasher.hold();
    let mut requests = JoinSet::new();
    requests.spawn(request);
    until_asked(hasher, 1).await;
    requests
}

async fn finished(hasher: &TestHasher, mut requests: JoinSet<Answer>) -> Answer {
    hasher.release();
    let answer = requests.join_next().await;
    answer.expect("a request").expect("an answer")
}

fn hash(password: &str) -> Value {
    Value::Text(TestHasher::hash_of(password))
}

#[tokio::test]
async fn a_login_by_a_password_that_was_changed_is_refused() {
    for compat in MODES {
        let (app, hasher) = start(compat).await;
        let user = app.user("jo@example.com").await;
        for backend in BACKENDS {
            app.set(&user, "hashed_password", hash(PASSWORD)).await;
            let client = app.client();
            let login = async move { client.login(backend, "jo@example.com", PASSWORD).await };
            let login = waiting(&hasher, login).await;
            app.set(&user, "hashed_password", hash("a new one")).await;
            let answer = finished(&hasher, login).await;
            answer.assert_detail(400, "LOGIN_BAD_CREDENTIALS");
        }
        assert_eq!(app.hooks.events().len(), 1, "only the registration");
    }
}

#[tokio::test]
async fn a_login_of_a_user_who_was_deactivated_or_deleted_is_refused() {
    for compat in MODES {
        for backend in BACKENDS {
            let (app, hasher) = start(compat).await;
            let user = app.user("jo@example.com").await;
            for is_deleted in [false, true] {
                let client = app.client();
                let login = async move { client.login(backend, "jo@example.com", PASSWORD).await };
                let login = waiting(&hasher, login).await;
                if is_deleted {
                    app.store.delete(&user.id).await.expect("the user");
                } else {
                    app.set(&user, "is_active", Value::Bool(false)).await;
                }
                let answer = finished(&hasher, login).await;
                answer.assert_detail(400, "LOGIN_BAD_CREDENTIALS");
                if !is_deleted {
                    app.set(&user, "is_active", Value::Bool(true)).await;
                }
            }
        }
    }
}

#[tokio::test]
async fn two_tabs_that_log_in_on_an_old_hash_both_get_in() {
    for compat in MODES {
        for backend in BACKENDS {
            let (app, hasher) = start(compat).await;
            let user = app.user("jo@example.com").await;
            let old = Value::Text(format!("{OLD}{PASSWORD}"));
            app.set(&user, "hashed_password", old).await;
            hasher.take_calls();
            hasher.hold();
            let mut tabs = JoinSet::new();
            for _ in 0..2 {
                let client = app.client();
                tabs.spawn(async move { client.login(backend, "jo@example.com", PASSWORD).await });
            }
            until_asked(&hasher, 2).await;
            hasher.release();
            for answer in tabs.join_all().await {
                let me = with_token(&app, backend, &answer).get("/users/me").await;
                assert_eq!(me.status, 200, "{compat:?} {backend} {me:?}");
            }
        }
    }
}

/// A process that dies between the token and the second look leaves such a token, and so does a transaction that holds the change
/// open for as long as the login takes.
#[tokio::test]
async fn a_token_that_was_issued_on_an_old_password_is_dead_at_birth() {
    let (app, _) = start(Compat::Off).await;
    let before = app.user("jo@example.com").await;
    app.set(&before, "hashed_password", hash("a new one")).await;
    for backend in BACKENDS {
        let strategy = app.users.backend(backend).expect("a backend").strategy();
        let token = strategy.write(&before).await.expect("a token");
        let client = match backend {
            "cookie" => app.client().cookie(&format!("fastapiusersauth={token}")),
            _ => app.client().bearer(&token),
        };
        let me = client.get("/users/me").await;
        me.assert_detail(401, "Unauthorized");
    }
}

#[tokio::test]
async fn the_session_that_changes_the_password_stays_unless_it_is_a_json_web_token() {
    let (app, _) = start(Compat::Off).await;
    app.user("jo@example.com").await;
    for (backend, stays) in [("db", true), ("jwt", false), ("cookie", false)] {
        let (own, other) = (
            logged_in(&app, backend).await,
            logged_in(&app, backend).await,
        );
        for password in ["a new one", PASSWORD] {
            let client = if stays {
                own.clone()
            } else {
                logged_in(&app, "db").await
            };
            let change = json!({ "password": password });
            assert_eq!(
                client.json("PATCH", "/users/me", &change).await.status,
                200,
                "{backend}"
            );
            assert_eq!(other.get("/users/me").await.status, 401, "{backend}");
            if stays {
                assert_eq!(own.get("/users/me").await.status, 200, "{backend}");
                continue;
            }
            assert_eq!(own.get("/users/me").await.status, 401, "{backend}");
            break;
        }
        if stays {
            assert_eq!(own.send("POST", "/auth/db/logout").await.status, 204);
            assert_eq!(own.get("/users/me").await.status, 401);
        }
        let user = app.users.find_by_email("jo@example.com").await;
        let user = user.expect("a store").expect("the user");
        app.set(&user, "hashed_password", hash(PASSWORD)).await;
        let left = app.store.access_tokens().expect("tokens");
        left.delete_tokens_of(&user.id, None).await.expect("none");
    }
}

#[tokio::test]
async fn what_keeps_a_session_is_no_token_of_its_own() {
    let (app, _) = start(Compat::Off).await;
    app.user("jo@example.com").await;
    let client = app.client();
    let answer = client.login("db", "jo@example.com", PASSWORD).await;
    let token = answer.json()["access_token"].clone();
    let token = token.as_str().expect("a token");
    let change = json!({ "password": "a new one" });
    let session = client.bearer(token);
    let changed = session.json("PATCH", "/users/me", &change).await;
    assert_eq!(changed.status, 200);
    let stamp = CredentialsStamp::of(&PasswordHash::new(TestHasher::hash_of("a new one")));
    let kept = client.bearer(&format!("{token}.{stamp}"));
    kept.get("/users/me")
        .await
        .assert_detail(401, "Unauthorized");
    assert_eq!(session.get("/users/me").await.status, 200);
}

#[tokio::test]
async fn the_session_that_changes_the_password_stays_where_two_backends_share_a_table() {
    let database = Database::new();
    let store = database.store().await;
    let second = DatabaseStrategy::new(store.clone());
    let users = Users::<User>::builder(store, SECRET)
        .password_hasher(TestHasher::default())
        .backend(Backend::new("second", BearerTransport::new(), second))
        .build()
        .expect("a sound configuration");
    let router = users.router().with_state(users);
    let client = Client::new(&serve(|listener| axum::serve(listener, router)).await);
    let new = json!({ "email": "jo@example.com", "password": PASSWORD });
    assert_eq!(client.post("/auth/register", &new).await.status, 201);
    for (own, other, password, next) in [
        ("db", "second", PASSWORD, "a new one"),
        ("second", "db", "a new one", "another one"),
    ] {
        let mut sessions = Vec::new();
        for backend in [own, other] {
            let answer = client.login(backend, "jo@example.com", password).await;
            let token = answer.json()["access_token"].clone();
            sessions.push(client.bearer(token.as_str().expect("a token")));
        }
        let change = json!({ "password": next });
        let changed = sessions[0].json("PATCH", "/users/me", &change).await;
        assert_eq!(changed.status, 200, "{changed:?}");
        assert_eq!(sessions[0].get("/users/me").await.status, 200, "{own}");
        assert_eq!(sessions[1].get("/users/me").await.status, 401, "{other}");
    }
}

#[tokio::test]
async fn nothing_is_left_of_a_kept_session_that_logs_out() {
    let (app, _) = start(Compat::Off).await;
    let user = app.user("jo@example.com").await;
    let client = logged_in(&app, "db").await;
    let change = json!({ "password": "a new one" });
    assert_eq!(client.json("PATCH", "/users/me", &change).await.status, 200);
    assert_eq!(client.send("POST", "/auth/db/logout").await.status, 204);
    let tokens = app.store.access_tokens().expect("tokens");
    let left = tokens.tokens_of(&user.id).await.expect("a store");
    assert_eq!(left.expect("a list"), []);
}

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

#[tokio::test]
async fn a_reset_whose_user_changed_while_it_waited_is_refused() {
    let (app, hasher) = start(Compat::Off).await;
    for change in ["email", "hashed_password", "is_active"] {
        let user = app.user(&format!("{change}@example.com")).await;
        let user = app.set(&user, "is_verified", Value::Bool(true)).await;
        app.users
            .forgot_password(&user, None)
            .await
            .expect("a token");
        let token = last_token(&app).await;
        let client = app.client();
        let request = async move {
            let reset = json!({ "token": token, "password": "a new one" });
            client.post("/auth/reset-password", &reset).await
        };
        let request = waiting(&hasher, request).await;
        let value = match change {
            "email" => Value::Text("other@example.com".into()),
            "is_active" => Value::Bool(false),
            _ => hash("another"),
        };
        app.set(&user, change, value).await;
        finished(&hasher, request)
            .await
            .assert_detail(400, "RESET_PASSWORD_BAD_TOKEN");
    }
}

/// The token of the last letter, which is sent in the background.
async fn last_token(app: &App) -> String {
    loop {
        match app.hooks.events().pop() {
            Some(Event::ForgotPassword(_, token) | Event::RequestedVerify(_, token)) => {
                return token;
            }
            _ => tokio::time::sleep(Duration::from_millis(5)).await,
        }
    }
}

#[tokio::test]
async fn of_many_uses_of_a_verification_token_one_succeeds() {
    for compat in MODES {
        let (app, _) = start(compat).await;
        for round in 0..5 {
            let user = app.user(&format!("jo{round}@example.com")).await;
            app.users
                .request_verify(&user, None)
                .await
                .expect("a token");
            let token = last_token(&app).await;
            let mut requests = JoinSet::new();
            for _ in 0..20 {
                let (client, body) = (app.client(), json!({ "token": token }));
                requests.spawn(async move { client.post("/auth/verify", &body).await });
            }
            let answers = requests.join_all().await;
            let (verified, refused): (Vec<_>, Vec<_>) =
                answers.iter().partition(|answer| answer.status == 200);
            assert_eq!(verified.len(), 1, "{answers:?}");
            for answer in refused {
                answer.assert_detail(400, "VERIFY_USER_ALREADY_VERIFIED");
            }
            let event = Event::Verified(user.id);
            let events = app.hooks.events();
            let told = events.iter().filter(|told| **told == event).count();
            assert_eq!(told, 1, "the hook runs once");
        }
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

/// Updates one user by what was read before somebody changed the address.
async fn update_by_an_old_row(email: &str) -> User {
    let (app, _) = start(Compat::Off).await;
    let user = app.user("jo@example.com").await;
    let read = app.set(&user, "is_verified", Value::Bool(true)).await;
    app.set(&user, "is_verified", Value::Bool(false)).await;
    app.set(&user, "email", Value::Text("eve@example.com".into()))
        .await;
    let update = UserUpdate {
        password: Presence::Absent,
        email: Presence::Present(email.to_owned()),
        is_active: Presence::Absent,
        is_superuser: Presence::Absent,
        is_verified: Presence::Absent,
        first_name: Presence::Absent,
        note: Presence::Absent,
    };
    let updated = app.users.update(&read, update, None, None).await;
    updated.expect("a change")
}

#[tokio::test]
async fn an_address_counts_as_proven_only_where_the_proven_one_is_still_stored() {
    for email in ["JO@example.com", "jo@example.com"] {
        let updated = update_by_an_old_row(email).await;
        assert_eq!(
            (updated.email.as_str(), updated.is_verified),
            (email, false)
        );
    }
}

#[tokio::test]
async fn the_second_look_of_a_login_costs_no_hash() {
    let (app, hasher) = start(Compat::Off).await;
    app.user("jo@example.com").await;
    hasher.take_calls();
    logged_in(&app, "db").await;
    assert_eq!(hasher.take_calls(), [Call::Verify]);
}
