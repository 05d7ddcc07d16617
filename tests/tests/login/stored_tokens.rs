//! Access tokens in the database: hashed, or in clear.

use chrono::Utc;
use serde_json::json;
use users_runtime::{
    Compat,
    store::{AccessToken, AccessTokenStore as _, UserStore as _, token_hash},
};
use users_tests::{App, PASSWORD};

#[tokio::test]
async fn tokens_are_hashed_at_rest_and_a_stolen_hash_opens_nothing() {
    for (compat, in_clear) in [(Compat::Off, false), (Compat::FastApiUsers15, true)] {
        let app = App::builder()
            .configure(move |builder| builder.compat(compat))
            .start()
            .await;
        app.user("jo@example.com").await;
        let answer = app
            .client()
            .login("db", "jo@example.com", PASSWORD)
            .await
            .json();
        let token = answer["access_token"].as_str().expect("a token");
        assert_eq!(token.len(), 43);
        let stored: String = sqlx::query_scalar("SELECT token FROM accesstoken")
            .fetch_one(app.store.pool())
            .await
            .expect("one token");
        assert_eq!(stored == token, in_clear, "{compat:?}");
        assert_eq!(
            app.client().bearer(&stored).get("/users/me").await.status,
            if in_clear { 200 } else { 401 }
        );
    }
}

#[tokio::test]
async fn tokens_in_clear_open_nothing_unless_they_are_accepted_and_a_logout_deletes_both_forms() {
    for (compat, accepted, are_read) in [
        (Compat::Off, None, false),
        (Compat::Off, Some(true), true),
        (Compat::FastApiUsers15, None, true),
    ] {
        let app = App::builder()
            .configure(move |builder| {
                let builder = builder.compat(compat);
                match accepted {
                    Some(accepted) => builder.accept_clear_tokens(accepted),
                    None => builder,
                }
            })
            .start()
            .await;
        let user = app.user("jo@example.com").await;
        let backend = app.users.backend("db").expect("the backend");
        let clear = backend.strategy().write(&user).await.expect("a token");
        let tokens = app.store.access_tokens().expect("tokens");
        tokens.delete_tokens_of(&user.id, None).await.expect("none");
        let store = async |token: &str| {
            let token = AccessToken {
                token: token.to_owned(),
                user_id: user.id,
                created_at: Utc::now(),
            };
            app.store.insert_token(token).await.expect("a new row");
        };
        store(&clear).await;
        let me = app.client().bearer(&clear).get("/users/me").await;
        assert_eq!(me.status, if are_read { 200 } else { 401 }, "{compat:?}");
        store(&token_hash(&clear)).await;
        let logout = app
            .client()
            .bearer(&clear)
            .send("POST", "/auth/db/logout")
            .await;
        assert_eq!(logout.status, 204, "{compat:?}");
        let left: Vec<String> = sqlx::query_scalar("SELECT token FROM accesstoken")
            .fetch_all(app.store.pool())
            .await
            .expect("an answer");
        let expected = if are_read { vec![] } else { vec![clear] };
        assert_eq!(left, expected, "{compat:?}");
    }
}

#[tokio::test]
async fn a_session_that_is_kept_may_be_stored_in_either_form() {
    for (hashes, accepts) in [(true, false), (true, true), (false, true)] {
        let app = App::builder()
            .configure(move |builder| {
                builder
                    .hash_access_tokens(hashes)
                    .accept_clear_tokens(accepts)
            })
            .start()
            .await;
        app.user("jo@example.com").await;
        let mut tokens = Vec::new();
        for _ in 0..2 {
            let answer = app.client().login("db", "jo@example.com", PASSWORD).await;
            let token = answer.json()["access_token"].as_str().map(str::to_owned);
            tokens.push(token.expect("a token"));
        }
        let change = json!({ "password": "another correct horse" });
        let changed = app
            .client()
            .bearer(&tokens[0])
            .json("PATCH", "/users/me", &change)
            .await;
        assert_eq!(changed.status, 200, "{changed:?}");
        for (token, status) in tokens.iter().zip([200, 401]) {
            let me = app.client().bearer(token).get("/users/me").await;
            assert_eq!(me.status, status, "{hashes} {accepts}");
        }
    }
}
