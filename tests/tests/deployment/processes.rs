//! Two processes on one PostgreSQL and one Redis: each knows what the other was told, also when one of them is killed.

use std::sync::Arc;

use serde_json::{Value, json};
use tokio::task::JoinSet;
use users_tests::{Client, PASSWORD, RedisServer};

use crate::{
    databases::postgresql,
    full::Full,
    load::{CLIENTS, Load},
    server::{self, Server},
};

/// Two processes that were started at once, on an empty database.
struct Pair {
    one: Full,
    other: Full,
    database: String,
    redis: RedisServer,
    _postgres: Arc<Server>,
}

impl Pair {
    async fn start() -> Self {
        let (postgres, redis) = tokio::join!(server::shared(), RedisServer::start());
        let database = postgresql(&postgres).await;
        let (one, other) = tokio::join!(
            Full::start(&database, &redis),
            Full::start(&database, &redis)
        );
        Self {
            one,
            other,
            database,
            redis,
            _postgres: postgres,
        }
    }
}

async fn registered(client: &Client, email: &str) -> Value {
    let answer = client
        .post(
            "/auth/register",
            &json!({ "email": email, "password": PASSWORD }),
        )
        .await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.json()
}

/// Logs in; a client of the other process that presents the token.
async fn logged_in(
    client: &Client,
    other: &Client,
    backend: &str,
    email: &str,
) -> (Client, Client) {
    let answer = client.login(backend, email, PASSWORD).await;
    let present = |client: &Client| {
        if backend == "cookie" {
            return client.cookie(answer.cookie());
        }
        client.bearer(answer.json()["access_token"].as_str().expect("a token"))
    };
    assert!(matches!(answer.status, 200 | 204), "{answer:?}");
    (present(client), present(other))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_process_writes_the_other_reads() {
    let mut pair = Pair::start().await;
    for (number, (writer, reader)) in [(&pair.one, &pair.other), (&pair.other, &pair.one)]
        .into_iter()
        .enumerate()
    {
        let (writer, reader) = (writer.client(), reader.client());
        let email = format!("Jo{number}@example.com");
        let mut user = registered(writer, &email).await;
        let taken = reader
            .post(
                "/auth/register",
                &json!({ "email": email.to_lowercase(), "password": PASSWORD }),
            )
            .await;
        taken.assert_detail(400, "REGISTER_USER_ALREADY_EXISTS");
        let (at_reader, at_writer) = logged_in(reader, writer, "jwt", &email.to_uppercase()).await;
        user["first_name"] = json!("Jo");
        at_reader
            .json("PATCH", "/users/me", &json!({ "first_name": "Jo" }))
            .await
            .assert(200, &user);
        at_writer.get("/users/me").await.assert(200, &user);
        let (_, session) = logged_in(writer, reader, "db", &email).await;
        assert_eq!(
            at_reader
                .json("PATCH", "/users/me", &json!({ "password": "a new one" }))
                .await
                .status,
            200
        );
        session
            .get("/users/me")
            .await
            .assert_detail(401, "Unauthorized");
        writer
            .login("jwt", &email, PASSWORD)
            .await
            .assert_detail(400, "LOGIN_BAD_CREDENTIALS");
        assert_eq!(writer.login("jwt", &email, "a new one").await.status, 200);
    }
    pair.one.assert_is_sound();
    pair.other.assert_is_sound();
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_of_one_process_are_good_at_the_other_and_end_at_both() {
    let pair = Pair::start().await;
    let user = registered(pair.one.client(), "jo@example.com").await;
    for backend in ["jwt", "cookie", "db", "redis"] {
        for (writer, reader) in [(&pair.one, &pair.other), (&pair.other, &pair.one)] {
            let (here, there) =
                logged_in(writer.client(), reader.client(), backend, "jo@example.com").await;
            there.get("/users/me").await.assert(200, &user);
            let out = there.send("POST", &format!("/auth/{backend}/logout")).await;
            assert_eq!(out.status, 204, "{backend}: {out:?}");
            let after = if matches!(backend, "db" | "redis") {
                401
            } else {
                200
            };
            for client in [&here, &there] {
                assert_eq!(
                    client.get("/users/me").await.status,
                    after,
                    "{backend}: a JWT is good until it expires"
                );
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_simultaneous_registrations_at_both_one_wins() {
    let pair = Pair::start().await;
    for round in 0..6 {
        let mut requests = JoinSet::new();
        for number in 0..CLIENTS {
            let client = if number % 2 == 0 {
                &pair.one
            } else {
                &pair.other
            }
            .client()
            .clone();
            // Half of them in other capitals, at each process.
            let name = if number % 4 < 2 { "racer" } else { "RACER" };
            let body =
                json!({ "email": format!("{name}{round}@example.com"), "password": PASSWORD });
            requests.spawn(async move { client.post("/auth/register", &body).await });
        }
        let (won, lost): (Vec<_>, Vec<_>) = requests
            .join_all()
            .await
            .into_iter()
            .partition(|answer| answer.status == 201);
        assert_eq!(won.len(), 1, "{won:?}");
        for answer in lost {
            answer.assert_detail(400, "REGISTER_USER_ALREADY_EXISTS");
        }
        let (here, there) = logged_in(
            pair.one.client(),
            pair.other.client(),
            "jwt",
            &format!("Racer{round}@example.com"),
        )
        .await;
        here.get("/users/me").await.assert(200, &won[0].json());
        there.get("/users/me").await.assert(200, &won[0].json());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_process_acknowledged_is_kept_and_the_other_goes_on() {
    let mut pair = Pair::start().await;
    let (doomed, staying) = (
        Load::start(pair.one.client()),
        Load::start(pair.other.client()),
    );
    // By then the clients are at different points of their journeys.
    doomed.tally().more_journeys(CLIENTS + CLIENTS / 2).await;
    pair.one.kill();
    let mut known = doomed.end_with_the_server().await;
    assert!(
        known.len() > CLIENTS,
        "that was no load: {} users",
        known.len()
    );
    staying.tally().more_journeys(CLIENTS / 2).await;

    let mut joined = Full::start(&pair.database, &pair.redis).await;
    let joining = Load::start(joined.client());
    joining.tally().more_journeys(CLIENTS / 2).await;
    let (stayed, joined_in) = tokio::join!(staying.end(), joining.end());
    known.extend(stayed);
    // Each by a process that did not serve the user.
    for user in &known {
        user.assert_is_kept(joined.client()).await;
    }
    for user in &joined_in {
        user.assert_is_kept(pair.other.client()).await;
    }
    pair.other.assert_is_sound();
    joined.assert_is_sound();
}
