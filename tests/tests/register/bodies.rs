//! Which bodies are read, and what is wrong with the others.

use serde_json::{Value, json};
use users_tests::App;

const PATH: &str = "/auth/register";

#[tokio::test]
async fn all_errors_come_at_once_in_the_schemas_order_and_without_the_password() {
    let app = App::start().await;
    let body = json!({ "first_name": "x".repeat(101), "is_active": "maybe", "password": 12345, "email": "nonsense" });
    let answer = app.client().post(PATH, &body).await;
    assert_eq!(answer.status, 422, "{answer:?}");
    let detail = answer.json()["detail"].clone();
    let summary: Vec<_> = detail
        .as_array()
        .expect("a list")
        .iter()
        .map(|error| (error["loc"][1].clone(), error["type"].clone()))
        .collect();
    let expected = [
        (json!("email"), json!("value_error")),
        (json!("password"), json!("string_type")),
        (json!("is_active"), json!("bool_parsing")),
        (json!("first_name"), json!("string_too_long")),
    ];
    assert_eq!(summary, expected);
    assert!(
        !answer.text.contains("12345"),
        "the password is not repeated: {}",
        answer.text
    );
    assert_eq!(detail[3]["ctx"], json!({ "max_length": 100 }));
}

#[tokio::test]
async fn a_missing_field_does_not_repeat_the_rest_of_the_body() {
    let app = App::start().await;
    let answer = app
        .client()
        .post(PATH, &json!({ "password": "my secret words" }))
        .await;
    assert_eq!(answer.status, 422);
    assert_eq!(answer.json()["detail"][0]["type"], "missing");
    assert!(!answer.text.contains("my secret words"), "{}", answer.text);
}

#[tokio::test]
async fn bodies_that_are_no_object_are_told_so() {
    let app = App::start().await;
    for body in ["null", "[]", "\"text\"", "5"] {
        let answer = app
            .client()
            .raw("POST", PATH, "application/json", body)
            .await;
        assert_eq!(answer.status, 422, "{body}");
        assert_eq!(
            answer.json()["detail"][0]["type"],
            "model_attributes_type",
            "{body}"
        );
        assert_eq!(answer.json()["detail"][0]["loc"], json!(["body"]));
    }
    let answer = app.client().send("POST", PATH).await;
    answer.assert(422, &json!({ "detail": [{ "type": "missing", "loc": ["body"], "msg": "Field required", "input": null }] }));
    let answer = app
        .client()
        .raw(
            "POST",
            PATH,
            "text/plain",
            r#"{"email": "jo@example.com", "password": "secret"}"#,
        )
        .await;
    assert_eq!(answer.json()["detail"][0]["type"], "model_attributes_type");
    assert!(!answer.text.contains("secret"), "{}", answer.text);
}

#[tokio::test]
async fn broken_json_is_located() {
    let app = App::start().await;
    let answer = app
        .client()
        .raw("POST", PATH, "application/json", r#"{"email": }"#)
        .await;
    let expected = json!({ "detail": [{
        "type": "json_invalid", "loc": ["body", 10], "msg": "JSON decode error", "input": {}, "ctx": { "error": "Expecting value" },
    }] });
    answer.assert(422, &expected);
    let answer = app
        .client()
        .raw(
            "POST",
            PATH,
            "application/json",
            &b"{\"email\": \"\xff\"}"[..],
        )
        .await;
    answer.assert_detail(400, "There was an error parsing the body");
    let app = App::start_compatible().await;
    let answer = app
        .client()
        .raw("POST", PATH, "application/json", "[".repeat(100_000))
        .await;
    answer.assert_detail(400, "There was an error parsing the body");
}

#[tokio::test]
async fn the_number_of_values_and_the_depth_of_a_body_have_a_limit_in_both_modes() {
    let list = |count: usize| format!("{{\"x\":[{}0]}}", "0,".repeat(count - 3));
    let deep = |depth: usize| format!("{{\"x\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
    for app in [App::start().await, App::start_compatible().await] {
        for (body, is_read) in [
            (list(10_000), true),
            (list(10_001), false),
            (deep(200), true),
            (deep(10_000), false),
        ] {
            let answer = app
                .client()
                .raw("POST", PATH, "application/json", body)
                .await;
            if is_read {
                assert_eq!(answer.status, 422, "the fields are missing");
            } else {
                answer.assert_detail(400, "There was an error parsing the body");
            }
        }
    }
    let app = App::builder()
        .configure(|builder| builder.json_value_limit(20_000))
        .start()
        .await;
    let answer = app
        .client()
        .raw("POST", PATH, "application/json", list(20_000))
        .await;
    assert_eq!(answer.status, 422, "the application has raised the limit");
}

#[tokio::test]
async fn json_is_read_as_python_reads_it() {
    let app = App::start().await;
    let body = r#"{"email": "first@example.com", "email": "last@example.com", "password": "correct horse", "other": NaN}"#;
    let answer = app
        .client()
        .raw(
            "POST",
            PATH,
            "APPLICATION/vnd.api+JSON; charset=latin-1",
            body,
        )
        .await;
    assert_eq!(
        (answer.status, &answer.json()["email"]),
        (201, &json!("last@example.com"))
    );
    let utf16: Vec<u8> = r#"{"email": "utf16@example.com", "password": "correct horse"}"#
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(
        app.client()
            .raw("POST", PATH, "application/json", utf16)
            .await
            .status,
        201
    );
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused() {
    let app = App::builder()
        .configure(|builder| builder.body_limit(1000))
        .start()
        .await;
    let answer = app
        .client()
        .post(
            PATH,
            &json!({ "email": "jo@example.com", "password": "x".repeat(1000) }),
        )
        .await;
    assert_eq!(answer.status, 413, "{answer:?}");
}

#[tokio::test]
async fn other_methods_are_405_and_name_the_route() {
    let app = App::start().await;
    for method in ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"] {
        let answer = app.client().send(method, PATH).await;
        assert_eq!(
            (answer.status, answer.header("allow")),
            (405, "POST"),
            "{method}"
        );
        if method != "HEAD" {
            assert_eq!(answer.json(), json!({ "detail": "Method Not Allowed" }));
        }
    }
    let _: Value = app.client().send("PUT", PATH).await.json();
}

#[tokio::test]
async fn a_body_that_breaks_off_is_no_long_body() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    let app = App::start().await;
    let mut stream = tokio::net::TcpStream::connect(app.url.trim_start_matches("http://"))
        .await
        .expect("a connection");
    let head = "POST /auth/register HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n";
    stream.write_all(head.as_bytes()).await.expect("sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("an answer");
    let answer = String::from_utf8_lossy(&answer);
    assert!(
        answer.starts_with("HTTP/1.1 400 ")
            && answer.contains("There was an error parsing the body"),
        "{answer}"
    );
}

#[tokio::test]
async fn long_bodies_are_refused_and_the_preset_reads_longer_ones() {
    let three_mib = "x".repeat(3 << 20);
    for (app, status) in [
        (App::start().await, 413),
        (App::start_compatible().await, 422),
    ] {
        let answer = app
            .client()
            .raw("POST", "/auth/register", "text/plain", three_mib.clone())
            .await;
        assert_eq!(answer.status, status, "{}", answer.text);
    }
    let app = App::builder()
        .configure(|builder| builder.body_limit(10))
        .start()
        .await;
    app.client()
        .raw("POST", "/auth/register", "text/plain", "ten bytes and more")
        .await
        .assert_detail(413, "Content Too Large");
}
