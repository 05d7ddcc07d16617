//! Who is registered.

use serde_json::json;
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
    let stored = app.stored("jo@example.com").await;
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
async fn lengths_are_code_points() {
    let app = App::start().await;
    let body =
        json!({ "email": "jo@example.com", "password": "💥💥💥", "first_name": "🎉".repeat(100) });
    assert_eq!(app.client().post(PATH, &body).await.status, 201);
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
