//! What users see of their sessions.

use serde_json::json;
use users_tests::Client;

use crate::app::{App, KEPT, sessions};

#[tokio::test]
async fn sessions_of_all_backends_are_listed_the_newest_first() {
    let app = App::start().await;
    app.user("jo@example.com").await;
    let mut clients = Vec::new();
    for backend in KEPT {
        app.clock.forward(std::time::Duration::from_secs(1));
        clients.push(app.logged_in(backend, "jo@example.com").await);
    }
    for (position, client) in clients.iter().enumerate() {
        let listed = sessions(client).await;
        let backends: Vec<_> = listed
            .iter()
            .map(|session| session["backend"].clone())
            .collect();
        let newest_first: Vec<_> = KEPT.iter().rev().map(|name| json!(name)).collect();
        assert_eq!(backends, newest_first);
        let current: Vec<_> = listed
            .iter()
            .filter(|session| session["is_current"] == true)
            .collect();
        assert_eq!(current.len(), 1);
        assert_eq!(current[0]["backend"], KEPT[position]);
        assert_eq!(current[0]["methods"], json!(["password"]));
    }
}

#[tokio::test]
async fn a_session_has_exactly_these_fields() {
    let app = App::start().await;
    app.user("jo@example.com").await;
    let client = app.logged_in("plain", "jo@example.com").await;
    let session = sessions(&client).await.remove(0);
    let names: Vec<_> = session
        .as_object()
        .expect("an object")
        .keys()
        .cloned()
        .collect();
    let expected = [
        "id",
        "backend",
        "created_at",
        "last_used_at",
        "expires_at",
        "ip",
        "user_agent",
        "methods",
        "is_current",
    ];
    assert_eq!(names.len(), expected.len(), "{names:?}");
    assert!(
        expected
            .iter()
            .all(|name| names.iter().any(|found| found == name)),
        "{names:?}"
    );
    for instant in ["created_at", "last_used_at", "expires_at"] {
        let text = session[instant].as_str().expect("a text");
        assert!(
            text.ends_with('Z') && chrono::DateTime::parse_from_rfc3339(text).is_ok(),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_credential_that_is_no_session_sees_none_as_current() {
    let app = App::start().await;
    app.user("jo@example.com").await;
    app.logged_in("plain", "jo@example.com").await;
    for backend in ["jwt", "db"] {
        let client = app.logged_in(backend, "jo@example.com").await;
        let listed = sessions(&client).await;
        assert_eq!(listed.len(), 1, "{backend}");
        assert_eq!(listed[0]["is_current"], false);
    }
}

#[tokio::test]
async fn a_session_ends_by_its_id_and_no_other_user_ends_it() {
    let app = App::start().await;
    app.user("jo@example.com").await;
    app.user("al@example.com").await;
    let al = app.logged_in("plain", "al@example.com").await;
    for backend in KEPT {
        let jo = app.logged_in(backend, "jo@example.com").await;
        let other = app.logged_in("plain", "jo@example.com").await;
        let id = current(&jo).await;
        let path = format!("/users/me/sessions/{id}");
        al.send("DELETE", &path)
            .await
            .assert_detail(404, "Not Found");
        assert_eq!(crate::app::me(&jo).await, 200);
        assert_eq!(other.send("DELETE", &path).await.status, 204, "{backend}");
        assert_eq!(crate::app::me(&jo).await, 401, "{backend}");
        other
            .send("DELETE", &path)
            .await
            .assert_detail(404, "Not Found");
    }
    for malformed in ["nonsense", "%00", "%FF", "me", "..%2F.."] {
        let path = format!("/users/me/sessions/{malformed}");
        assert_eq!(al.send("DELETE", &path).await.status, 404, "{malformed}");
    }
    assert_eq!(crate::app::me(&al).await, 200);
}

#[tokio::test]
async fn all_others_end_and_with_all_the_present_one_too() {
    let app = App::start().await;
    app.user("jo@example.com").await;
    for backend in KEPT {
        let jo = app.logged_in(backend, "jo@example.com").await;
        let mut others = Vec::new();
        for other in KEPT {
            others.push(app.logged_in(other, "jo@example.com").await);
        }
        assert_eq!(jo.send("DELETE", "/users/me/sessions").await.status, 204);
        assert_eq!(sessions(&jo).await.len(), 1, "{backend}");
        for other in &others {
            assert_eq!(crate::app::me(other).await, 401, "{backend}");
        }
        let unclear = jo.send("DELETE", "/users/me/sessions?all=maybe").await;
        assert_eq!(unclear.status, 422);
        let mistake = &unclear.json()["detail"][0];
        assert_eq!(mistake["type"], "bool_parsing");
        assert_eq!(mistake["loc"], json!(["query", "all"]));
        let all = jo.send("DELETE", "/users/me/sessions?all=yes").await;
        assert_eq!(all.status, 204);
        assert_eq!(crate::app::me(&jo).await, 401, "{backend}");
    }
}

#[tokio::test]
async fn superusers_see_and_end_the_sessions_of_others() {
    let app = App::start().await;
    let jo = app.user("jo@example.com").await;
    let admin = admin(&app).await;
    let client = app.logged_in("web", "jo@example.com").await;
    let path = format!("/users/{}/sessions", jo.id);
    client.get(&path).await.assert_detail(403, "Forbidden");
    client
        .send("DELETE", &path)
        .await
        .assert_detail(403, "Forbidden");
    let listed = admin.get(&path).await.json();
    assert_eq!(listed.as_array().map(Vec::len), Some(1));
    assert_eq!(listed[0]["is_current"], false);
    let id = listed[0]["id"].as_str().expect("an id");
    assert_eq!(
        admin.send("DELETE", &format!("{path}/{id}")).await.status,
        204
    );
    assert_eq!(crate::app::me(&client).await, 401);
    admin
        .send("DELETE", &format!("{path}/{id}"))
        .await
        .assert_detail(404, "Not Found");
    let again = app.logged_in("api", "jo@example.com").await;
    assert_eq!(admin.send("DELETE", &path).await.status, 204);
    assert_eq!(crate::app::me(&again).await, 401);
    let nobody = format!("/users/{}/sessions", uuid::Uuid::nil());
    admin.get(&nobody).await.assert_detail(404, "Not Found");
    admin
        .get("/users/nonsense/sessions")
        .await
        .assert_detail(404, "Not Found");
}

async fn admin(app: &App) -> Client {
    let create = crate::app::UserCreate {
        email: "admin@example.com".into(),
        password: users_tests::PASSWORD.into(),
        is_active: true,
        is_superuser: true,
        is_verified: true,
    };
    app.users.create(create, None).await.expect("a superuser");
    app.logged_in("plain", "admin@example.com").await
}

async fn current(client: &Client) -> String {
    let listed = sessions(client).await;
    let current = listed.iter().find(|session| session["is_current"] == true);
    current
        .and_then(|session| session["id"].as_str())
        .expect("a current session")
        .to_owned()
}
