//! Logins that wait for a hash while what they rest on changes.

use tokio::task::JoinSet;
use users_runtime::{Compat, store::UserStore as _, value::Value};
use users_tests::{Call, PASSWORD};

use crate::{
    BACKENDS, MODES, OLD, finished, hash, logged_in, start, until_asked, waiting, with_token,
};

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
async fn the_second_look_of_a_login_costs_no_hash() {
    let (app, hasher) = start(Compat::Off).await;
    app.user("jo@example.com").await;
    hasher.take_calls();
    logged_in(&app, "db").await;
    assert_eq!(hasher.take_calls(), [Call::Verify]);
}
