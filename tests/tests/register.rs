//! `POST /auth/register`

use serde_json::{Value, json};
use users_tests::{App, Event, PASSWORD};

const PATH: &str = "/auth/register";

#[tokio::test]
async fn a_new_user_is_answered_and_the_hook_is_told() {
    let app = App::start().await;
    let answer = app
        .client()
        .post(
            PATH,
            &json!({ "email": "Jo <Jo@EXAMPLE.com>", "password": PASSWORD, "first_name": "Jo" }),
        )
        .await;
    assert_eq!(answer.status, 201, "{answer:?}");
    assert_eq!(answer.header("content-type"), "application/json");
    let mut body = answer.json();
    let id = body["id"].take().as_str().expect("an id").to_owned();
    let expected = json!({
        "id": null, "email": "Jo@example.com", "is_active": true, "is_superuser": false, "is_verified": false,
        "first_name": "Jo", "points": 0,
    });
    assert_eq!(body, expected);
    assert_eq!(
        app.hooks.events(),
        [Event::Registered(id.parse().expect("a UUID"))]
    );
}

#[tokio::test]
async fn nobody_promotes_themselves() {
    let app = App::start().await;
    let body = json!({
        "email": "jo@example.com", "password": PASSWORD, "is_superuser": true, "is_verified": true, "is_active": false,
        "note": "from the client", "points": 1000, "unknown": 1,
    });
    let user = app.client().post(PATH, &body).await.json();
    assert_eq!(user["is_superuser"], false);
    assert_eq!(user["is_verified"], false);
    assert_eq!(user["is_active"], true);
    assert_eq!(user["points"], 0);
    let stored = app
        .users
        .find_by_email("jo@example.com")
        .await
        .expect("the store")
        .expect("the user");
    assert_eq!(stored.note, None);
}

#[tokio::test]
async fn flags_are_judged_although_they_are_ignored() {
    let app = App::start().await;
    for (number, good) in [
        json!("yes"),
        json!("T"),
        json!(1),
        json!(1.0),
        json!("off"),
        json!(null),
    ]
    .into_iter()
    .enumerate()
    {
        let body = json!({ "email": format!("good{number}@example.com"), "password": PASSWORD, "is_superuser": good });
        assert_eq!(app.client().post(PATH, &body).await.status, 201, "{body}");
    }
    for bad in [json!("maybe"), json!(2), json!([]), json!(0.5)] {
        let answer = app
            .client()
            .post(
                PATH,
                &json!({ "email": "jo@example.com", "password": PASSWORD, "is_active": bad }),
            )
            .await;
        assert_eq!(answer.status, 422, "{bad}: {answer:?}");
        assert_eq!(
            answer.json()["detail"][0]["loc"],
            json!(["body", "is_active"])
        );
    }
}

#[tokio::test]
async fn a_taken_address_is_refused_in_whatever_case() {
    let app = App::start().await;
    app.user("jo@example.com").await;
    for email in ["jo@example.com", "JO@example.com", "Jo@EXAMPLE.com"] {
        let answer = app
            .client()
            .post(PATH, &json!({ "email": email, "password": PASSWORD }))
            .await;
        answer.assert_detail(400, "REGISTER_USER_ALREADY_EXISTS");
    }
}

#[tokio::test]
async fn the_password_is_judged_before_the_address() {
    let app = App::start().await;
    app.user("jo@example.com").await;
    let refused = |reason: &str| json!({ "detail": { "code": "REGISTER_INVALID_PASSWORD", "reason": reason } });
    let answer = app
        .client()
        .post(
            PATH,
            &json!({ "email": "jo@example.com", "password": "éé" }),
        )
        .await;
    answer.assert(400, &refused("Password should be at least 3 characters"));
    let answer = app
        .client()
        .post(
            PATH,
            &json!({ "email": "jo@example.com", "password": "my jo@example.com" }),
        )
        .await;
    answer.assert(400, &refused("Password should not contain e-mail"));
}

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
async fn lengths_are_code_points() {
    let app = App::start().await;
    let body =
        json!({ "email": "jo@example.com", "password": "💥💥💥", "first_name": "🎉".repeat(100) });
    assert_eq!(app.client().post(PATH, &body).await.status, 201);
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
async fn of_many_registrations_of_one_address_one_wins() {
    let app = App::start().await;
    let tries = (0..16).map(|number| {
        let client = app.client();
        let email = if number % 2 == 0 {
            "jo@example.com"
        } else {
            "JO@example.com"
        };
        tokio::spawn(async move {
            client
                .post(PATH, &json!({ "email": email, "password": PASSWORD }))
                .await
        })
    });
    let mut statuses = Vec::new();
    for answer in tries.collect::<Vec<_>>() {
        let answer = answer.await.expect("an answer");
        if answer.status != 201 {
            answer.assert_detail(400, "REGISTER_USER_ALREADY_EXISTS");
        }
        statuses.push(answer.status);
    }
    assert_eq!(
        statuses.iter().filter(|status| **status == 201).count(),
        1,
        "{statuses:?}"
    );
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

#[tokio::test]
async fn addresses_at_special_use_domains_are_accepted_where_the_application_lists_them() {
    let app = App::builder()
        .configure(|builder| builder.allow_special_use_domains(["LOCAL", "intranet", "dev.test"]))
        .start()
        .await;
    let client = app.client();
    let register = async |email: &str| {
        client
            .post(PATH, &json!({ "email": email, "password": PASSWORD }))
            .await
    };
    for (typed, stored) in [
        ("jo@corp.local", "jo@corp.local"),
        ("Jo <admin@Local>", "admin@local"),
        ("jo@intranet", "jo@intranet"),
        ("jo@Mail.INTRANET", "jo@mail.intranet"),
        ("jo@dev.test", "jo@dev.test"),
    ] {
        let answer = register(typed).await;
        assert_eq!(answer.status, 201, "{typed}: {answer:?}");
        assert_eq!(answer.json()["email"], stored);
    }
    for refused in [
        "jo@notlocal",
        "jo@xlocal",
        "jo@local.test",
        "jo@prod.test",
        "jo@localhost",
        "jo@[127.0.0.1]",
        "jo@.local",
        "jo@-.local",
    ] {
        let answer = register(refused).await;
        assert_eq!(answer.status, 422, "{refused}: {answer:?}");
    }
    let forgotten = json!({ "email": "JO@corp.local" });
    let answer = client.post("/auth/forgot-password", &forgotten).await;
    assert_eq!(answer.status, 202, "{answer:?}");
    let user = app.user("al@example.com").await;
    let change = json!({ "email": "al@corp.local" });
    let al = app.client_of(&user).await;
    let answer = al.json("PATCH", "/users/me", &change).await;
    assert_eq!(answer.json()["email"], "al@corp.local", "{answer:?}");
    let findings = app.users.doctor().await.expect("an answer");
    assert_eq!(
        findings,
        Some(vec![]),
        "their addresses are nothing to mend"
    );

    let strict = App::start().await;
    for email in ["jo@corp.local", "jo@intranet"] {
        let body = json!({ "email": email, "password": PASSWORD });
        assert_eq!(strict.client().post(PATH, &body).await.status, 422);
    }
}
