//! `kill -9` of a server in the middle of a storm of registrations: whoever was answered 201 is there, and can log in.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::json;
use sqlx::Row as _;
use tokio::task::JoinSet;
use users_runtime::Users;
use users_tests::{Client, Database, PASSWORD, SECRET, TestHasher, User, keep, serve, until};

/// Tells the server's process which database is its.
const DATABASE: &str = "USERS_TEST_CRASH_DATABASE";

/// How many clients register at once.
const CLIENTS: usize = 16;

/// How many registrations are answered before the server dies.
const STORM: usize = 16 * CLIENTS;

/// The user system in both processes. Its hasher costs nothing: what is looked for here are registrations at the very end.
async fn users(url: &str) -> Users<User> {
    let store = users_runtime::SqliteStore::<User>::connect(url)
        .await
        .expect("an SQLite file");
    store.migrate().await.expect("the tables");
    Users::<User>::builder(store, SECRET)
        .password_hasher(TestHasher::default())
        .build()
        .expect("a sound configuration")
}

/// Not a test of its own: the server that the other tests start and kill.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "started by the other tests"]
async fn serves_until_it_is_killed() {
    let Ok(url) = std::env::var(DATABASE) else {
        return;
    };
    let router: axum::Router = users(&url).await.router();
    let url = serve(|listener| axum::serve(listener, router)).await;
    println!("\nserving {url}");
    std::future::pending::<()>().await;
}

/// A server in a process of its own, which dies with this value.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    fn start(database: &Database) -> Self {
        let mut command = Command::new(std::env::current_exe().expect("this test"));
        command.args([
            "--exact",
            "serves_until_it_is_killed",
            "--ignored",
            "--nocapture",
        ]);
        command.env(DATABASE, database.url());
        let mut process = keep(&command, "KILL", None)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a process");
        let mut lines = BufReader::new(process.stdout.take().expect("its output"))
            .lines()
            .map_while(Result::ok);
        let url = lines
            .find_map(|line| line.strip_prefix("serving ").map(str::to_owned))
            .expect("a server that starts");
        Self { process, url }
    }

    /// SIGKILL, which no process can catch.
    fn kill(mut self) {
        self.process.kill().expect("killed");
        let status = self.process.wait().expect("its end");
        assert_eq!(status.code(), None, "it did not end by itself: {status}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Registers one address after the other until the server is gone; those that were answered 201.
async fn register_until_the_end(
    url: String,
    storm: usize,
    client: usize,
    answered: Arc<AtomicUsize>,
) -> Vec<String> {
    let http = reqwest::Client::builder()
        .no_proxy()
        .timeout(Duration::from_mins(5))
        .build()
        .expect("a client");
    let mut registered = Vec::new();
    for number in 0.. {
        let email = format!("client{client}.{number}@storm{storm}.example.com");
        let body = json!({ "email": email, "password": PASSWORD, "first_name": format!("Client {client}") });
        match http
            .post(format!("{url}/auth/register"))
            .json(&body)
            .send()
            .await
        {
            Err(_) => break,
            Ok(answer) => assert_eq!(answer.status(), 201, "{email}"),
        }
        registered.push(email);
        answered.fetch_add(1, Ordering::SeqCst);
    }
    registered
}

/// A storm on a server that is killed in the middle of it; the addresses that were answered 201.
async fn storm(database: &Database, number: usize) -> Vec<String> {
    let server = Server::start(database);
    let answered = Arc::<AtomicUsize>::default();
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        let registering =
            register_until_the_end(server.url.clone(), number, client, answered.clone());
        clients.spawn(registering);
    }
    until("a storm of registrations", || {
        (answered.load(Ordering::SeqCst) >= STORM).then_some(())
    })
    .await;
    server.kill();
    clients.join_all().await.concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_registration_that_was_answered_is_lost() {
    let database = Database::new();
    let mut registered = storm(&database, 1).await;
    // A second server takes the file over as the first has left it.
    registered.extend(storm(&database, 2).await);
    assert!(registered.len() >= 2 * STORM, "{}", registered.len());

    let users = users(&database.url()).await;
    let router: axum::Router = users.router();
    let client = Client::new(&serve(|listener| axum::serve(listener, router)).await);
    for email in &registered {
        let user = users.store().find_by_email(email).await.expect("an answer");
        assert!(user.is_some(), "{email} of {} is lost", registered.len());
        assert_eq!(
            client.login("jwt", email, PASSWORD).await.status,
            200,
            "{email}"
        );
    }
    assert_is_sound(&database, registered.len()).await;
}

/// The file is whole, nobody is there twice, and beside those who were answered only requests under way have left users.
async fn assert_is_sound(database: &Database, answered: usize) {
    let store = database.store::<User>().await;
    let checked = sqlx::query("PRAGMA integrity_check")
        .fetch_one(store.pool())
        .await
        .expect("an answer");
    assert_eq!(checked.get::<String, _>(0), "ok");
    let counted = sqlx::query("SELECT count(*), count(DISTINCT lower(email)) FROM user")
        .fetch_one(store.pool())
        .await;
    let counted = counted.expect("an answer");
    let (all, distinct) = (counted.get::<i64, _>(0), counted.get::<i64, _>(1));
    assert_eq!(all, distinct);
    let unanswered = usize::try_from(all).expect("a number of users") - answered;
    assert!(
        unanswered <= 2 * CLIENTS,
        "{unanswered} users that nobody was told of"
    );
}
