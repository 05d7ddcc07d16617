//! Linking accounts and removing links.

use axum::Router;
use serde_json::json;
use users_runtime::{Compat, fastapi_routing, oauth::OAuth};
use users_tests::{App, Client, Event};

use crate::provider::{
    Flow, account, code, logged_in, oauth, routes, start, verified_user, verify,
};

#[tokio::test]
async fn a_user_links_an_account_and_logs_in_with_it() {
    let (oauth, _) = oauth("forge");
    let app = start(oauth).await;
    let user = verified_user(&app, "jo@example.com").await;
    let jo = app.client_of(&user).await;
    let before = app.hooks.events().len();
    let answer = Flow::start(&jo, "/link")
        .await
        .back(&account("1", "jo@work.example"))
        .await;
    assert_eq!(
        (answer.status, &answer.json()["email"]),
        (200, &json!("jo@example.com")),
        "{answer:?}"
    );
    assert_eq!(
        app.hooks.events()[before..],
        [Event::Updated(user.id, json!({}))]
    );
    let answer = Flow::start(&app.client(), "/forge")
        .await
        .back(&account("1", "jo@work.example"))
        .await;
    let me = logged_in(&app, &answer).get("/users/me").await.json();
    assert_eq!(me["id"], json!(user.id));
    let shown = jo.get("/accounts").await.json();
    assert_eq!(
        shown,
        json!([{ "oauth_name": "forge", "account_id": "1", "account_email": "jo@work.example" }])
    );
}

#[tokio::test]
async fn linking_needs_the_user_who_began_it() {
    let (oauth, _) = oauth("forge");
    let app = start(oauth).await;
    let jo = app
        .client_of(&verified_user(&app, "jo@example.com").await)
        .await;
    let al = app
        .client_of(&verified_user(&app, "al@example.com").await)
        .await;
    app.client()
        .get("/link/authorize")
        .await
        .assert_detail(401, "Unauthorized");
    app.client()
        .get("/link/callback")
        .await
        .assert_detail(401, "Unauthorized");
    app.client()
        .get("/accounts")
        .await
        .assert_detail(401, "Unauthorized");
    let flow = Flow::start(&jo, "/link").await;
    let stolen = Flow {
        client: al,
        ..flow.clone()
    };
    stolen
        .back(&account("1", "x@example.com"))
        .await
        .assert_detail(400, "Bad Request");
    let nobody = Flow {
        client: app.client(),
        ..flow
    };
    nobody
        .back(&account("1", "x@example.com"))
        .await
        .assert_detail(401, "Unauthorized");
}

#[tokio::test]
async fn linking_wants_a_proven_address_unless_it_is_said_otherwise() {
    for (compat, option, is_wanted) in [
        (Compat::Off, None, true),
        (Compat::Off, Some(true), true),
        (Compat::Off, Some(false), false),
        (Compat::FastApiUsers15, None, false),
        (Compat::FastApiUsers15, Some(true), true),
        (Compat::FastApiUsers15, Some(false), false),
    ] {
        let (oauth, _) = oauth("forge");
        let oauth = option.into_iter().fold(oauth, OAuth::requires_verification);
        let app = App::builder().configure(move |builder| builder.compat(compat));
        let app = app.routes(move |users| routes(users, &oauth)).start().await;
        let user = app.user("jo@example.com").await;
        let jo = app.client_of(&user).await;
        if is_wanted {
            for path in ["/link/authorize", "/link/callback?code=x&state=y"] {
                jo.get(path).await.assert_detail(403, "Forbidden");
            }
            verify(&app, "jo@example.com").await;
        }
        let flow = Flow::start(&jo, "/link").await;
        assert_eq!(
            flow.back(&account("1", "x@example.com")).await.status,
            200,
            "{compat:?}, {option:?}"
        );
        if is_wanted {
            // The address is not proven any more when the browser comes back.
            let flow = Flow::start(&jo, "/link").await;
            app.set(
                &user,
                "is_verified",
                users_runtime::value::Value::Bool(false),
            )
            .await;
            flow.back(&account("2", "x@example.com"))
                .await
                .assert_detail(403, "Forbidden");
        }
    }
}

#[tokio::test]
async fn an_account_that_somebody_has_is_not_linked_again() {
    for compat in [Compat::Off, Compat::FastApiUsers15] {
        let (oauth, _) = oauth("forge");
        let app = App::builder().configure(move |builder| builder.compat(compat));
        let app = app.routes(move |users| routes(users, &oauth)).start().await;
        let jo = app
            .client_of(&verified_user(&app, "jo@example.com").await)
            .await;
        let al = app
            .client_of(&verified_user(&app, "al@example.com").await)
            .await;
        assert_eq!(
            Flow::start(&jo, "/link")
                .await
                .back(&account("1", "x@example.com"))
                .await
                .status,
            200
        );
        let answer = Flow::start(&al, "/link")
            .await
            .back(&account("1", "x@example.com"))
            .await;
        answer.assert_detail(400, "OAUTH_ACCOUNT_ALREADY_LINKED");
        let again = Flow::start(&jo, "/link")
            .await
            .back(&account("1", "new@example.com"))
            .await;
        assert_eq!(again.status, 200, "one's own account only gets new tokens");
        assert_eq!(
            jo.get("/accounts").await.json().as_array().map(Vec::len),
            Some(1)
        );
    }
}

#[tokio::test]
async fn a_link_is_removed_unless_it_is_the_last_way_in() {
    let (oauth, _) = oauth("forge");
    let app = start(oauth).await;
    let of_provider = Flow::start(&app.client(), "/forge")
        .await
        .back(&account("1", "jo@example.com"))
        .await;
    let jo = logged_in(&app, &of_provider);
    verify(&app, "jo@example.com").await;
    jo.send("DELETE", "/accounts/forge/1")
        .await
        .assert_detail(400, "OAUTH_LAST_LOGIN_METHOD");
    jo.send("DELETE", "/accounts/forge/2")
        .await
        .assert_detail(404, "Not Found");
    assert_eq!(
        Flow::start(&jo, "/link")
            .await
            .back(&account("2", "jo@work.example"))
            .await
            .status,
        200
    );
    assert_eq!(jo.send("DELETE", "/accounts/forge/1").await.status, 204);
    jo.send("DELETE", "/accounts/forge/2")
        .await
        .assert_detail(400, "OAUTH_LAST_LOGIN_METHOD");
    assert_eq!(
        jo.json(
            "PATCH",
            "/users/me",
            &json!({ "password": "a password at last" })
        )
        .await
        .status,
        200
    );
    assert_eq!(jo.send("DELETE", "/accounts/forge/2").await.status, 204);
    assert_eq!(jo.get("/accounts").await.json(), json!([]));

    let al = app
        .client_of(&verified_user(&app, "al@example.com").await)
        .await;
    assert_eq!(
        Flow::start(&jo, "/link")
            .await
            .back(&account("3", "x@example.com"))
            .await
            .status,
        200
    );
    al.send("DELETE", "/accounts/forge/3")
        .await
        .assert_detail(404, "Not Found");
}

#[tokio::test]
async fn an_account_whose_id_has_slashes_is_unlinked() {
    let ids = ["people/1", "a/b/c", "/x", "y/", "100%", "%2F", "a b", "1"];
    for decodes in [false, true] {
        let (oauth, _) = oauth("forge");
        let app = App::builder().routes(move |users| {
            let routes = routes(users, &oauth).with_state(users.clone());
            if decodes {
                Router::new().fallback_service(fastapi_routing(routes))
            } else {
                routes.with_state(())
            }
        });
        let app = app.start().await;
        let jo = app
            .client_of(&verified_user(&app, "jo@example.com").await)
            .await;
        for id in ids {
            let answer = Flow::start(&jo, "/link")
                .await
                .back(&account(id, "jo@work.example"))
                .await;
            assert_eq!(answer.status, 200, "{id}: {answer:?}");
            let encoded = percent_encode(id);
            let answer = jo
                .send("DELETE", &format!("/accounts/forge/{encoded}"))
                .await;
            assert_eq!(answer.status, 204, "{id}, decodes: {decodes}: {answer:?}");
        }
        // A proxy may have decoded the path before it comes here.
        for id in ["people/1", "a/b/c"] {
            let linked = Flow::start(&jo, "/link")
                .await
                .back(&account(id, "jo@work.example"))
                .await;
            assert_eq!(linked.status, 200, "{linked:?}");
            let path = format!("/accounts/forge/{id}");
            assert_eq!(jo.send("DELETE", &path).await.status, 204, "{id}");
            jo.send("DELETE", &path)
                .await
                .assert_detail(404, "Not Found");
        }
        assert_eq!(jo.get("/accounts").await.json(), json!([]));
    }
}

/// An account's id as a segment of a path.
fn percent_encode(id: &str) -> String {
    let bytes: Vec<_> = id.bytes().map(|byte| format!("%{byte:02X}")).collect();
    bytes.concat()
}

#[tokio::test]
async fn a_refresh_token_stays_until_there_is_another() {
    for (compat, stays) in [(Compat::Off, true), (Compat::FastApiUsers15, false)] {
        let (oauth, _) = oauth("forge");
        let app = App::builder().configure(move |builder| builder.compat(compat));
        let app = app.routes(move |users| routes(users, &oauth)).start().await;
        let back = async |prefix: &'static str, client: &Client, refresh: Option<&str>| {
            let script = json!({ "id": "1", "email": "jo@example.com", "refresh": refresh });
            let answer = Flow::start(client, prefix).await.back(&code(&script)).await;
            assert_eq!(answer.status, 200, "{answer:?}");
            answer
        };
        let stored = async || {
            let user = app.users.find_by_email("jo@example.com").await;
            let user = user.expect("a store").expect("the user");
            let accounts = app.users.oauth_accounts(&user).await.expect("a store");
            accounts[0].refresh_token.clone()
        };
        let first = back("/forge", &app.client(), Some("first")).await;
        let jo = logged_in(&app, &first);
        verify(&app, "jo@example.com").await;
        for (prefix, client) in [("/forge", &app.client()), ("/link", &jo)] {
            back(prefix, client, Some("first")).await;
            back(prefix, client, None).await;
            assert_eq!(
                stored().await.as_deref(),
                stays.then_some("first"),
                "{prefix}, {compat:?}"
            );
            back(prefix, client, Some("second")).await;
            assert_eq!(stored().await.as_deref(), Some("second"));
        }
    }
}

#[tokio::test]
async fn a_new_refresh_token_survives_a_login_without_one_at_the_same_time() {
    let (oauth, _) = oauth("forge");
    let app = start(oauth).await;
    let script = |refresh: Option<&str>| {
        code(&json!({ "id": "1", "email": "jo@example.com", "refresh": refresh }))
    };
    let first = Flow::start(&app.client(), "/forge").await;
    assert_eq!(first.back(&script(Some("first"))).await.status, 200);
    let user = app.users.find_by_email("jo@example.com").await;
    let user = user.expect("a store").expect("the user");
    for round in 0..40 {
        let new = format!("refresh {round}");
        let (with, without) = (script(Some(&new)), script(None));
        let [one, other] = [
            Flow::start(&app.client(), "/forge").await,
            Flow::start(&app.client(), "/forge").await,
        ];
        let answers = tokio::join!(other.back(&without), one.back(&with));
        assert_eq!((answers.0.status, answers.1.status), (200, 200));
        let accounts = app.users.oauth_accounts(&user).await.expect("a store");
        assert_eq!(accounts[0].refresh_token.as_deref(), Some(new.as_str()));
    }
}

#[tokio::test]
async fn of_two_last_links_that_are_removed_at_once_one_stays() {
    let (oauth, _) = oauth("forge");
    let app = start(oauth).await;
    for round in 0..20 {
        let id = |number: u8| format!("{round}-{number}");
        let login = Flow::start(&app.client(), "/forge")
            .await
            .back(&account(&id(1), &format!("jo{round}@example.com")))
            .await;
        let jo = logged_in(&app, &login);
        verify(&app, &format!("jo{round}@example.com")).await;
        assert_eq!(
            Flow::start(&jo, "/link")
                .await
                .back(&account(&id(2), "jo@work.example"))
                .await
                .status,
            200
        );
        let paths = [1, 2].map(|number| format!("/accounts/forge/{}", id(number)));
        let answers = tokio::join!(jo.send("DELETE", &paths[0]), jo.send("DELETE", &paths[1]));
        let left = jo.get("/accounts").await.json();
        assert!(!left.as_array().expect("a list").is_empty(), "{answers:?}");
    }
}

#[tokio::test]
async fn login_and_linking_have_a_callback_each() {
    const LOGIN: &str = "https://app.example.com/auth/forge/callback";
    const LINK: &str = "https://app.example.com/auth/associate/forge/callback";
    for (login, link, expected) in [
        (Some(LOGIN), Some(LINK), [Some(LOGIN), Some(LINK)]),
        (Some(LOGIN), None, [Some(LOGIN), Some(LOGIN)]),
        (None, Some(LINK), [None, Some(LINK)]),
        (None, None, [None, None]),
    ] {
        let (mut oauth, asked) = oauth("forge");
        oauth = login.into_iter().fold(oauth, OAuth::redirect_url);
        oauth = link.into_iter().fold(oauth, OAuth::associate_redirect_url);
        let app = App::builder()
            .configure(|builder| builder.oauth(oauth, "db"))
            .start()
            .await;
        let jo = app
            .client_of(&verified_user(&app, "jo@example.com").await)
            .await;
        for (prefix, url) in ["/auth/forge", "/auth/associate/forge"]
            .into_iter()
            .zip(expected)
        {
            let url = url.map_or_else(|| format!("{}{prefix}/callback", app.url), str::to_owned);
            let flow = Flow::start(&jo, prefix).await;
            assert_eq!(
                flow.sent["redirect_uri"], url,
                "{prefix}, {login:?}, {link:?}"
            );
            assert_eq!(
                flow.back(&account(prefix, "al@example.com")).await.status,
                200
            );
            let form = asked
                .lock()
                .expect("no test panics while it holds the lock")
                .iter()
                .rfind(|form| form.contains_key("code"))
                .cloned();
            assert_eq!(
                form.expect("an exchange")["redirect_uri"],
                url,
                "the code is exchanged with the same one"
            );
        }
    }
}
