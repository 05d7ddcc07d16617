//! Stored events: who sees which, in portions, how long they stay, and what is never in a row.

use std::{slice, time::Duration};

use serde_json::{Value as Json, json};
use users_runtime::cli;
use users_tests::{PASSWORD, Witness};

use crate::stored_app::{App, events, names};

const OWN: &str = "/users/me/events";
const DAY: Duration = Duration::from_hours(24);

#[tokio::test]
async fn users_see_their_own_events_and_superusers_those_of_all() {
    let app = App::start().await;
    let jo = app.user("jo@example.com", false).await;
    let al = app.user("al@example.com", false).await;
    let admin = app.user("admin@example.com", true).await;
    let al = app.client_of(&al).await;
    let admin = app.client_of(&admin).await;
    app.client.login("api", "jo@example.com", "wrong").await;
    app.client.login("api", "zoe@example.com", "wrong").await;
    let client = app.client.bearer(&app.login("jo@example.com").await);
    let change = json!({ "is_verified": true });
    let path = format!("/users/{}", jo.id);
    assert_eq!(admin.json("PATCH", &path, &change).await.status, 200);

    let witness = Witness::new(&app.users.openapi());
    witness.saw("GET", OWN, &client.get(OWN).await, "");
    let own = events(&client, OWN).await;
    let expected = ["flags.changed", "login.succeeded", "login.failed"];
    assert_eq!(names(&own), expected, "the newest first");
    assert_eq!(
        own[2]["details"],
        json!({ "backend": "api", "reason": "wrong_password" })
    );
    assert_eq!(
        (&own[2]["actor"], &own[2]["ip"]),
        (&json!("client"), &json!("127.0.0.1"))
    );
    assert_eq!(own[1]["actor"], json!(format!("user:{}", jo.id)));
    assert_eq!(
        own[1]["details"],
        json!({ "backend": "api", "methods": ["password"] })
    );
    assert!(own[1]["session"].is_string(), "{own:?}");
    let keys: Vec<_> = own[0].as_object().expect("an event").keys().collect();
    assert_eq!(
        keys,
        ["actor", "at", "details", "id", "ip", "name", "session"]
    );
    assert!(events(&al, OWN).await.is_empty(), "another user's");

    let of_jo = format!("{path}/events");
    let whole = events(&admin, &of_jo).await;
    assert_eq!(names(&whole), expected);
    assert_eq!(whole[0]["details"], json!({ "is_verified": true }));
    assert_eq!(whole[0]["ip"], json!("127.0.0.1"));
    assert!(whole[0]["session"].is_string());
    // Where a superuser works from is not for users.
    assert_eq!(own[0]["actor"], whole[0]["actor"]);
    assert_eq!(
        (&own[0]["ip"], &own[0]["session"]),
        (&Json::Null, &Json::Null)
    );

    let of_any = "/users/{id}/events";
    witness.saw("GET", of_any, &admin.get(&of_jo).await, "");
    witness.saw("GET", of_any, &al.get(&of_jo).await, "FORBIDDEN");
    witness.saw("GET", of_any, &app.client.get(&of_jo).await, "UNAUTHORIZED");
    witness.saw("GET", OWN, &app.client.get(OWN).await, "UNAUTHORIZED");
    for id in [uuid::Uuid::nil().to_string(), "nonsense".to_owned()] {
        let missing = admin.get(&format!("/users/{id}/events")).await;
        witness.saw("GET", of_any, &missing, "NOT_FOUND");
    }
}

#[tokio::test]
async fn portions_follow_each_other_without_a_gap() {
    let app = App::start().await;
    let jo = app.user("jo@example.com", false).await;
    let client = app.client_of(&jo).await;
    // Two events at each instant, but for the last of the two.
    for _ in 0..3 {
        for _ in 0..2 {
            app.login("jo@example.com").await;
        }
        app.clock.forward(Duration::from_secs(1));
    }
    app.login("jo@example.com").await;
    let whole = events(&client, OWN).await;
    assert_eq!(whole.len(), 7);
    for limit in [1, 2, 3, 6, 7, 200] {
        let (mut listed, mut path) = (Vec::new(), format!("{OWN}?limit={limit}"));
        loop {
            let answer = client.get(&path).await.json();
            let items = answer["items"].as_array().expect("a list");
            assert!(!items.is_empty() && items.len() <= limit, "{answer}");
            listed.extend(items.clone());
            let Some(next) = answer["next"].as_str() else {
                break;
            };
            path = format!("{OWN}?limit={limit}&cursor={next}");
        }
        assert_eq!(listed, whole, "{limit} at once");
    }
    let witness = Witness::new(&app.users.openapi());
    for query in [
        "limit=0",
        "limit=201",
        "limit=-1",
        "limit=",
        "limit=x",
        "cursor=",
        "cursor=1_x",
    ] {
        let refused = client.get(&format!("{OWN}?{query}")).await;
        witness.saw("GET", OWN, &refused, "VALIDATION_ERROR");
        let name = query.split('=').next();
        assert_eq!(refused.json()["detail"][0]["loc"], json!(["query", name]));
        let anonymous = app.client.get(&format!("{OWN}?{query}")).await;
        assert_eq!(anonymous.status, 401);
    }
}

#[tokio::test]
async fn old_events_are_deleted_and_younger_ones_stay() {
    let app = App::start().await;
    app.user("jo@example.com", false).await;
    app.login("jo@example.com").await;
    app.clock.forward(20 * DAY);
    app.client.login("api", "zoe@example.com", "wrong").await;
    let rows = async || app.rows().await.len();
    let purge = async || app.run(&["purge-events"]).await.0;
    assert_eq!(purge().await, "0 old events are deleted.\n");
    assert_eq!(rows().await, 2);
    app.clock.forward(10 * DAY);
    assert_eq!(
        purge().await,
        "0 old events are deleted.\n",
        "30 days are kept"
    );
    app.clock.forward(Duration::from_secs(1));
    assert_eq!(purge().await, "1 old events are deleted.\n");
    assert_eq!(app.rows().await, [("login.failed".to_owned(), false)]);
    // The next event does it as well.
    app.clock.forward(20 * DAY);
    app.login("jo@example.com").await;
    assert_eq!(app.rows().await, [("login.succeeded".to_owned(), true)]);
}

#[tokio::test]
async fn more_events_than_one_portion_are_purged() {
    let app = App::start().await;
    app.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200) \
         INSERT INTO auth_event (id, name, actor, at, details) SELECT i, 'logout', 'client', i, '{}' FROM n",
    )
    .await;
    let purged = app.users.purge_events().await.expect("purged");
    assert_eq!((purged, app.rows().await.len()), (1200, 0));
}

/// Every column of every row.
async fn everything(app: &App) -> String {
    let rows = sqlx::query_scalar::<_, String>(
        "SELECT concat_ws(' ', id, name, actor, session, ip, at, details) FROM auth_event",
    );
    let rows = rows.fetch_all(app.store.pool()).await.expect("rows");
    rows.join("\n")
}

#[tokio::test]
async fn no_password_and_no_token_is_in_a_row() {
    const NEW: &str = "another horse";
    const TYPED: &str = "my password in the wrong field";
    let app = App::start().await;
    let client = &app.client;
    let mut secrets = vec![PASSWORD.to_owned(), NEW.to_owned(), TYPED.to_owned()];
    let jo = json!({ "email": "jo@example.com", "password": PASSWORD });
    assert_eq!(client.post("/auth/register", &jo).await.status, 201);
    client.login("api", TYPED, TYPED).await;
    client.login("api", "jo@example.com", TYPED).await;
    let login = client.login("api", "jo@example.com", PASSWORD).await.json();
    let email = json!({ "email": "jo@example.com" });
    for (asked, used) in [
        ("request-verify-token", "verify"),
        ("forgot-password", "reset-password"),
    ] {
        let path = format!("/auth/{asked}");
        assert_eq!(client.post(&path, &email).await.status, 202);
        app.users.drain().await;
        secrets.push(app.letters.last());
        let body = json!({ "token": app.letters.last(), "password": NEW });
        assert_eq!(
            client.post(&format!("/auth/{used}"), &body).await.status,
            200
        );
    }
    let login_again = client.login("api", "jo@example.com", NEW).await.json();
    let refresh = json!({ "refresh_token": login_again["refresh_token"] });
    let refreshed = client.post("/auth/api/refresh", &refresh).await.json();
    let me = client.bearer(refreshed["access_token"].as_str().expect("a token"));
    let change = json!({ "password": PASSWORD, "email": "jo2@example.com" });
    assert_eq!(me.json("PATCH", "/users/me", &change).await.status, 200);
    assert_eq!(me.send("POST", "/auth/api/logout").await.status, 204);
    for answer in [&login, &login_again, &refreshed] {
        for name in ["access_token", "refresh_token"] {
            secrets.push(answer[name].as_str().expect("a token").to_owned());
        }
    }
    let rows = everything(&app).await;
    for name in [
        "user.registered",
        "login.failed",
        "verification.requested",
        "verification.done",
        "password_reset.requested",
        "password_reset.done",
        "password.changed",
        "email.changed",
        "logout",
    ] {
        assert!(rows.contains(name), "{name} is missing: {rows}");
    }
    let user = app.users.find_by_email("jo2@example.com").await;
    let user = user.expect("an answer").expect("the user");
    secrets.push(format!("{:?}", user.hashed_password));
    secrets.push("example.com".to_owned());
    for secret in secrets {
        assert!(!rows.contains(&secret), "{secret}: {rows}");
    }
}

#[tokio::test]
async fn the_events_of_a_user_are_deleted_with_the_user() {
    let app = App::start().await;
    let jo = app.user("jo@example.com", false).await;
    let admin = app.user("admin@example.com", true).await;
    let admin = app.client_of(&admin).await;
    app.login("jo@example.com").await;
    app.client.login("api", "zoe@example.com", "wrong").await;
    app.clock.forward(Duration::from_secs(1));
    let path = format!("/users/{}", jo.id);
    assert_eq!(admin.send("DELETE", &path).await.status, 204);
    let expected = [("login.failed", false), ("user.deleted", false)];
    assert_eq!(
        app.rows().await,
        expected.map(|(name, owned)| (name.to_owned(), owned))
    );
    let details = sqlx::query_scalar::<_, String>(
        "SELECT details FROM auth_event WHERE name = 'user.deleted'",
    );
    let details = details.fetch_one(app.store.pool()).await.expect("a row");
    assert_eq!(details, json!({ "user": jo.id }).to_string());
}

#[tokio::test]
async fn a_table_that_fails_changes_nothing() {
    let app = App::start().await;
    let jo = app.user("jo@example.com", false).await;
    let client = app.client_of(&jo).await;
    app.execute("DROP TABLE auth_event").await;
    app.login("jo@example.com").await;
    assert_eq!(client.send("POST", "/auth/api/logout").await.status, 204);
    let again = app.client.bearer(&app.login("jo@example.com").await);
    assert_eq!(again.get(OWN).await.status, 500);
}

#[tokio::test]
async fn operators_list_events_and_users_do_not_see_what_operators_are_called() {
    let app = App::start().await;
    let jo = app.user("jo@example.com", false).await;
    let client = app.client_of(&jo).await;
    app.run(&["verify", "jo@example.com"]).await;
    let own = events(&client, OWN).await;
    assert_eq!(names(&own), ["flags.changed"]);
    assert_eq!(own[0]["actor"], "command-line");
    app.clock.forward(Duration::from_secs(1));
    app.login("jo@example.com").await;
    let (lines, _) = app.run(&["events", "JO@example.com", "--json"]).await;
    let listed: Vec<Json> = lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("an object"))
        .collect();
    assert_eq!(names(&listed), ["login.succeeded", "flags.changed"]);
    let actor = listed[1]["actor"].as_str().expect("an actor");
    assert!(actor.starts_with("command-line"), "{actor}");
    let (table, _) = app.run(&["events", "jo@example.com", "--limit", "1"]).await;
    let lines: Vec<_> = table.lines().collect();
    assert_eq!(lines.len(), 2, "{table}");
    assert!(
        lines[1].contains("login.succeeded") && lines[1].contains("\"password\""),
        "{table}"
    );
}

#[tokio::test]
async fn attempts_beyond_a_limit_are_stored_once_a_minute() {
    let app = App::start().await;
    app.user("jo@example.com", false).await;
    let guess = async || {
        app.client
            .login("api", "jo@example.com", "wrong")
            .await
            .status
    };
    for _ in 0..5 {
        assert_eq!(guess().await, 400);
    }
    let refused = async |times| {
        for _ in 0..times {
            assert_eq!(guess().await, 429);
        }
        let rows = app.rows().await;
        rows.iter()
            .filter(|(name, _)| name == "limit.reached")
            .count()
    };
    assert_eq!(refused(10).await, 1);
    app.clock.forward(Duration::from_mins(1));
    for _ in 0..5 {
        guess().await;
    }
    assert_eq!(refused(3).await, 2);
}

/// Otherwise the time of a refusal, which costs no hash, would reveal who is registered.
#[tokio::test]
async fn whether_a_refused_attempt_is_stored_does_not_depend_on_whether_there_is_a_user() {
    let app = App::start().await;
    app.user("jo@example.com", false).await;
    let refused = async |email: &str| {
        for _ in 0..5 {
            app.client.login("api", email, "wrong").await;
        }
        let answer = app.client.login("api", email, "wrong").await;
        assert_eq!(answer.status, 429);
        let rows = app.rows().await;
        rows.iter()
            .filter(|(name, _)| name == "limit.reached")
            .count()
    };
    assert_eq!(refused("jo@example.com").await, 1);
    assert_eq!(refused("unknown@example.com").await, 1);
    app.clock.forward(Duration::from_mins(2));
    assert_eq!(refused("unknown@example.com").await, 2);
    assert_eq!(refused("jo@example.com").await, 2);
}

#[tokio::test]
async fn nothing_is_stored_and_no_route_exists_where_events_are_not_declared() {
    let app = users_tests::App::builder().start().await;
    let user = app.user("jo@example.com").await;
    let client = app.client_of(&user).await;
    assert_eq!(client.get(OWN).await.status, 404);
    let document = serde_json::to_string(&app.users.openapi()).expect("JSON");
    assert!(!document.contains("/events"), "{document}");
    assert!(app.users.events(&user, 1, None).await.is_err());
    for words in [&["events", "jo@example.com"][..], &["purge-events"]] {
        let arguments = [slice::from_ref(&"program"), words].concat();
        let status = cli::run(&app.users, arguments).await;
        assert_eq!(
            format!("{status:?}"),
            format!("{:?}", std::process::ExitCode::from(1))
        );
    }
}

#[tokio::test]
async fn a_claim_has_the_client_that_proved_the_address() {
    let app = App::start().await;
    app.user("jo@example.com", false).await;
    let body = json!({ "email": "jo@example.com" });
    app.client.post("/auth/forgot-password", &body).await;
    app.users.drain().await;
    let body = json!({ "token": app.letters.last(), "password": PASSWORD });
    let reset = app.client.post("/auth/reset-password", &body).await;
    assert_eq!(reset.status, 200, "{reset:?}");
    let client = app.client.bearer(&app.login("jo@example.com").await);
    let own = events(&client, OWN).await;
    let claimed = own.iter().find(|event| event["name"] == "user.claimed");
    let claimed = claimed.expect("the claim");
    assert_eq!(claimed["ip"], "127.0.0.1");
    assert_eq!(claimed["actor"], "client");
}
