//! Addresses that somebody registered before their owner came with an account.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use serde_json::json;
use users_runtime::{
    Backend, BearerTransport, Compat, Error, async_trait,
    session::Strategy,
    store::{OAuthAccount, UserStore as _},
    value::Value,
};
use users_tests::{App, Event, PASSWORD, TestHasher, User};

use crate::provider::{Flow, account, code, logged_in, oauth, routes, start, verify};

#[tokio::test]
async fn an_address_that_is_taken_is_not_linked_unless_it_is_said() {
    let (oauth, _) = oauth("forge");
    let app = start(oauth).await;
    app.user("jo@example.com").await;
    for email in ["jo@example.com", "JO@EXAMPLE.COM"] {
        let answer = Flow::start(&app.client(), "/forge")
            .await
            .back(&account("1", email))
            .await;
        answer.assert_detail(400, "OAUTH_USER_ALREADY_EXISTS");
    }
}

/// The code of an account whose address the provider has verified.
fn verified(id: &str, email: &str) -> String {
    code(&json!({ "id": id, "email": email, "verified": true }))
}

#[tokio::test]
async fn who_registered_an_address_in_advance_loses_it_to_its_owner() {
    let (oauth, _) = oauth("forge");
    // Linked while that needed no proven address.
    let oauth = oauth.associate_by_email(true).requires_verification(false);
    let app = start(oauth).await;
    let user = app.user("jo@example.com").await;
    let mut sessions = Vec::new();
    for backend in ["db", "jwt"] {
        sessions.push(logged_in(
            &app,
            &app.client()
                .login(backend, "jo@example.com", PASSWORD)
                .await,
        ));
    }
    let cookie = app
        .client()
        .login("cookie", "jo@example.com", PASSWORD)
        .await;
    sessions.push(app.client().cookie(cookie.cookie()));
    let link = Flow::start(&sessions[0], "/link")
        .await
        .back(&account("hijackers", "eve@example.com"))
        .await;
    assert_eq!(link.status, 200, "{link:?}");

    let answer = Flow::start(&app.client(), "/forge")
        .await
        .back(&verified("1", "Jo@Example.com"))
        .await;
    let me = logged_in(&app, &answer).get("/users/me").await.json();
    assert_eq!(
        (&me["id"], &me["is_verified"]),
        (&json!(user.id), &json!(true))
    );
    for session in &sessions {
        session
            .get("/users/me")
            .await
            .assert_detail(401, "Unauthorized");
    }
    app.client()
        .login("db", "jo@example.com", PASSWORD)
        .await
        .assert_detail(400, "LOGIN_BAD_CREDENTIALS");
    let by_link = Flow::start(&app.client(), "/forge")
        .await
        .back(&account("hijackers", "eve@example.com"))
        .await;
    assert_ne!(
        logged_in(&app, &by_link).get("/users/me").await.json()["id"],
        json!(user.id),
        "the link is still there"
    );

    // The owner goes on, at once and with every backend, and is not voided again by another account of theirs.
    let stored = app
        .users
        .find(&user.id)
        .await
        .expect("a store")
        .expect("the user");
    assert_eq!(
        app.client_of(&stored).await.get("/users/me").await.status,
        200
    );
    let owner = app.client_of(&stored).await;
    assert_eq!(
        Flow::start(&app.client(), "/forge")
            .await
            .back(&verified("2", "jo@example.com"))
            .await
            .status,
        200
    );
    assert_eq!(owner.get("/users/me").await.status, 200);
}

#[tokio::test]
async fn who_has_proven_the_address_keeps_the_password() {
    let (oauth, _) = oauth("forge");
    let app = start(oauth.associate_by_email(true)).await;
    let user = app.user("jo@example.com").await;
    app.set(&user, "is_verified", Value::Bool(true)).await;
    let session = logged_in(
        &app,
        &app.client().login("db", "jo@example.com", PASSWORD).await,
    );
    assert_eq!(
        Flow::start(&app.client(), "/forge")
            .await
            .back(&verified("1", "jo@example.com"))
            .await
            .status,
        200
    );
    assert_eq!(session.get("/users/me").await.status, 200);
    assert_eq!(
        app.client()
            .login("db", "jo@example.com", PASSWORD)
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn an_address_that_the_provider_has_not_verified_proves_nothing() {
    let (oauth, _) = oauth("forge");
    let app = start(oauth.associate_by_email(true).is_verified_by_default(true)).await;
    app.user("jo@example.com").await;
    let unverified =
        |id: &str, email: &str| code(&json!({ "id": id, "email": email, "verified": false }));
    for code in [
        unverified("1", "jo@example.com"),
        account("1", "jo@example.com"),
    ] {
        let answer = Flow::start(&app.client(), "/forge").await.back(&code).await;
        answer.assert_detail(400, "OAUTH_USER_ALREADY_EXISTS");
    }
    for (code, verified) in [
        (unverified("2", "new@example.com"), false),
        (account("3", "other@example.com"), true),
    ] {
        let answer = Flow::start(&app.client(), "/forge").await.back(&code).await;
        assert_eq!(
            logged_in(&app, &answer).get("/users/me").await.json()["is_verified"],
            json!(verified)
        );
    }
}

#[tokio::test]
async fn a_provider_that_says_nothing_is_trusted_where_it_is_said() {
    let (oauth, _) = oauth("forge");
    let app = start(oauth.associate_by_email(true).trusts_addresses(true)).await;
    let user = app.user("jo@example.com").await;
    let answer = Flow::start(&app.client(), "/forge")
        .await
        .back(&account("1", "jo@example.com"))
        .await;
    assert_eq!(
        logged_in(&app, &answer).get("/users/me").await.json()["id"],
        json!(user.id)
    );
}

#[tokio::test]
async fn the_preset_links_as_the_original_does() {
    let (oauth, _) = oauth("forge");
    let app = App::builder().configure(|builder| builder.compat(Compat::FastApiUsers15));
    let oauth = oauth.associate_by_email(true);
    let app = app.routes(move |users| routes(users, &oauth)).start().await;
    app.user("jo@example.com").await;
    assert_eq!(
        Flow::start(&app.client(), "/forge")
            .await
            .back(&account("1", "jo@example.com"))
            .await
            .status,
        200
    );
    assert_eq!(
        app.client()
            .login("jwt", "jo@example.com", PASSWORD)
            .await
            .status,
        200,
        "the password stays"
    );
}

/// A strategy whose tokens cannot be voided at first.
#[derive(Clone, Default)]
struct Stubborn(Arc<AtomicBool>);

#[async_trait]
impl Strategy<User> for Stubborn {
    async fn read(&self, _: &str) -> Result<Option<uuid::Uuid>, Error> {
        Ok(None)
    }

    async fn write(&self, _: &User) -> Result<String, Error> {
        Ok("token".to_owned())
    }

    async fn destroy(&self, _: &str, _: &User) -> Result<(), Error> {
        Ok(())
    }

    async fn void(&self, _: &User) -> Result<(), Error> {
        if self.0.load(Ordering::Relaxed) {
            Ok(())
        } else {
            Err(Error::SessionStorage("away".into()))
        }
    }
}

#[tokio::test]
async fn what_could_not_be_voided_is_voided_by_the_next_login() {
    let (oauth, _) = oauth("forge");
    let oauth = oauth.associate_by_email(true).requires_verification(false);
    let stubborn = Stubborn::default();
    let backend = Backend::new("stubborn", BearerTransport::new(), stubborn.clone());
    let app = App::builder().configure(|builder| builder.backend(backend));
    let app = app.routes(move |users| routes(users, &oauth)).start().await;
    let user = app.user("jo@example.com").await;
    let hijacker = logged_in(
        &app,
        &app.client().login("db", "jo@example.com", PASSWORD).await,
    );
    assert_eq!(
        Flow::start(&hijacker, "/link")
            .await
            .back(&account("hijackers", "eve@example.com"))
            .await
            .status,
        200
    );

    let refused = Flow::start(&app.client(), "/forge")
        .await
        .back(&verified("1", "jo@example.com"))
        .await;
    assert_eq!(refused.status, 503, "{refused:?}");
    assert!(
        !app.users
            .find(&user.id)
            .await
            .expect("a store")
            .expect("the user")
            .is_verified,
        "nothing is proven half-way"
    );
    stubborn.0.store(true, Ordering::Relaxed);
    let answer = Flow::start(&app.client(), "/forge")
        .await
        .back(&verified("1", "jo@example.com"))
        .await;
    let owner = logged_in(&app, &answer);
    assert_eq!(
        owner.get("/users/me").await.json()["is_verified"],
        json!(true)
    );
    let left = owner.get("/accounts").await.json();
    assert_eq!(left.as_array().map(Vec::len), Some(1), "{left}");
    assert_eq!(hijacker.get("/users/me").await.status, 401);
}

/// The token that the owner of an address is sent.
async fn reset_token(app: &App, email: &str) -> String {
    let known = app.hooks.events().len();
    let body = json!({ "email": email });
    let answer = app.client().post("/auth/forgot-password", &body).await;
    assert_eq!(answer.status, 202);
    loop {
        let events = app.hooks.events();
        if let Some(Event::ForgotPassword(_, token)) = events.get(known..).and_then(<[_]>::last) {
            return token.clone();
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

async fn reset(app: &App, token: &str) {
    let body = json!({ "token": token, "password": "the owner's" });
    let answer = app.client().post("/auth/reset-password", &body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
}

#[tokio::test]
async fn a_reset_by_mail_takes_an_address_back_from_who_registered_it_in_advance() {
    for backend in ["jwt", "db"] {
        let (oauth, _) = oauth("forge");
        let app = start(oauth.associate_by_email(true)).await;
        let user = app.user("jo@example.com").await;
        let client = app.client();
        let answer = client.login(backend, "jo@example.com", PASSWORD).await;
        let hijacker = logged_in(&app, &answer);
        let before = app.users.find(&user.id).await.expect("a store");
        let accounts = app.store.oauth_accounts().expect("accounts");
        accounts
            .insert_account(OAuthAccount {
                user_id: user.id,
                oauth_name: "forge".to_owned(),
                account_id: "hijackers".to_owned(),
                account_email: "eve@example.com".to_owned(),
                access_token: "token".to_owned(),
                expires_at: None,
                refresh_token: None,
            })
            .await
            .expect("a link");

        let token = reset_token(&app, "jo@example.com").await;
        reset(&app, &token).await;
        let stored = app.users.find(&user.id).await.expect("a store");
        assert!(
            stored.expect("the user").is_verified,
            "the letter proves it"
        );
        assert_eq!(hijacker.get("/users/me").await.status, 401, "{backend}");
        assert_eq!(accounts.accounts_of(&user.id).await.expect("none"), []);
        let strategy = app.users.backend(backend).expect("a backend").strategy();
        let late = strategy.write(&before.expect("the user")).await;
        let late = app.client().bearer(&late.expect("a token"));
        assert_eq!(late.get("/users/me").await.status, 401, "{backend}");
        let login = client.login(backend, "jo@example.com", "the owner's").await;
        assert_eq!(login.status, 200);
    }
}

/// The owner proves the address in two ways at once: by the link of the verification while the reset waits for its hash.
#[tokio::test]
async fn a_verification_while_a_reset_waits_keeps_the_providers_login() {
    let (oauth, _) = oauth("forge");
    let hasher = TestHasher::default();
    let used = hasher.clone();
    let app = App::builder().configure(|builder| builder.password_hasher(used));
    let app = app.routes(move |users| routes(users, &oauth)).start().await;
    let account = code(&json!({ "id": "1", "email": "jo@example.com", "verified": false }));
    let log_in = async || {
        let flow = Flow::start(&app.client(), "/forge").await;
        let answer = flow.back(&account).await;
        logged_in(&app, &answer).get("/users/me").await.json()
    };
    let me = log_in().await;
    assert_eq!(me["is_verified"], json!(false));
    let token = reset_token(&app, "jo@example.com").await;
    hasher.take_calls();
    hasher.hold();
    let client = app.client();
    let resetting = tokio::spawn(async move {
        let body = json!({ "token": token, "password": "a new one" });
        client.post("/auth/reset-password", &body).await
    });
    while hasher.take_calls().is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    verify(&app, "jo@example.com").await;
    hasher.release();
    let refused = resetting.await.expect("an answer");
    refused.assert_detail(400, "RESET_PASSWORD_BAD_TOKEN");
    let again = log_in().await;
    assert_eq!(
        (&again["id"], &again["is_verified"]),
        (&me["id"], &json!(true))
    );
}

#[tokio::test]
async fn a_reset_leaves_a_proven_user_their_linked_accounts() {
    let (oauth, _) = oauth("forge");
    let app = start(oauth).await;
    let account = verified("1", "jo@example.com");
    let first = Flow::start(&app.client(), "/forge")
        .await
        .back(&account)
        .await;
    let id = logged_in(&app, &first).get("/users/me").await.json()["id"].clone();
    let user = app.users.find_by_email("jo@example.com").await;
    let user = user.expect("a store").expect("the user");
    app.users
        .request_verify(&user, None)
        .await
        .expect("a letter");
    app.set(&user, "is_verified", Value::Bool(true)).await;
    let token = reset_token(&app, "jo@example.com").await;
    reset(&app, &token).await;
    let again = Flow::start(&app.client(), "/forge")
        .await
        .back(&account)
        .await;
    assert_eq!(
        logged_in(&app, &again).get("/users/me").await.json()["id"],
        id,
        "who proves the address by verification keeps the provider's login"
    );
}

#[tokio::test]
async fn a_reset_of_the_presets_proves_nothing_and_unlinks_nothing() {
    let (oauth, _) = oauth("forge");
    let app = App::builder().configure(|builder| builder.compat(Compat::FastApiUsers15));
    let app = app.routes(move |users| routes(users, &oauth)).start().await;
    let account = account("1", "jo@example.com");
    let first = Flow::start(&app.client(), "/forge")
        .await
        .back(&account)
        .await;
    let session = logged_in(&app, &first);
    let token = reset_token(&app, "jo@example.com").await;
    reset(&app, &token).await;
    let me = session.get("/users/me").await;
    assert_eq!((me.status, &me.json()["is_verified"]), (200, &json!(false)));
    let again = Flow::start(&app.client(), "/forge")
        .await
        .back(&account)
        .await;
    assert_eq!(again.status, 200);
}
