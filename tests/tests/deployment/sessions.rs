//! Sessions and refresh tokens of the example `web`, in two processes on one database of each kind.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use serde_json::json;
use tokio::task::JoinSet;
use users_tests::{Client, Database, until};

use crate::{
    databases::{mariadb, postgresql, secantusdb},
    mongodb_server, mysql_server,
    process::Process,
    server,
    web::{self, Tokens, login, refresh, register, sessions},
};

/// How many tabs refresh at once.
const TABS: usize = 20;

/// How many clients refresh while a process is killed, and how often one is.
const CLIENTS: usize = 8;
const KILLS: usize = 3;

const JO: &str = "jo@example.com";
const AL: &str = "al@example.com";

/// Two processes, every token that they have given, and the logs of those that were killed.
struct Pair {
    one: Process,
    other: Process,
    tokens: Vec<String>,
    logs: Vec<String>,
}

impl Pair {
    async fn start(database: &str) -> Self {
        let one = web::start(database).await;
        let other = web::start(database).await;
        for email in [JO, AL] {
            register(one.client(), email).await;
        }
        Self {
            one,
            other,
            tokens: Vec::new(),
            logs: Vec::new(),
        }
    }

    fn know(&mut self, tokens: Tokens) -> Tokens {
        let Tokens { access, refresh } = tokens.clone();
        self.tokens.extend([access, refresh]);
        tokens
    }

    async fn login(&mut self, email: &str) -> Tokens {
        let tokens = login(self.one.client(), email).await;
        self.know(tokens)
    }

    async fn refreshed(&mut self, token: &str) -> Tokens {
        let tokens = Tokens::of(&refresh(self.other.client(), token).await);
        self.know(tokens)
    }
}

async fn assert_sessions_hold(database: &str) {
    let mut pair = Pair::start(database).await;
    tabs_get_one_successor(&mut pair).await;
    reuse_ends_the_session(&mut pair).await;
    another_users_session_is_not_found(&mut pair).await;
    for round in 0..KILLS {
        a_kill_logs_nobody_out(&mut pair, database, round).await;
    }
    no_token_is_shown(&mut pair).await;
    pair.one.assert_is_sound();
    pair.other.assert_is_sound();
}

async fn tabs_get_one_successor(pair: &mut Pair) {
    let tokens = pair.login(JO).await;
    let mut tabs = JoinSet::new();
    for number in 0..TABS {
        let process = [&pair.one, &pair.other][number % 2];
        let (client, token) = (process.client().clone(), tokens.refresh.clone());
        tabs.spawn(async move { refresh(&client, &token).await });
    }
    let answers: Vec<_> = tabs.join_all().await.iter().map(Tokens::of).collect();
    let successor = answers[0].refresh.clone();
    assert_ne!(successor, tokens.refresh);
    for answer in answers {
        assert_eq!(answer.refresh, successor);
        for process in [&pair.one, &pair.other] {
            assert_eq!(sessions(process.client(), &answer.access).await.len(), 1);
        }
        pair.know(answer);
    }
    let next = pair.refreshed(&successor).await;
    assert_ne!(next.refresh, successor, "the tabs rotated it once");
}

async fn reuse_ends_the_session(pair: &mut Pair) {
    let first = pair.login(JO).await;
    let second = pair.refreshed(&first.refresh).await;
    let third = pair.refreshed(&second.refresh).await;
    let fourth = pair.refreshed(&third.refresh).await;
    let reused = refresh(pair.one.client(), &first.refresh).await;
    reused.assert_detail(400, "REFRESH_BAD_TOKEN");
    for process in [&pair.one, &pair.other] {
        let ended = refresh(process.client(), &fourth.refresh).await;
        ended.assert_detail(400, "REFRESH_BAD_TOKEN");
        let client = process.client().bearer(&fourth.access);
        assert_eq!(client.get("/users/me").await.status, 401);
    }
}

async fn another_users_session_is_not_found(pair: &mut Pair) {
    let (jo, al) = (pair.login(JO).await, pair.login(AL).await);
    let of_jo = sessions(pair.one.client(), &jo.access).await;
    let id = of_jo[0]["id"].as_str().expect("an id").to_owned();
    let client = pair.other.client().bearer(&al.access);
    for id in [&*id, "nonsense", "%00"] {
        let path = format!("/users/me/sessions/{id}");
        let refused = client.send("DELETE", &path).await;
        assert_eq!(refused.status, 404, "{refused:?}");
    }
    let own = pair.other.client().bearer(&jo.access);
    let path = format!("/users/me/sessions/{id}");
    assert_eq!(own.get("/users/me").await.status, 200);
    assert_eq!(own.send("DELETE", &path).await.status, 204);
    let ended = pair.one.client().bearer(&jo.access).get("/users/me").await;
    assert_eq!(ended.status, 401, "{ended:?}");
}

/// Refreshes until the process is gone; the last token that was received.
async fn refresh_until_the_end(
    url: String,
    mut token: String,
    answered: Arc<AtomicUsize>,
) -> Vec<String> {
    let http = reqwest::Client::builder().no_proxy().build();
    let http = http.expect("a client");
    let mut received = vec![token.clone()];
    loop {
        let request = http.post(format!("{url}/auth/api/refresh"));
        let body = json!({ "refresh_token": token });
        let Ok(answer) = request.json(&body).send().await else {
            return received;
        };
        assert_eq!(answer.status(), 200);
        let Ok(body) = answer.json::<serde_json::Value>().await else {
            return received;
        };
        let successor = body["refresh_token"].as_str().expect("a token");
        successor.clone_into(&mut token);
        received.push(token.clone());
        answered.fetch_add(1, Ordering::SeqCst);
    }
}

async fn a_kill_logs_nobody_out(pair: &mut Pair, database: &str, round: usize) {
    let answered = Arc::<AtomicUsize>::default();
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        let token = pair.login(JO).await.refresh;
        let url = pair.one.url().to_owned();
        clients.spawn(refresh_until_the_end(url, token, Arc::clone(&answered)));
    }
    // At another moment each time.
    let wanted = CLIENTS * (2 + round) + round;
    until("refreshes", || {
        (answered.load(Ordering::SeqCst) >= wanted).then_some(())
    })
    .await;
    pair.one.kill();
    pair.logs.push(pair.one.errors());
    let received = clients.join_all().await;
    pair.one = web::start(database).await;
    for (number, mut received) in received.into_iter().enumerate() {
        let last = received.pop().expect("a token");
        pair.tokens.extend(received);
        // At the process that was not killed, and at the one that was started again.
        let process = [&pair.one, &pair.other][number % 2];
        let tokens = Tokens::of(&refresh(process.client(), &last).await);
        for process in [&pair.one, &pair.other] {
            let client = process.client().bearer(&tokens.access);
            assert_eq!(client.get("/users/me").await.status, 200);
        }
        pair.know(tokens);
    }
}

/// The answers to requests that have a token where none belongs, or one that is used up.
async fn errors(client: &Client, access: &str, refresh_token: &str) -> Vec<String> {
    let mut answers = Vec::new();
    for path in ["/auth/api/refresh", "/auth/api/logout", "/auth/verify"] {
        for body in [
            json!({ "refresh": refresh_token }),
            json!({ "refresh_token": [refresh_token], "token": [refresh_token] }),
            json!([refresh_token, access]),
            json!({ "refresh_token": access, "token": refresh_token }),
        ] {
            answers.push(client.post(path, &body).await);
        }
        let body = format!("{{\"refresh_token\": {refresh_token}, \"token\": {access}}}");
        answers.push(client.raw("POST", path, "application/json", body).await);
    }
    let presented = [
        client.bearer(access),
        client.bearer(refresh_token),
        client.cookie(access),
    ];
    for client in presented {
        for token in [access, refresh_token] {
            let path = format!("/users/me/sessions/{token}");
            answers.push(client.send("DELETE", &path).await);
            answers.push(client.get(&format!("/users/{token}?token={token}")).await);
        }
    }
    let are_refused = answers.iter().all(|answer| answer.status >= 400);
    assert!(are_refused, "{answers:?}");
    answers.into_iter().map(|answer| answer.text).collect()
}

/// Neither in a list, nor in an error, nor in a log, also where the log has everything.
async fn no_token_is_shown(pair: &mut Pair) {
    let tokens = pair.login(JO).await;
    let client = pair.one.client();
    let list = sessions(client, &tokens.access).await;
    let events = client
        .bearer(&tokens.access)
        .get("/users/me/events?limit=100")
        .await;
    assert!(events.text.contains("refresh.reused"), "{events:?}");
    let mut shown = errors(client, &tokens.access, &tokens.refresh).await;
    shown.push(serde_json::to_string(&list).expect("JSON"));
    shown.push(events.text);
    pair.logs.extend([pair.one.errors(), pair.other.errors()]);
    for log in &pair.logs {
        assert!(log.contains("refreshed"), "the log has nothing: {log}");
    }
    let texts = pair.logs.iter().chain(&shown).map(String::as_str);
    let words: HashSet<_> = texts.flat_map(parts_of).collect();
    for token in &pair.tokens {
        // The signature of a JSON web token, or the whole of another one.
        let secret = token.rsplit('.').next().unwrap_or(token);
        assert!(!words.contains(secret), "a token is in a list or in a log");
    }
}

/// What could be a token in a text, or a part of one.
fn parts_of(text: &str) -> impl Iterator<Item = &str> {
    let is_of_token = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    text.split(move |letter| !is_of_token(letter))
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_hold_on_sqlite() {
    let database = Database::new();
    assert_sessions_hold(&database.url()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_hold_on_postgresql() {
    let server = server::shared().await;
    assert_sessions_hold(&postgresql(&server).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_hold_on_mariadb() {
    let server = mysql_server::shared().await;
    assert_sessions_hold(&mariadb(&server).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_hold_on_secantusdb() {
    let server = mongodb_server::shared().await;
    assert_sessions_hold(&secantusdb(&server)).await;
}
