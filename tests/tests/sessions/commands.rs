//! What operators do with sessions on the command line.

use std::{process::ExitCode, time::Duration};

use serde_json::Value as Json;
use users_runtime::cli;

use crate::app::{App, BEARERS, KEPT, REFRESHED, me, refresh, text};

#[derive(clap::Parser)]
struct Arguments {
    #[command(subcommand)]
    command: cli::Command,
}

/// What a command prints on standard output and standard error; it is done where the latter is empty.
async fn run(app: &App, words: &[&str]) -> (String, String) {
    let arguments = <Arguments as clap::Parser>::try_parse_from([&["users"], words].concat());
    let command = arguments.expect("a command").command;
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let status = command
        .run(&app.users, &mut cli::Io::new(&b""[..], &mut out, &mut err))
        .await;
    let is_done = format!("{status:?}") == format!("{:?}", ExitCode::SUCCESS);
    assert_eq!(is_done, err.is_empty(), "{words:?}");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (text(out), text(err))
}

async fn listed(app: &App, email: &str) -> Vec<Json> {
    let (out, _) = run(app, &["sessions", email, "--json"]).await;
    let lines = out.lines().map(serde_json::from_str);
    lines.collect::<Result<_, _>>().expect("objects")
}

#[tokio::test]
async fn sessions_are_listed_the_newest_first_without_tokens() {
    let app = App::start().await;
    app.user("jo@example.com").await;
    app.user("al@example.com").await;
    let mut answers = Vec::new();
    for backend in KEPT {
        app.clock.forward(Duration::from_secs(1));
        answers.push(app.login(backend, "jo@example.com").await);
    }
    let found = listed(&app, "jo@example.com").await;
    let backends: Vec<_> = found
        .iter()
        .map(|session| session["backend"].clone())
        .collect();
    let newest_first: Vec<_> = KEPT.iter().rev().copied().map(Json::from).collect();
    assert_eq!(backends, newest_first);
    assert!(listed(&app, "al@example.com").await.is_empty());

    let (table, _) = run(&app, &["sessions", "JO@example.com"]).await;
    let lines: Vec<_> = table.lines().collect();
    assert_eq!(lines.len(), 1 + KEPT.len());
    for (line, session) in lines[1..].iter().zip(&found) {
        assert!(line.starts_with(session["id"].as_str().expect("an id")));
        assert!(line.contains(session["backend"].as_str().expect("a name")));
    }
    for backend in BEARERS {
        let position = KEPT.iter().position(|name| *name == backend);
        let answer = &answers[position.expect("a backend")];
        let token = text(answer, "access_token");
        assert!(!table.contains(&token), "{backend}");
    }
}

#[tokio::test]
async fn one_session_ends_by_its_id_and_only_as_that_of_its_user() {
    let app = App::start().await;
    for email in ["jo@example.com", "al@example.com"] {
        app.user(email).await;
    }
    for backend in KEPT {
        let ended = app.logged_in(backend, "jo@example.com").await;
        let id = listed(&app, "jo@example.com").await[0]["id"].clone();
        let id = id.as_str().expect("an id");
        app.clock.forward(Duration::from_secs(1));
        let other = app.logged_in(backend, "jo@example.com").await;
        let (_, refused) = run(&app, &["end-session", "al@example.com", id]).await;
        assert!(
            refused.starts_with("error[SESSION_NOT_FOUND]: "),
            "{refused}"
        );
        assert_eq!(me(&ended).await, 200);
        run(&app, &["end-session", "jo@example.com", id]).await;
        assert_eq!(
            (me(&ended).await, me(&other).await),
            (401, 200),
            "{backend}"
        );
        let (_, refused) = run(&app, &["end-session", "jo@example.com", id]).await;
        assert!(
            refused.starts_with("error[SESSION_NOT_FOUND]: "),
            "{refused}"
        );
        app.clock.forward(Duration::from_secs(1));
    }
}

#[tokio::test]
async fn everyones_sessions_end_where_they_can_and_the_others_are_named() {
    let app = App::start().await;
    let (mut clients, mut refreshed) = (Vec::new(), Vec::new());
    for email in ["jo@example.com", "al@example.com"] {
        app.user(email).await;
        for backend in KEPT.into_iter().chain(["db", "jwt"]) {
            clients.push((backend, app.logged_in(backend, email).await));
        }
        for backend in REFRESHED {
            let login = app.login(backend, email).await;
            refreshed.push((backend, text(&login, "refresh_token")));
        }
    }
    let (out, _) = run(&app, &["revoke-sessions", "--all", "--yes"]).await;
    for backend in KEPT.into_iter().chain(["db"]) {
        assert!(out.contains(&format!("{backend}: ended\n")), "{out}");
    }
    assert!(out.contains("jwt: its sessions cannot be ended"), "{out}");
    for (backend, client) in &clients {
        let expected = if *backend == "jwt" { 200 } else { 401 };
        assert_eq!(me(client).await, expected, "{backend}");
    }
    for (backend, token) in &refreshed {
        refresh(&app.client(), backend, token)
            .await
            .assert_detail(400, "REFRESH_BAD_TOKEN");
    }
}

#[tokio::test]
async fn expired_sessions_are_purged_and_the_others_stay() {
    const DAY: Duration = Duration::from_hours(24);
    let app = App::start().await;
    app.user("jo@example.com").await;
    for _ in 0..3 {
        app.login("plain", "jo@example.com").await;
    }
    app.clock.forward(13 * DAY);
    let young = app.logged_in("web", "jo@example.com").await;
    let purged = async || run(&app, &["purge-sessions"]).await.0;
    assert_eq!(purged().await, "0 expired sessions are deleted.\n");
    app.clock.forward(2 * DAY);
    assert_eq!(purged().await, "3 expired sessions are deleted.\n");
    assert_eq!(purged().await, "0 expired sessions are deleted.\n");
    assert_eq!(me(&young).await, 200);
}
