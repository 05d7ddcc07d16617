//! Sessions end at an operator's word, where they can.

use users_tests::PASSWORD;

use crate::program::{Program, Server};

async fn statuses(server: &Server, tokens: &[users_tests::Client; 2]) -> [u16; 2] {
    let [jwt, db] = tokens;
    assert_eq!(server.client.get("/users/me").await.status, 401);
    [
        jwt.get("/users/me").await.status,
        db.get("/users/me").await.status,
    ]
}

async fn logged_in(server: &Server) -> [users_tests::Client; 2] {
    [
        server.logged_in("jwt", "jo@example.com", PASSWORD).await,
        server.logged_in("db", "jo@example.com", PASSWORD).await,
    ]
}

#[tokio::test]
async fn sessions_end_where_they_can_and_the_others_are_named() {
    let program = Program::new();
    program.create_superuser("jo@example.com");
    program.create_superuser("al@example.com");
    let server = program.serve();
    let (tokens, other) = (
        logged_in(&server).await,
        server.logged_in("db", "al@example.com", PASSWORD).await,
    );
    assert_eq!(statuses(&server, &tokens).await, [200, 200]);
    let said = program.run(&["revoke-sessions", "jo@example.com"], "");
    let told: Vec<_> = said.out.lines().skip(1).collect();
    let cannot = "its sessions cannot be ended and last until they expire; `deactivate` stops them";
    assert_eq!(
        told,
        [
            format!("jwt: {cannot}"),
            format!("cookie: {cannot}"),
            "db: ended".to_owned()
        ]
    );
    assert_eq!(
        (said.status, statuses(&server, &tokens).await),
        (0, [200, 401])
    );
    assert_eq!(
        other.get("/users/me").await.status,
        200,
        "those of other people go on"
    );
}

#[tokio::test]
async fn deactivated_users_lose_their_sessions() {
    let program = Program::new();
    program.create_superuser("jo@example.com");
    let server = program.serve();
    let tokens = logged_in(&server).await;
    assert_eq!(program.run(&["deactivate", "jo@example.com"], "").status, 0);
    assert_eq!(statuses(&server, &tokens).await, [401, 401]);
    assert_eq!(
        server
            .client
            .login("jwt", "jo@example.com", PASSWORD)
            .await
            .status,
        400
    );
    assert_eq!(program.run(&["activate", "jo@example.com"], "").status, 0);
    assert_eq!(
        statuses(&server, &tokens).await,
        [200, 401],
        "a session in the database has ended for good"
    );
    logged_in(&server).await;
}

#[tokio::test]
async fn demoted_superusers_administrate_no_longer() {
    let program = Program::new();
    program.create_superuser("jo@example.com");
    let server = program.serve();
    let [jo, _] = logged_in(&server).await;
    let id = jo.get("/users/me").await.json()["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    assert_eq!(jo.get(&format!("/users/{id}")).await.status, 200);
    assert_eq!(program.run(&["demote", &id], "").status, 0);
    jo.get(&format!("/users/{id}"))
        .await
        .assert_detail(403, "Forbidden");
}

#[tokio::test]
async fn old_tokens_are_purged_and_young_ones_stay() {
    let program = Program::new();
    program.create_superuser("jo@example.com");
    let server = program.serve();
    let jo = server.logged_in("db", "jo@example.com", PASSWORD).await;
    for age in ["1h", "30days", "500years", "500000000years"] {
        program
            .run(&["purge-tokens", "--older-than", age], "")
            .assert_done("0 access tokens are deleted.");
    }
    assert_eq!(jo.get("/users/me").await.status, 200);
    program
        .run(&["purge-tokens", "--older-than", "0s"], "")
        .assert_done("1 access tokens are deleted.");
    assert_eq!(jo.get("/users/me").await.status, 401);
}

#[tokio::test]
async fn everyones_sessions_end_where_they_can() {
    let program = Program::new();
    program.create_superuser("jo@example.com");
    program.create_superuser("al@example.com");
    let server = program.serve();
    let jo = logged_in(&server).await;
    let al = server.logged_in("db", "al@example.com", PASSWORD).await;
    let unconfirmed = program.run(&["revoke-sessions", "--all"], "");
    assert_eq!(unconfirmed.status, 2, "{unconfirmed:?}");
    assert_eq!(statuses(&server, &jo).await, [200, 200]);
    let said = program.run(&["revoke-sessions", "--all", "--yes"], "");
    said.assert_done("db: ended");
    assert_eq!(statuses(&server, &jo).await, [200, 401]);
    assert_eq!(al.get("/users/me").await.status, 401);
    logged_in(&server).await;
}

#[test]
fn an_application_without_sessions_says_so() {
    let program = Program::new();
    program.create_superuser("jo@example.com");
    for words in [
        &["sessions", "jo@example.com"][..],
        &["end-session", "jo@example.com", "x"],
        &["purge-sessions"],
    ] {
        program.run(words, "").assert_refused("NO_SESSIONS");
    }
}
