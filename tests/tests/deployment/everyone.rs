//! `users revoke-sessions --all` beside logins, refreshes and requests at two processes of the example `web`: nothing from before it is
//! left.

use std::{
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use tokio::task::JoinSet;
use users_tests::{Client, Database, SECRET, example_binary, until};

use crate::{
    databases::{mariadb, postgresql, secantusdb},
    mongodb_server, mysql_server,
    process::{Process, VARIABLES},
    server,
    web::{self, PASSWORD, Tokens, login, refresh, register},
};

const JO: &str = "jo@example.com";
/// Logs in for the first time while the sessions end.
const AL: &str = "al@example.com";

/// How many sessions are at each process.
const SESSIONS: usize = 3;

/// What clients do while the sessions end.
#[derive(Clone, Default)]
struct Progress {
    answered: Arc<AtomicUsize>,
    ended: Arc<AtomicBool>,
}

impl Progress {
    /// Whether the end was over before this request.
    fn next(&self) -> bool {
        self.answered.fetch_add(1, Ordering::SeqCst);
        self.ended.load(Ordering::SeqCst)
    }

    /// Refreshes until that is refused; all that was answered.
    async fn refresh(self, client: Client, mut tokens: Tokens) -> Vec<Tokens> {
        let mut received = Vec::new();
        loop {
            let was_after = self.next();
            let answer = refresh(&client, &tokens.refresh).await;
            received.push(tokens);
            if answer.status == 400 {
                return received;
            }
            assert!(!was_after, "a session from before goes on: {answer:?}");
            tokens = Tokens::of(&answer);
        }
    }

    /// Asks with a cookie until it is refused.
    async fn ask(self, client: Client) {
        loop {
            let was_after = self.next();
            let answer = client.get("/users/me").await;
            if answer.status == 401 {
                return;
            }
            assert!(answer.status == 200 && !was_after, "{answer:?}");
        }
    }

    /// Logs in until the end is over, and once more; the token of the last login.
    async fn log_in(self, client: Client) -> Tokens {
        loop {
            let was_after = self.next();
            let tokens = login(&client, AL).await;
            if was_after {
                return tokens;
            }
        }
    }
}

/// Ends the sessions of everyone in a process of its own; what it prints.
async fn revoke(database: &str) -> String {
    let mut command = Command::new(example_binary("web"));
    for variable in VARIABLES {
        command.env_remove(variable);
    }
    command
        .args(["users", "revoke-sessions", "--all", "--yes"])
        .env("DATABASE_URL", database)
        .env("SECRET", SECRET);
    let output = tokio::task::spawn_blocking(move || command.output());
    let output = output.await.expect("a thread").expect("a process");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).expect("text")
}

async fn assert_nothing_is_left(database: &str) {
    let processes = [web::start(database).await, web::start(database).await];
    for email in [JO, AL] {
        register(processes[0].client(), email).await;
    }
    let progress = Progress::default();
    let (mut refreshes, mut requests, mut logins) =
        (JoinSet::new(), JoinSet::new(), JoinSet::new());
    let mut cookies = Vec::new();
    for number in 0..2 * SESSIONS {
        let [here, there] = [number, number + 1].map(|number| processes[number % 2].client());
        let tokens = login(here, JO).await;
        refreshes.spawn(progress.clone().refresh(there.clone(), tokens));
        let cookie = session_cookie(here).await;
        requests.spawn(progress.clone().ask(there.cookie(&cookie)));
        cookies.push(cookie);
    }
    for process in &processes {
        logins.spawn(progress.clone().log_in(process.client().clone()));
    }
    let are_answered = || (progress.answered.load(Ordering::SeqCst) >= 200).then_some(());
    until("refreshes and requests", are_answered).await;
    let said = revoke(database).await;
    progress.ended.store(true, Ordering::SeqCst);
    assert_eq!(said, "All users:\nweb: ended\napi: ended\n");

    requests.join_all().await;
    for tokens in refreshes.join_all().await.into_iter().flatten() {
        for process in &processes {
            assert_is_over(process, &tokens).await;
        }
    }
    for process in &processes {
        for cookie in &cookies {
            let asked = process.client().cookie(cookie).get("/users/me").await;
            asked.assert_detail(401, "Unauthorized");
        }
    }
    for tokens in logins.join_all().await {
        for process in &processes {
            let client = process.client().bearer(&tokens.access);
            assert_eq!(client.get("/users/me").await.status, 200);
        }
    }
    for mut process in processes {
        process.assert_is_sound();
    }
}

async fn session_cookie(client: &Client) -> String {
    let answer = client.login("web", JO, PASSWORD).await;
    assert_eq!(answer.status, 204, "{answer:?}");
    answer.cookie().to_owned()
}

async fn assert_is_over(process: &Process, tokens: &Tokens) {
    let asked = process.client().bearer(&tokens.access);
    asked
        .get("/users/me")
        .await
        .assert_detail(401, "Unauthorized");
    let refused = refresh(process.client(), &tokens.refresh).await;
    refused.assert_detail(400, "REFRESH_BAD_TOKEN");
}

#[tokio::test(flavor = "multi_thread")]
async fn everyone_is_logged_out_on_sqlite() {
    let database = Database::new();
    assert_nothing_is_left(&database.url()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everyone_is_logged_out_on_postgresql() {
    let server = server::shared().await;
    assert_nothing_is_left(&postgresql(&server).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everyone_is_logged_out_on_mariadb() {
    let server = mysql_server::shared().await;
    assert_nothing_is_left(&mariadb(&server).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everyone_is_logged_out_on_secantusdb() {
    let server = mongodb_server::shared().await;
    assert_nothing_is_left(&secantusdb(&server)).await;
}
