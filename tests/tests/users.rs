//! `/users/me` and `/users/{id}`

use serde_json::json;
use users_runtime::{Compat, UserSearch, Value};
use users_tests::{App, Client, Event, PASSWORD, User};

async fn superuser(app: &App) -> (User, Client) {
    let user = app.user("root@example.com").await;
    let user = app.set(&user, "is_superuser", Value::Bool(true)).await;
    let client = app.client_of(&user).await;
    (user, client)
}

#[tokio::test]
async fn me_is_for_whoever_is_logged_in_and_active() {
    let app = App::start().await;
    let user = app.user("jo@example.com").await;
    let client = app.client_of(&user).await;
    let answer = client.get("/users/me").await;
    let expected = json!({
        "id": user.id, "email": "jo@example.com", "is_active": true, "is_superuser": false, "is_verified": false,
        "first_name": null, "points": 0,
    });
    answer.assert(200, &expected);
    assert_eq!(answer.header("www-authenticate"), "");
    app.client()
        .get("/users/me")
        .await
        .assert_detail(401, "Unauthorized");
    app.client()
        .bearer("nonsense")
        .get("/users/me")
        .await
        .assert_detail(401, "Unauthorized");
    app.set(&user, "is_active", Value::Bool(false)).await;
    client
        .get("/users/me")
        .await
        .assert_detail(401, "Unauthorized");
}

#[tokio::test]
async fn the_first_backend_that_knows_a_user_decides() {
    let app = App::start().await;
    let (jo, gone) = (
        app.user("jo@example.com").await,
        app.user("gone@example.com").await,
    );
    app.set(&gone, "is_active", Value::Bool(false)).await;
    let cookie = app
        .client()
        .login("cookie", "jo@example.com", PASSWORD)
        .await;
    let pair = cookie
        .header("set-cookie")
        .split(';')
        .next()
        .expect("a pair")
        .to_owned();
    assert_eq!(
        app.client()
            .bearer("wrong")
            .cookie(&pair)
            .get("/users/me")
            .await
            .json()["id"],
        json!(jo.id)
    );
    app.client_of(&gone)
        .await
        .cookie(&pair)
        .get("/users/me")
        .await
        .assert_detail(401, "Unauthorized");
}

#[tokio::test]
async fn an_update_sets_what_was_sent_and_nothing_else() {
    let app = App::start().await;
    let user = app.user("jo@example.com").await;
    app.set(&user, "is_verified", Value::Bool(true)).await;
    let client = app.client_of(&user).await;
    let answer = client
        .json(
            "PATCH",
            "/users/me",
            &json!({ "first_name": "Jo", "unknown": 1, "points": 9, "note": "mine" }),
        )
        .await;
    assert_eq!(
        (
            answer.status,
            &answer.json()["first_name"],
            &answer.json()["points"]
        ),
        (200, &json!("Jo"), &json!(0))
    );
    let answer = client.json("PATCH", "/users/me", &json!({})).await;
    assert_eq!(
        (answer.status, &answer.json()["first_name"]),
        (200, &json!("Jo"))
    );
    let answer = client
        .json(
            "PATCH",
            "/users/me",
            &json!({ "first_name": null, "email": "jo@example.com" }),
        )
        .await;
    assert_eq!(
        (answer.status, &answer.json()["first_name"]),
        (200, &json!(null))
    );
    assert_eq!(
        answer.json()["is_verified"],
        true,
        "the same address stays verified"
    );
    let answer = client
        .json("PATCH", "/users/me", &json!({ "email": "new@example.com" }))
        .await;
    assert_eq!(
        (&answer.json()["email"], &answer.json()["is_verified"]),
        (&json!("new@example.com"), &json!(false))
    );
    let updates: Vec<_> = app
        .hooks
        .events()
        .into_iter()
        .filter(|event| matches!(event, Event::Updated(..)))
        .collect();
    let expected = [
        json!({ "first_name": "Jo" }),
        json!({}),
        json!({ "first_name": null, "email": "jo@example.com" }),
        json!({ "email": "new@example.com" }),
    ];
    assert_eq!(
        updates,
        expected.map(|fields| Event::Updated(user.id, fields))
    );
}

#[tokio::test]
async fn flags_are_the_administrators_alone() {
    let app = App::start().await;
    let user = app.user("jo@example.com").await;
    let client = app.client_of(&user).await;
    let answer = client
        .json(
            "PATCH",
            "/users/me",
            &json!({ "is_superuser": true, "is_verified": true, "is_active": null }),
        )
        .await;
    assert_eq!(
        (
            answer.status,
            &answer.json()["is_superuser"],
            &answer.json()["is_verified"]
        ),
        (200, &json!(false), &json!(false))
    );
    assert_eq!(
        client
            .json("PATCH", "/users/me", &json!({ "is_active": "maybe" }))
            .await
            .status,
        422
    );

    let (_, root) = superuser(&app).await;
    let path = format!("/users/{}", user.id);
    let answer = root
        .json(
            "PATCH",
            &path,
            &json!({ "email": "new@example.com", "is_verified": true, "note": "a note" }),
        )
        .await;
    assert_eq!(
        (
            answer.status,
            &answer.json()["is_verified"],
            &answer.json()["note"]
        ),
        (200, &json!(true), &json!("a note"))
    );
    for flag in ["is_active", "is_superuser", "is_verified", "email"] {
        let answer = root.json("PATCH", &path, &json!({ flag: null })).await;
        assert_eq!(
            (answer.status, &answer.json()["detail"][0]["loc"]),
            (422, &json!(["body", flag])),
            "{answer:?}"
        );
    }
    assert_eq!(
        client
            .json("PATCH", "/users/me", &json!({ "email": null }))
            .await
            .status,
        422
    );
}

#[tokio::test]
async fn fields_for_administrators_are_shown_to_them_alone() {
    let app = App::start().await;
    let user = app.user("jo@example.com").await;
    app.set(&user, "note", Value::Text("careful".to_owned()))
        .await;
    assert_eq!(
        app.client_of(&user)
            .await
            .get("/users/me")
            .await
            .json()
            .get("note"),
        None
    );
    let (_, root) = superuser(&app).await;
    assert_eq!(
        root.get(&format!("/users/{}", user.id)).await.json()["note"],
        "careful"
    );
}

#[tokio::test]
async fn a_taken_address_and_a_bad_password_change_nothing() {
    let app = App::start().await;
    let user = app.user("jo@example.com").await;
    app.user("other@example.com").await;
    let client = app.client_of(&user).await;
    let answer = client
        .json(
            "PATCH",
            "/users/me",
            &json!({ "email": "OTHER@example.com", "password": "a new one" }),
        )
        .await;
    answer.assert_detail(400, "UPDATE_USER_EMAIL_ALREADY_EXISTS");
    let answer = client
        .json(
            "PATCH",
            "/users/me",
            &json!({ "email": "new@example.com", "password": "my jo@example.com" }),
        )
        .await;
    let refused = json!({ "code": "UPDATE_USER_INVALID_PASSWORD", "reason": "Password should not contain e-mail" });
    answer.assert(400, &json!({ "detail": refused }));
    assert_eq!(
        client.get("/users/me").await.json()["email"],
        "jo@example.com"
    );
    assert_eq!(
        app.client()
            .login("jwt", "jo@example.com", PASSWORD)
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn a_null_password_is_no_change() {
    let app = App::start().await;
    let user = app.user("jo@example.com").await;
    let client = app.client_of(&user).await;
    assert_eq!(
        client
            .json("PATCH", "/users/me", &json!({ "password": null }))
            .await
            .status,
        200
    );
    assert_eq!(
        client
            .json("PATCH", "/users/me", &json!({ "password": "a new one" }))
            .await
            .status,
        200
    );
    assert_eq!(
        app.client()
            .login("jwt", "jo@example.com", "a new one")
            .await
            .status,
        200
    );
    assert_eq!(
        app.client()
            .login("jwt", "jo@example.com", PASSWORD)
            .await
            .status,
        400
    );
}

#[tokio::test]
async fn guards_come_before_fields_and_after_syntax() {
    let app = App::start().await;
    let user = app.user("jo@example.com").await;
    let client = app.client_of(&user).await;
    let (root_user, root) = superuser(&app).await;
    let bad = json!({ "first_name": 1 });
    app.client()
        .json("PATCH", "/users/me", &bad)
        .await
        .assert_detail(401, "Unauthorized");
    assert_eq!(
        app.client()
            .raw("PATCH", "/users/me", "application/json", "{")
            .await
            .status,
        422
    );
    client
        .json("PATCH", &format!("/users/{}", root_user.id), &bad)
        .await
        .assert_detail(403, "Forbidden");
    root.json("PATCH", &format!("/users/{}", uuid::Uuid::new_v4()), &bad)
        .await
        .assert_detail(404, "Not Found");
    assert_eq!(
        root.json("PATCH", &format!("/users/{}", user.id), &bad)
            .await
            .status,
        422
    );
}

#[tokio::test]
async fn ids_are_read_generously_and_wrong_ones_are_nobodys() {
    let app = App::start().await;
    let (user, root) = superuser(&app).await;
    let (hyphenated, simple) = (
        user.id.hyphenated().to_string(),
        user.id.simple().to_string(),
    );
    for id in [
        hyphenated.to_uppercase(),
        simple.clone(),
        format!("%7B{hyphenated}%7D"),
        format!("urn:uuid:{hyphenated}"),
    ] {
        assert_eq!(root.get(&format!("/users/{id}")).await.status, 200, "{id}");
    }
    for id in ["me2", "5", "%ff", "00000000-0000-0000-0000-000000000000"] {
        root.get(&format!("/users/{id}"))
            .await
            .assert_detail(404, "Not Found");
    }
    app.client()
        .get(&format!("/users/{simple}"))
        .await
        .assert_detail(401, "Unauthorized");
}

#[tokio::test]
async fn a_superuser_deletes_a_user_with_their_sessions() {
    let app = App::start().await;
    let user = app.user("jo@example.com").await;
    let token = app
        .client()
        .login("db", "jo@example.com", PASSWORD)
        .await
        .json();
    let client = app
        .client()
        .bearer(token["access_token"].as_str().expect("a token"));
    let (_, root) = superuser(&app).await;
    let path = format!("/users/{}", user.id);
    client
        .send("DELETE", &path)
        .await
        .assert_detail(403, "Forbidden");
    client
        .send("DELETE", "/users/me")
        .await
        .assert_detail(403, "Forbidden");
    root.send("DELETE", "/users/me")
        .await
        .assert_detail(404, "Not Found");
    let answer = root.send("DELETE", &path).await;
    assert_eq!(
        (
            answer.status,
            answer.text.as_str(),
            answer.header("content-type")
        ),
        (204, "", "")
    );
    root.send("DELETE", &path)
        .await
        .assert_detail(404, "Not Found");
    client
        .get("/users/me")
        .await
        .assert_detail(401, "Unauthorized");
    let tokens: i64 = sqlx::query_scalar("SELECT count(*) FROM accesstoken")
        .fetch_one(app.store.pool())
        .await
        .expect("a number");
    assert_eq!(tokens, 0);
    let events = app.hooks.events();
    assert!(
        events.ends_with(&[Event::BeforeDelete(user.id), Event::Deleted(user.id)]),
        "{events:?}"
    );
}

#[tokio::test]
async fn a_stored_address_that_could_not_be_registered_is_shown_and_an_unusual_one_is_normalised() {
    for compat in [Compat::Off, Compat::FastApiUsers15] {
        let app = App::builder()
            .configure(move |builder| builder.compat(compat))
            .start()
            .await;
        let user = app.user("jo@example.com").await;
        let client = app.client_of(&user).await;
        let (_, admin) = superuser(&app).await;
        let of_jo = format!("/users/{}", user.id);
        for (number, (stored, shown)) in [
            ("A@EXAMPLE.COM", "A@example.com"),
            ("jo@corp.local", "jo@corp.local"),
            ("admin@localhost", "admin@localhost"),
            ("Jo@HOST.test", "Jo@HOST.test"),
            ("jo@[127.0.0.1]", "jo@[127.0.0.1]"),
            ("none", "none"),
        ]
        .into_iter()
        .enumerate()
        {
            app.set(&user, "email", Value::Text(stored.to_owned()))
                .await;
            for (client, path) in [(&client, "/users/me"), (&admin, of_jo.as_str())] {
                let name = format!("{number} {path}");
                let answers = [
                    client.get(path).await,
                    client
                        .json("PATCH", path, &json!({ "first_name": name }))
                        .await,
                ];
                for answer in answers {
                    assert_eq!(answer.status, 200, "{compat:?} {stored}: {answer:?}");
                    assert_eq!(answer.json()["email"], shown, "{compat:?}");
                }
                let me = client.get(path).await.json();
                assert_eq!(me["first_name"], name.as_str(), "{compat:?} {stored}");
            }
        }
    }
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions_and_a_deactivation_all() {
    let app = App::start().await;
    let user = app.user("jo@example.com").await;
    let mut sessions = Vec::new();
    for _ in 0..2 {
        let token = app
            .client()
            .login("db", "jo@example.com", PASSWORD)
            .await
            .json();
        sessions.push(
            app.client()
                .bearer(token["access_token"].as_str().expect("a token")),
        );
    }
    assert_eq!(
        sessions[0]
            .json("PATCH", "/users/me", &json!({ "password": "a new one" }))
            .await
            .status,
        200
    );
    assert_eq!(
        sessions[0].get("/users/me").await.status,
        200,
        "the session that asked stays"
    );
    assert_eq!(sessions[1].get("/users/me").await.status, 401);
    let (_, root) = superuser(&app).await;
    let path = format!("/users/{}", user.id);
    assert_eq!(
        root.json("PATCH", &path, &json!({ "is_active": false }))
            .await
            .status,
        200
    );
    assert_eq!(
        root.json("PATCH", &path, &json!({ "is_active": true }))
            .await
            .status,
        200
    );
    assert_eq!(sessions[0].get("/users/me").await.status, 401);
}

#[tokio::test]
async fn with_the_preset_sessions_go_on_and_the_own_address_is_taken() {
    let app = App::start_compatible().await;
    let user = app.user("jo@example.com").await;
    let token = app
        .client()
        .login("db", "jo@example.com", PASSWORD)
        .await
        .json();
    let session = app
        .client()
        .bearer(token["access_token"].as_str().expect("a token"));
    let client = app.client_of(&user).await;
    assert_eq!(
        client
            .json("PATCH", "/users/me", &json!({ "password": "a new one" }))
            .await
            .status,
        200
    );
    assert_eq!(session.get("/users/me").await.status, 200);
    let answer = client
        .json("PATCH", "/users/me", &json!({ "email": "JO@example.com" }))
        .await;
    answer.assert_detail(400, "UPDATE_USER_EMAIL_ALREADY_EXISTS");
}

#[tokio::test]
async fn by_default_the_own_address_may_change_its_capitals() {
    let app = App::start().await;
    let user = app.user("jo@example.com").await;
    let client = app.client_of(&user).await;
    let answer = client
        .json("PATCH", "/users/me", &json!({ "email": "JO@example.com" }))
        .await;
    assert_eq!(
        (answer.status, &answer.json()["email"]),
        (200, &json!("JO@example.com"))
    );
}

#[tokio::test]
async fn concurrent_updates_of_different_fields_both_survive() {
    let app = App::start().await;
    let user = app.user("jo@example.com").await;
    let (_, root) = superuser(&app).await;
    let path = format!("/users/{}", user.id);
    for round in 0..10 {
        let (name, note) = (
            json!({ "first_name": format!("name {round}") }),
            json!({ "note": format!("note {round}") }),
        );
        let (one, other) = tokio::join!(
            root.json("PATCH", &path, &name),
            root.json("PATCH", &path, &note)
        );
        assert_eq!((one.status, other.status), (200, 200));
        let user = root.get(&path).await.json();
        assert_eq!(
            (&user["first_name"], &user["note"]),
            (&name["first_name"], &note["note"])
        );
    }
}

#[tokio::test]
async fn operators_reach_the_stores_answers_through_the_system() {
    let app = App::start().await;
    superuser(&app).await;
    app.user("jo@example.com").await;
    let administration = app
        .users
        .administration()
        .expect("the store answers operators");
    let found = administration
        .search(&UserSearch::new().is_superuser(true))
        .await
        .expect("an answer");
    assert_eq!(
        found
            .iter()
            .map(|user| user.email.as_str())
            .collect::<Vec<_>>(),
        ["root@example.com"]
    );
    assert_eq!(
        administration
            .count(&UserSearch::new())
            .await
            .expect("an answer"),
        2
    );
    let codes = administration.doctor().await.expect("an answer");
    assert!(
        codes
            .iter()
            .any(|finding| finding.code() == "unverified_superusers"),
        "{codes:?}"
    );
    assert_eq!(administration.pending().await.expect("an answer"), "");
    assert!(administration.schema().starts_with("CREATE TABLE"));
}
