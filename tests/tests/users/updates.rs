//! What an update changes, and what it refuses.

use serde_json::json;
use users_runtime::value::Value;
use users_tests::{App, Event, PASSWORD};

use crate::superuser;

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
