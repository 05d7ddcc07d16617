//! A new password in a transaction that stays open while clients log in and refresh at two processes of the example `web`, one of which is
//! killed: no session that began on the old password is left.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use argon2::{Argon2, PasswordHasher as _};
use tokio::task::JoinSet;
use users_tests::{Answer, Client, Database, until};

use crate::{
    changes::OpenChange,
    databases::{mariadb, postgresql, secantusdb},
    mongodb_server, mysql_server,
    process::Process,
    server,
    web::{self, PASSWORD, Tokens, refresh, register, sessions},
};

const JO: &str = "jo@example.com";
/// How many clients of each kind are at each process.
const CLIENTS: usize = 2;

/// When a process is killed.
#[derive(Clone, Copy)]
enum Kill {
    WhileTheChangeIsOpen,
    AfterTheCommit,
}

/// What a client has received.
enum Credentials {
    Tokens(Tokens),
    Cookie(String),
}

/// What clients at a process do until it is gone or refuses them.
#[derive(Clone)]
struct Load {
    client: Client,
    password: String,
    answered: Arc<AtomicUsize>,
    /// How many of the answers began a session with a cookie.
    cookies: Arc<AtomicUsize>,
    /// The old password is not valid any more: a client that is accepted nevertheless does not go on for ever.
    committed: Arc<AtomicBool>,
}

impl Load {
    /// The answer, unless the process is gone or refuses the credentials.
    fn accepted(&self, answer: reqwest::Result<Answer>) -> Option<Answer> {
        let answer = answer.ok()?;
        match answer.status {
            200 | 204 | 503 => {
                self.answered.fetch_add(1, Ordering::SeqCst);
                Some(answer)
            }
            400 => None,
            _ => panic!("{answer:?}"),
        }
    }

    async fn log_in(self, backend: &'static str) -> Vec<Credentials> {
        let (mut received, mut is_last) = (Vec::new(), false);
        while !is_last {
            is_last = self.committed.load(Ordering::SeqCst);
            let answer = self.client.try_login(backend, JO, &self.password).await;
            match self.accepted(answer) {
                None => break,
                Some(answer) if answer.status == 204 => {
                    received.push(Credentials::Cookie(session_cookie(&answer)));
                    self.cookies.fetch_add(1, Ordering::SeqCst);
                }
                // A database that is locked for too long.
                Some(answer) if answer.status == 503 => {}
                Some(answer) => received.push(Credentials::Tokens(Tokens::of(&answer))),
            }
        }
        received
    }

    async fn refresh(self, mut tokens: Tokens) -> Vec<Credentials> {
        let (mut received, mut is_last) = (Vec::new(), false);
        while !is_last {
            is_last = self.committed.load(Ordering::SeqCst);
            let body = serde_json::json!({ "refresh_token": tokens.refresh });
            let path = "/auth/api/refresh";
            let answer = self.client.try_json("POST", path, &body).await;
            match self.accepted(answer) {
                Some(answer) if answer.status == 503 => {}
                Some(answer) => {
                    received.push(Credentials::Tokens(tokens));
                    tokens = Tokens::of(&answer);
                }
                None => break,
            }
        }
        received.push(Credentials::Tokens(tokens));
        received
    }
}

fn session_cookie(answer: &Answer) -> String {
    let cookies = answer.headers.get_all("set-cookie").iter();
    let mut cookies = cookies.filter_map(|cookie| cookie.to_str().ok()?.split(';').next());
    let cookie = cookies.find(|cookie| !cookie.starts_with("fastapiusers_browser="));
    cookie.expect("the session's cookie").to_owned()
}

/// Starts clients of each kind at a process.
async fn start(load: &Load, clients: &mut JoinSet<Vec<Credentials>>) {
    for _ in 0..CLIENTS {
        let login = load.client.login("api", JO, &load.password).await;
        clients.spawn(load.clone().refresh(Tokens::of(&login)));
    }
    for backend in ["web", "api"] {
        clients.spawn(load.clone().log_in(backend));
    }
}

fn hash_of(password: &str) -> String {
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.expect("a hash").to_string()
}

/// Changes the password beside these clients; what they have received.
async fn change(
    database: &str,
    [old, new]: [&str; 2],
    kill: Kill,
    processes: [&mut Process; 2],
) -> Vec<Credentials> {
    let [one, other] = processes;
    let answered = Arc::<AtomicUsize>::default();
    let cookies = Arc::<AtomicUsize>::default();
    let committed = Arc::<AtomicBool>::default();
    let mut clients = JoinSet::new();
    for process in [&*one, &*other] {
        let load = Load {
            client: process.client().clone(),
            password: old.to_owned(),
            answered: Arc::clone(&answered),
            cookies: Arc::clone(&cookies),
            committed: Arc::clone(&committed),
        };
        start(&load, &mut clients).await;
    }
    let all = 4 * (CLIENTS + 2);
    let more_are_answered = async || {
        let wanted = answered.load(Ordering::SeqCst) + all;
        let are_answered = || {
            // A refresh is answered much faster than a login.
            let has_cookie = cookies.load(Ordering::SeqCst) > 0;
            (has_cookie && answered.load(Ordering::SeqCst) >= wanted).then_some(())
        };
        until("logins and refreshes", are_answered).await;
    };
    more_are_answered().await;
    let open = OpenChange::begin(database, JO, &hash_of(new)).await;
    if open.lets_others_write() {
        more_are_answered().await;
    }
    match kill {
        Kill::WhileTheChangeIsOpen => {
            one.kill();
            open.commit().await;
        }
        Kill::AfterTheCommit => {
            open.commit().await;
            one.kill();
        }
    }
    committed.store(true, Ordering::SeqCst);
    clients.join_all().await.into_iter().flatten().collect()
}

async fn assert_are_over(process: &Process, received: &[Credentials]) {
    for credentials in received {
        let client = match credentials {
            Credentials::Tokens(tokens) => process.client().bearer(&tokens.access),
            Credentials::Cookie(cookie) => process.client().cookie(cookie),
        };
        let me = client.get("/users/me").await;
        me.assert_detail(401, "Unauthorized");
        if let Credentials::Tokens(tokens) = credentials {
            let refused = refresh(process.client(), &tokens.refresh).await;
            refused.assert_detail(400, "REFRESH_BAD_TOKEN");
        }
    }
}

async fn assert_a_change_ends_sessions(database: &str) {
    let mut one = web::start(database).await;
    let mut other = web::start(database).await;
    register(one.client(), JO).await;
    let mut password = PASSWORD.to_owned();
    for (round, kill) in [Kill::WhileTheChangeIsOpen, Kill::AfterTheCommit]
        .into_iter()
        .enumerate()
    {
        let new = format!("{PASSWORD} {round}");
        let passwords = [&*password, &*new];
        let received = change(database, passwords, kill, [&mut one, &mut other]).await;
        let cookies = received
            .iter()
            .filter(|one| matches!(one, Credentials::Cookie(_)));
        let cookies = cookies.count();
        assert!(cookies > 0 && cookies < received.len());
        one = web::start(database).await;
        for process in [&one, &other] {
            assert_are_over(process, &received).await;
        }
        let login = other.client().login("api", JO, &new).await;
        let listed = sessions(one.client(), &Tokens::of(&login).access).await;
        assert_eq!(listed.len(), 1, "{listed:?}");
        password = new;
    }
    one.assert_is_sound();
    other.assert_is_sound();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_ends_sessions_on_sqlite() {
    let database = Database::new();
    assert_a_change_ends_sessions(&database.url()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_ends_sessions_on_postgresql() {
    let server = server::shared().await;
    assert_a_change_ends_sessions(&postgresql(&server).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_ends_sessions_on_mariadb() {
    let server = mysql_server::shared().await;
    assert_a_change_ends_sessions(&mariadb(&server).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_ends_sessions_on_secantusdb() {
    let server = mongodb_server::shared().await;
    assert_a_change_ends_sessions(&secantusdb(&server)).await;
}
