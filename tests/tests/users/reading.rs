//! Who is there, by which backend, and which fields are shown.

use serde_json::json;
use users_runtime::{Compat, value::Value};
use users_tests::{App, PASSWORD};

use crate::superuser;

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
    let pair = cookie.cookie().to_owned();
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
