//! Guesses at one account from many addresses, at two processes of the example `web` on each kind of database: after a hundred no guess is
//! judged, whatever a client writes into headers and whichever process is started anew, and the owner keeps getting in from a known
//! browser. `GUESSES=10000` sends more than the default number.

use std::{
    env,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::json;
use tokio::task::JoinSet;
use users_tests::{Client, Database, RedisServer};

use crate::{
    databases::{mariadb, postgresql, secantusdb},
    mongodb_server, mysql_server,
    process::Process,
    server,
    web::{self, PASSWORD, letters, register},
};

const JO: &str = "jo@example.com";
/// How many guesses of an account are judged one after the other.
const JUDGED: usize = 100;
/// How many guessers are at work at once.
const GUESSERS: usize = 12;

/// How often the owner logs in during each half of them.
const LOGINS: usize = 6;

/// How many guesses there are.
fn guesses() -> usize {
    let number = env::var("GUESSES").ok();
    number.map_or(300, |number| number.parse().expect("a number"))
}

/// An address that no other number has, with what a client would write to be another one.
fn guesser(client: &Client, number: usize) -> Client {
    let (high, low) = (number / 250, number % 250 + 1);
    let address = format!("10.{}.{}.{low}", 1 + high / 250, high % 250);
    client
        .header("x-forwarded-for", &format!("198.51.100.{low}, {address}"))
        .header("forwarded", &format!("for=198.51.100.{low}"))
}

/// The value of the cookie by which a browser is known, as a `Cookie` header.
async fn known_browser(client: &Client) -> String {
    let answer = client.login("api", JO, PASSWORD).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let cookies = answer.headers.get_all("set-cookie").iter();
    let mut cookies = cookies.filter_map(|cookie| cookie.to_str().ok()?.split(';').next());
    let cookie = cookies.find(|cookie| cookie.starts_with("fastapiusers_browser="));
    cookie.expect("the cookie").to_owned()
}

async fn status(client: &Client, password: &str) -> u16 {
    client.login("api", JO, password).await.status
}

/// Sends these guesses, each from an address of its own, and returns how many were judged. The owner logs in, too.
async fn guess(
    clients: &[Client; 2],
    numbers: std::ops::Range<usize>,
    owner: &[Client; 2],
) -> usize {
    let judged = Arc::new(AtomicUsize::new(0));
    let next = Arc::new(AtomicUsize::new(numbers.start));
    let mut guessers = JoinSet::new();
    for _ in 0..GUESSERS {
        let (clients, judged, end) = (clients.clone(), judged.clone(), numbers.end);
        let next = next.clone();
        guessers.spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= end {
                    return;
                }
                let client = guesser(&clients[number % 2], number);
                match status(&client, "a wrong password").await {
                    400 => drop(judged.fetch_add(1, Ordering::Relaxed)),
                    status => assert_eq!(status, 429, "guess {number}"),
                }
            }
        });
    }
    // The owner comes a few times, at either process.
    for turn in 0..LOGINS {
        let due = numbers.start + numbers.len() * turn / LOGINS;
        while next.load(Ordering::Relaxed) < due {
            // Not without a pause, which would take a core from the servers.
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(status(&owner[turn % 2], PASSWORD).await, 200);
    }
    while let Some(done) = guessers.join_next().await {
        done.expect("a guesser");
    }
    judged.load(Ordering::Relaxed)
}

/// What a client writes into headers does not make it another client.
async fn spoofed_headers_change_nothing(clients: &[Client; 2]) {
    let began = Instant::now();
    let mut judged = 0;
    for number in 0..30 {
        let client = clients[number % 2]
            .header(
                "x-forwarded-for",
                &format!("198.51.100.{number}, 10.250.0.1"),
            )
            .header("forwarded", &format!("for=198.51.100.{number}"))
            .header("x-real-ip", &format!("198.51.100.{number}"));
        let answer = client.login("api", "al@example.com", "wrong").await;
        judged += usize::from(answer.status == 400);
    }
    // Five at once, and one more every twelve seconds.
    let back = usize::try_from(began.elapsed().as_secs() / 12).expect("a number");
    assert!((5..=6 + back).contains(&judged), "{judged} were judged");
}

async fn assert_guesses_are_limited(database: &str, redis: Option<&str>) {
    let one = web::start_behind_proxy(database, redis).await;
    let mut other = web::start_behind_proxy(database, redis).await;
    let at = |process: &Process| process.client().header("x-forwarded-for", "192.0.2.1");
    register(&at(&one), JO).await;
    let cookie = known_browser(&at(&one)).await;
    let clients = [one.client().clone(), other.client().clone()];
    let owner = [at(&one).cookie(&cookie), at(&other).cookie(&cookie)];

    let (began, half) = (Instant::now(), guesses() / 2);
    let mut judged = guess(&clients, 0..half, &owner).await;
    let unlocking = loop {
        let mut found = letters(&owner[0], JO, "unlock").await;
        found.extend(letters(&owner[1], JO, "unlock").await);
        if !found.is_empty() {
            break found;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(unlocking.len(), 1, "one letter for one lock");
    other.kill();
    let other = web::start_behind_proxy(database, redis).await;
    let clients = [one.client().clone(), other.client().clone()];
    let owner = [at(&one).cookie(&cookie), at(&other).cookie(&cookie)];
    judged += guess(&clients, half..guesses(), &owner).await;
    assert_eq!(judged, JUDGED);
    println!("{} guesses in {:?}", guesses(), began.elapsed());

    spoofed_headers_change_nothing(&clients).await;
    // The right password is worth nothing without the browser, until the letter's token unlocks the account, once.
    let stranger = clients[1].header("x-forwarded-for", "192.0.2.99");
    assert_eq!(status(&stranger, PASSWORD).await, 429);
    let body = json!({ "token": unlocking[0] });
    let unlocked = stranger.post("/auth/unlock", &body).await;
    assert_eq!(unlocked.status, 200, "{unlocked:?}");
    assert_eq!(status(&stranger, PASSWORD).await, 200);
    let again = clients[0].post("/auth/unlock", &body).await;
    again.assert_detail(400, "UNLOCK_BAD_TOKEN");
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_are_limited_on_sqlite() {
    let database = Database::new();
    assert_guesses_are_limited(&database.url(), None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_are_limited_on_postgresql() {
    let server = server::shared().await;
    assert_guesses_are_limited(&postgresql(&server).await, None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_are_limited_on_mariadb() {
    let server = mysql_server::shared().await;
    assert_guesses_are_limited(&mariadb(&server).await, None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_are_limited_on_secantusdb() {
    let server = mongodb_server::shared().await;
    assert_guesses_are_limited(&secantusdb(&server), None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_are_limited_in_redis() {
    let (database, redis) = (Database::new(), RedisServer::start().await);
    assert_guesses_are_limited(&database.url(), Some(&redis.url())).await;
}
