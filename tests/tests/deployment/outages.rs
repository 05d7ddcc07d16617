//! PostgreSQL and Redis are stopped and started under load: the answers are 503 or as always, and what was acknowledged is kept.

use tokio::task::block_in_place;
use users_tests::RedisServer;

use crate::{
    full::{Full, create_database},
    load::{CLIENTS, Known, Load},
    server::Server,
};

/// How often a server goes and comes back.
const OUTAGES: usize = 2;

async fn assert_is_kept(full: &mut Full, known: &[Known]) {
    assert!(known.len() > CLIENTS, "that was no load: {} users", known.len());
    for user in known {
        user.assert_is_kept(full.client()).await;
    }
    full.assert_is_sound();
}

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_goes_and_comes_back_under_load() {
    let (postgres, redis) = tokio::join!(Server::own(), RedisServer::start());
    let mut full = Full::start(&create_database(&postgres).await, &redis).await;
    let load = Load::start(full.client());
    for _ in 0..OUTAGES {
        load.tally().more_journeys(CLIENTS / 2).await;
        block_in_place(|| postgres.stop());
        load.tally().more_unavailable(CLIENTS).await;
        block_in_place(|| postgres.start());
        postgres.wait().await;
    }
    load.tally().more_journeys(CLIENTS / 2).await;
    let known = load.end().await;
    assert_is_kept(&mut full, &known).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_goes_and_comes_back_under_load() {
    let (postgres, mut redis) = tokio::join!(Server::own(), RedisServer::start());
    let mut full = Full::start(&create_database(&postgres).await, &redis).await;
    let load = Load::start(full.client());
    for _ in 0..OUTAGES {
        load.tally().more_journeys(CLIENTS / 2).await;
        block_in_place(|| redis.stop());
        load.tally().more_unavailable(CLIENTS).await;
        redis.start_again().await;
    }
    load.tally().more_journeys(CLIENTS / 2).await;
    let known = load.end().await;
    assert_is_kept(&mut full, &known).await;
}
