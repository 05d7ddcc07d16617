//! The page that shows the document.

use users_runtime::openapi::docs;
use users_tests::App;

#[tokio::test]
async fn the_page_and_all_of_its_parts_come_from_the_binary() {
    let routes = |users: &users_runtime::Users<_>| {
        users
            .router()
            .merge(docs("/docs", "/openapi.json", users.openapi()))
    };
    let app = App::builder().routes(routes).start().await;
    let client = app.client();
    let document = client.get("/openapi.json").await;
    assert_eq!(
        (document.status, document.header("content-type")),
        (200, "application/json")
    );
    assert_eq!(
        document.json(),
        serde_json::to_value(app.users.openapi()).expect("JSON")
    );
    let moved = client.get("/docs").await;
    assert_eq!((moved.status, moved.header("location")), (303, "/docs/"));
    let page = client.get("/docs/").await;
    assert_eq!(page.status, 200);
    assert!(
        page.text.contains("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Users</title>"),
        "{}",
        page.text
    );
    let links = page
        .text
        .split(" src=\"")
        .skip(1)
        .chain(page.text.split(" href=\"").skip(1));
    let parts: Vec<_> = links
        .filter_map(|link| Some(link.split_once('"')?.0))
        .collect();
    assert!(parts.len() >= 4, "{}", page.text);
    for part in parts {
        assert!(!part.contains("//"), "{part} comes from another server");
        let path = part.trim_start_matches("./");
        assert_eq!(
            client.get(&format!("/docs/{path}")).await.status,
            200,
            "{part}"
        );
    }
    let settings = client.get("/docs/swagger-initializer.js").await.text;
    assert!(
        settings.contains("\"/openapi.json\"")
            && settings.contains("BaseLayout")
            && !settings.contains("http"),
        "{settings}"
    );
}

#[tokio::test]
async fn the_page_has_a_policy_for_content_and_frames() {
    let routes = |users: &users_runtime::Users<_>| {
        users
            .router()
            .merge(docs("/docs", "/openapi.json", users.openapi()))
    };
    let app = App::builder().routes(routes).start().await;
    let client = app.client();
    for path in ["/docs", "/docs/", "/docs/swagger-ui.css", "/openapi.json"] {
        let answer = client.get(path).await;
        let policy = answer.header("content-security-policy");
        for rule in [
            "default-src 'none';",
            "script-src 'self';",
            "connect-src 'self';",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(rule), "{path}: {policy}");
        }
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
    // Scripts of the page that the policy would stop: inline ones, and such as come from elsewhere.
    let page = client.get("/docs/").await.text;
    for script in page.split("<script").skip(1) {
        assert!(script.starts_with(" src=\"./"), "{script}");
    }
    for path in ["/users/me", "/nowhere"] {
        let answer = client.get(path).await;
        assert_eq!(answer.header("content-security-policy"), "", "{path}");
    }
}
