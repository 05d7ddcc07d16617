//! What the OpenAPI document says of refresh tokens and of the list of sessions, held against the answers.

use serde_json::{Value, json};
use users_tests::Witness;

use crate::app::{App, cookies, refresh, sessions, text};

fn document(app: &App) -> Value {
    serde_json::to_value(app.users.openapi()).expect("JSON")
}

/// The component that a schema refers to.
fn component<'d>(document: &'d Value, schema: &Value) -> &'d Value {
    let reference = schema["$ref"].as_str().expect("a reference");
    let pointer = reference.strip_prefix('#').expect("a component");
    document.pointer(pointer).expect("a component")
}

#[tokio::test]
async fn refresh_answers_as_the_document_says() {
    let app = App::start().await;
    app.user("jo@example.com").await;
    let witness = Witness::new(&app.users.openapi());
    for backend in ["api", "opaque"] {
        let path = format!("/auth/{backend}/refresh");
        let login = app.login(backend, "jo@example.com").await;
        let token = text(&login, "refresh_token");
        let refreshed = refresh(&app.client(), backend, &token).await;
        witness.saw("POST", &path, &refreshed, "");
        let refused = refresh(&app.client(), backend, "nonsense").await;
        witness.saw("POST", &path, &refused, "REFRESH_BAD_TOKEN");
        let incomplete = app.client().post(&path, &json!({})).await;
        assert_eq!(incomplete.status, 422);
        let document = document(&app);
        let operation = &document["paths"][&path]["post"];
        let body = &operation["requestBody"]["content"]["application/json"]["schema"];
        let required = &component(&document, body)["required"];
        assert_eq!(required, &json!(["refresh_token"]), "{operation}");
        for path in [&path, &format!("/auth/{backend}/login")] {
            let answer = &document["paths"][path]["post"]["responses"]["200"];
            let schema = &answer["content"]["application/json"]["schema"];
            let properties = &component(&document, schema)["properties"];
            for name in ["access_token", "token_type", "refresh_token", "expires_in"] {
                assert!(properties[name].is_object(), "{path}: {name}");
            }
        }
        assert!(operation["security"].is_null(), "{operation}");
    }
    let path = "/auth/app/refresh";
    let login = app.login("app", "jo@example.com").await;
    let client = app.client().cookie(&cookies(&login)[1]);
    let refreshed = client.send("POST", path).await;
    assert_eq!(refreshed.status, 204, "{refreshed:?}");
    witness.saw("POST", path, &refreshed, "");
    let refused = app.client().send("POST", path).await;
    witness.saw("POST", path, &refused, "REFRESH_BAD_TOKEN");
    let foreign = client.header("sec-fetch-site", "cross-site");
    let refused = foreign.send("POST", path).await;
    witness.saw("POST", path, &refused, "CROSS_SITE_REQUEST");
}

#[tokio::test]
async fn backends_without_refresh_tokens_have_no_such_route() {
    let app = App::start().await;
    let document = document(&app);
    let paths = document["paths"].as_object().expect("paths");
    let refreshed: Vec<_> = paths
        .keys()
        .filter(|path| path.ends_with("/refresh"))
        .collect();
    let expected = [
        "/auth/api/refresh",
        "/auth/app/refresh",
        "/auth/opaque/refresh",
    ];
    assert_eq!(refreshed, expected);
}

#[tokio::test]
async fn the_list_of_sessions_answers_as_the_document_says() {
    let app = App::start().await;
    app.user("jo@example.com").await;
    let witness = Witness::new(&app.users.openapi());
    let client = app.logged_in("api", "jo@example.com").await;
    let path = "/users/me/sessions";
    let listed = client.get(path).await;
    witness.saw("GET", path, &listed, "");
    let list = listed.json();
    let session = list[0].as_object().expect("a session");
    let names: Vec<_> = session.keys().map(String::as_str).collect();
    let mut expected = [
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
    expected.sort_unstable();
    assert_eq!(names, expected, "and no token");
    let operation = &document(&app)["paths"][path]["get"];
    assert!(operation["security"].is_array(), "{operation}");

    let one = "/users/me/sessions/{session}";
    let missing = client.send("DELETE", "/users/me/sessions/nonsense").await;
    witness.saw("DELETE", one, &missing, "NOT_FOUND");
    let other = app.login("opaque", "jo@example.com").await;
    let listed = sessions(&app.presenting(&other)).await;
    let mut listed = listed.iter();
    let own = listed.find(|session| session["is_current"] == true);
    let id = own.and_then(|own| own["id"].as_str()).expect("an id");
    let ended = client
        .send("DELETE", &format!("/users/me/sessions/{id}"))
        .await;
    witness.saw("DELETE", one, &ended, "");
    witness.saw("DELETE", path, &client.send("DELETE", path).await, "");
    let all = client.send("DELETE", "/users/me/sessions?all=true").await;
    witness.saw("DELETE", path, &all, "");
    for method in ["GET", "DELETE"] {
        let refused = client.send(method, path).await;
        witness.saw(method, path, &refused, "UNAUTHORIZED");
    }
}

#[tokio::test]
async fn a_login_documents_remember_me_where_it_begins_a_session() {
    let app = App::start().await;
    let document = document(&app);
    for (backend, remembers) in [("web", true), ("api", true), ("jwt", false), ("db", false)] {
        let path = format!("/auth/{backend}/login");
        let body = &document["paths"][&path]["post"]["requestBody"]["content"];
        let schema = &body["application/x-www-form-urlencoded"]["schema"];
        let field = &component(&document, schema)["properties"]["remember_me"];
        assert_eq!(field["default"] == true, remembers, "{backend}: {field}");
    }
}
