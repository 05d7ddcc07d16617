//! Who gets in through a provider.

use std::sync::{Arc, Mutex};

use axum::response::Response;
use serde_json::json;
use users_runtime::{HookError, Hooks, RequestParts, async_trait, value::Value};
use users_tests::{App, Event, User, UserUpdate};

use crate::provider::{Flow, account, code, logged_in, oauth, routes, start, verify};

#[tokio::test]
async fn a_new_user_is_registered_and_found_again_by_the_account() {
    let (oauth, asked) = oauth("forge");
    let app = start(oauth).await;
    let flow = Flow::start(&app.client(), "/forge").await;
    assert_eq!(
        flow.sent["redirect_uri"],
        format!("{}/forge/callback", app.url)
    );
    assert_eq!(
        (
            &*flow.sent["response_type"],
            &*flow.sent["client_id"],
            &*flow.sent["scope"]
        ),
        ("code", "client", "profile")
    );
    let first = logged_in(&app, &flow.back(&account("1", "Jo@Example.com")).await)
        .get("/users/me")
        .await
        .json();
    assert_eq!(
        (&first["email"], &first["is_verified"]),
        (&json!("Jo@example.com"), &json!(false))
    );
    let id = first["id"]
        .as_str()
        .expect("an id")
        .parse()
        .expect("a UUID");
    assert_eq!(
        app.hooks.events(),
        [Event::Registered(id), Event::LoggedIn(id)]
    );

    let form = asked
        .lock()
        .expect("no test panics while it holds the lock")[0]
        .clone();
    assert_eq!(
        Flow::challenge_of(&form["code_verifier"]),
        flow.sent["code_challenge"]
    );
    assert_eq!(
        (&*form["client_id"], &*form["client_secret"]),
        ("client", "secret")
    );
    assert_eq!(form["redirect_uri"], flow.sent["redirect_uri"]);

    let flow = Flow::start(&app.client(), "/forge").await;
    let again = logged_in(&app, &flow.back(&account("1", "moved@example.com")).await)
        .get("/users/me")
        .await
        .json();
    assert_eq!(again, first, "the user's own address stays");
    let user = app
        .users
        .find(&id)
        .await
        .expect("a store")
        .expect("the user");
    let accounts = app.users.oauth_accounts(&user).await.expect("a store");
    assert_eq!(
        (accounts.len(), &*accounts[0].account_email),
        (1, "moved@example.com")
    );
    assert_eq!(accounts[0].refresh_token.as_deref(), Some("r"));
    assert!(accounts[0].expires_at.is_some());
}

#[tokio::test]
async fn what_the_provider_says_wrong_is_a_code_and_stores_nothing() {
    let (oauth, _) = oauth("forge");
    let app = start(oauth).await;
    let cases = [
        (
            json!({ "fail": "exchange" }),
            400,
            "OAUTH_CODE_EXCHANGE_FAILED",
        ),
        (
            json!({ "fail": "token" }),
            400,
            "OAUTH_CODE_EXCHANGE_FAILED",
        ),
        (json!({ "fail": "profile" }), 400, "OAUTH_PROFILE_FAILED"),
        (json!({ "fail": "garbage" }), 400, "OAUTH_PROFILE_FAILED"),
        (json!({ "fail": "down" }), 502, "OAUTH_PROVIDER_UNAVAILABLE"),
        (
            json!({ "email": "jo@example.com" }),
            400,
            "OAUTH_PROFILE_FAILED",
        ),
        (json!({ "id": "1" }), 400, "OAUTH_NOT_AVAILABLE_EMAIL"),
        (
            json!({ "id": "1", "email": "no address" }),
            400,
            "OAUTH_NOT_AVAILABLE_EMAIL",
        ),
    ];
    for (script, status, detail) in cases {
        Flow::start(&app.client(), "/forge")
            .await
            .back(&code(&script))
            .await
            .assert_detail(status, detail);
    }
    let flow = Flow::start(&app.client(), "/forge").await;
    let error = format!(
        "/forge/callback?error=access_denied&state={}",
        flow.sent["state"]
    );
    app.client()
        .cookie(&flow.cookie)
        .get(&error)
        .await
        .assert_detail(400, "access_denied");
    app.client()
        .get("/forge/callback")
        .await
        .assert_detail(400, "Bad Request");
    assert!(
        app.users
            .find_by_email("jo@example.com")
            .await
            .expect("a store")
            .is_none()
    );
    assert!(app.hooks.events().is_empty());
}

#[tokio::test]
async fn inactive_users_stay_outside() {
    let (oauth, _) = oauth("forge");
    let app = start(oauth).await;
    Flow::start(&app.client(), "/forge")
        .await
        .back(&account("1", "jo@example.com"))
        .await;
    let user = app.stored("jo@example.com").await;
    app.set(&user, "is_active", Value::Bool(false)).await;
    let answer = Flow::start(&app.client(), "/forge")
        .await
        .back(&account("1", "jo@example.com"))
        .await;
    answer.assert_detail(400, "LOGIN_BAD_CREDENTIALS");
}

#[tokio::test]
async fn a_user_of_a_provider_has_no_password_until_they_set_one() {
    let (oauth, _) = oauth("forge");
    let app = start(oauth).await;
    Flow::start(&app.client(), "/forge")
        .await
        .back(&account("1", "jo@example.com"))
        .await;
    let user = app.stored("jo@example.com").await;
    for password in [
        "",
        "!",
        user.hashed_password.expose(),
        &user.hashed_password.expose()[1..],
    ] {
        let answer = app.client().login("jwt", "jo@example.com", password).await;
        assert!(answer.status == 400 || answer.status == 422, "{answer:?}");
    }
    app.client()
        .post(
            "/auth/forgot-password",
            &json!({ "email": "jo@example.com" }),
        )
        .await;
    let token = loop {
        let events = app.hooks.events();
        if let Some(Event::ForgotPassword(_, token)) = events
            .into_iter()
            .find(|event| matches!(event, Event::ForgotPassword(..)))
        {
            break token;
        }
        tokio::task::yield_now().await;
    };
    let reset = json!({ "token": token, "password": "a new password" });
    assert_eq!(
        app.client()
            .post("/auth/reset-password", &reset)
            .await
            .status,
        200
    );
    assert_eq!(
        app.client()
            .login("jwt", "jo@example.com", "a new password")
            .await
            .status,
        200
    );
    assert_eq!(
        app.client()
            .post("/auth/reset-password", &reset)
            .await
            .status,
        400,
        "the token worked twice"
    );
}

/// Keeps what a request looks like to whoever prints it.
#[derive(Clone, Default)]
struct Printed(Arc<Mutex<Vec<String>>>);

#[async_trait]
impl Hooks<User> for Printed {
    async fn on_after_login(
        &self,
        _: &User,
        request: Option<&RequestParts>,
        _: &mut Response,
    ) -> Result<(), HookError> {
        self.0
            .lock()
            .expect("no test panics while it holds the lock")
            .push(format!("{:?}", request.expect("a request").headers));
        Ok(())
    }

    async fn on_after_update(
        &self,
        _: &User,
        _: &UserUpdate,
        request: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.0
            .lock()
            .expect("no test panics while it holds the lock")
            .push(format!("{:?}", request.expect("a request").headers));
        Ok(())
    }
}

#[tokio::test]
async fn hooks_may_print_the_headers_of_a_request() {
    let (oauth, _) = oauth("forge");
    let printed = Printed::default();
    let hooks = printed.clone();
    let app = App::builder()
        .configure(|builder| builder.hooks(hooks))
        .routes(move |users| routes(users, &oauth))
        .start()
        .await;
    let flow = Flow::start(&app.client(), "/forge").await;
    let answer = flow.back(&account("1", "jo@example.com")).await;
    let jo = logged_in(&app, &answer);
    verify(&app, "jo@example.com").await;
    let link = Flow::start(&jo, "/link").await;
    assert_eq!(
        link.back(&account("2", "jo@work.example")).await.status,
        200
    );
    let token = answer.json()["access_token"]
        .as_str()
        .expect("a token")
        .to_owned();
    let cookie = |flow: &Flow| flow.cookie.split_once('=').expect("a cookie").1.to_owned();
    let printed = printed
        .0
        .lock()
        .expect("no test panics while it holds the lock")
        .clone();
    assert_eq!(printed.len(), 2, "a login and a link");
    for headers in printed {
        assert!(headers.contains("\"cookie\": Sensitive"), "{headers}");
        for secret in [&token, &cookie(&flow), &cookie(&link)] {
            assert!(
                !headers.contains(secret.as_str()),
                "`{secret}` is in {headers}"
            );
        }
    }
}

#[tokio::test]
async fn of_first_logins_at_once_all_get_in_as_one_user() {
    let (oauth, _) = oauth("forge");
    let app = start(oauth).await;
    for round in 0..10 {
        let code = account(&format!("{round}"), &format!("jo{round}@example.com"));
        let client = app.client();
        let flows = [
            Flow::start(&client, "/forge").await,
            Flow::start(&client, "/forge").await,
            Flow::start(&client, "/forge").await,
        ];
        let answers = tokio::join!(
            flows[0].back(&code),
            flows[1].back(&code),
            flows[2].back(&code)
        );
        let mut ids = Vec::new();
        for answer in [answers.0, answers.1, answers.2] {
            ids.push(logged_in(&app, &answer).get("/users/me").await.json()["id"].clone());
        }
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    }
}

#[tokio::test]
async fn a_providers_address_at_a_special_use_domain_is_taken_where_the_application_lists_it() {
    for (domains, status) in [(&["local"][..], 200), (&[], 400)] {
        let (oauth, _) = oauth("forge");
        let app = App::builder()
            .configure(|builder| {
                builder
                    .allow_special_use_domains(domains.iter().copied())
                    .oauth(oauth, "db")
            })
            .start()
            .await;
        let flow = Flow::start(&app.client(), "/auth/forge").await;
        let answer = flow.back(&account("1", "jo@corp.local")).await;
        assert_eq!(answer.status, status, "{answer:?}");
    }
}
