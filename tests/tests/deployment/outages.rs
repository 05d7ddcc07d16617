//! Databases and Redis are stopped and started under load: the answers are 503 or as always, and what was acknowledged is kept.

use tokio::task::block_in_place;
use users_tests::RedisServer;

use crate::{
    databases::{mariadb, postgresql, secantusdb},
    full::Full,
    load::{CLIENTS, Known, Load},
    mongodb_server, mysql_server, server,
};

/// How often a server goes and comes back.
const OUTAGES: usize = 2;

async fn assert_is_kept(full: &mut Full, known: &[Known]) {
    assert!(
        known.len() > CLIENTS,
        "that was no load: {} users",
        known.len()
    );
    for user in known {
        user.assert_is_kept(full.client()).await;
    }
    full.assert_is_sound();
}

/// Serves from the database while its server goes and comes back.
pub(crate) async fn assert_survives(database: &str, go: impl Fn(), come_back: impl AsyncFn()) {
    let redis = RedisServer::start().await;
    let mut full = Full::start(database, &redis).await;
    let load = Load::start(full.client());
    for _ in 0..OUTAGES {
        load.tally().more_journeys(CLIENTS / 2).await;
        block_in_place(&go);
        load.tally().more_unavailable(CLIENTS).await;
        come_back().await;
    }
    load.tally().more_journeys(CLIENTS / 2).await;
    let known = load.end().await;
    assert_is_kept(&mut full, &known).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_goes_and_comes_back_under_load() {
    let server = server::Server::own().await;
    let come_back = async || {
        server.start();
        server.wait().await;
    };
    assert_survives(&postgresql(&server).await, || server.stop(), come_back).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mariadb_goes_and_comes_back_under_load() {
    let server = mysql_server::Server::own().await;
    let come_back = async || {
        server.start();
        server.wait().await;
    };
    assert_survives(&mariadb(&server).await, || server.stop(), come_back).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn secantusdb_goes_and_comes_back_under_load() {
    let server = mongodb_server::Server::own().await;
    let come_back = async || {
        server.start();
        server.wait().await;
    };
    assert_survives(&secantusdb(&server), || server.stop(), come_back).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_goes_and_comes_back_under_load() {
    let (postgres, mut redis) = tokio::join!(server::Server::own(), RedisServer::start());
    let mut full = Full::start(&postgresql(&postgres).await, &redis).await;
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
