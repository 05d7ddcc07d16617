//! Databases are killed under load, with no time to put anything in order, and started again: what was acknowledged is kept.

use crate::{
    databases::{mariadb, postgresql, secantusdb},
    mongodb_server, mysql_server,
    outages::assert_survives,
    server,
};

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_is_killed_under_load_and_keeps_what_was_acknowledged() {
    let server = server::Server::durable().await;
    let come_back = async || {
        server.start();
        server.wait().await;
    };
    assert_survives(&postgresql(&server).await, || server.kill(), come_back).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mariadb_is_killed_under_load_and_keeps_what_was_acknowledged() {
    let server = mysql_server::Server::durable().await;
    let come_back = async || {
        server.start();
        server.wait().await;
    };
    assert_survives(&mariadb(&server).await, || server.kill(), come_back).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn secantusdb_is_killed_under_load_and_keeps_what_was_acknowledged() {
    let server = mongodb_server::Server::durable().await;
    let come_back = async || {
        server.start();
        server.wait().await;
    };
    assert_survives(&secantusdb(&server), || server.kill(), come_back).await;
}
