//! A Redis of a test's own.

use std::{
    net::{Ipv4Addr, TcpListener},
    process::{Child, Command, Stdio},
    time::Duration,
};

use redis::aio::MultiplexedConnection;
use tempfile::TempDir;

/// A private `redis-server` on a free loopback port. It keeps its data when it is restarted, and ends with this value.
#[derive(Debug)]
pub struct RedisServer {
    process: Child,
    port: u16,
    folder: TempDir,
}

impl RedisServer {
    /// Starts a server and waits until it answers.
    pub async fn start() -> Self {
        let port =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
        let port = port.expect("a free port").port();
        let folder = tempfile::tempdir().expect("a temporary folder");
        let server = Self {
            process: spawn(port, &folder),
            port,
            folder,
        };
        server.answers().await;
        server
    }

    /// The URL for a strategy.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/0", self.port)
    }

    /// Ends the server as an administrator would.
    pub fn stop(&mut self) {
        self.signal("TERM");
        self.process.wait().expect("its end");
    }

    /// Starts the stopped server again, on the same port and with the same data.
    pub async fn start_again(&mut self) {
        self.process = spawn(self.port, &self.folder);
        self.answers().await;
    }

    /// Makes the server hang (`STOP`) or go on (`CONT`).
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args([format!("-{name}"), self.process.id().to_string()])
            .status();
        assert!(
            sent.expect("the command `kill`").success(),
            "the server has died before"
        );
    }

    /// A connection for looking behind the strategy.
    pub async fn connection(&self) -> MultiplexedConnection {
        let client = redis::Client::open(self.url()).expect("a URL");
        client
            .get_multiplexed_async_connection()
            .await
            .expect("a connection")
    }

    async fn answers(&self) {
        let client = redis::Client::open(self.url()).expect("a URL");
        for _ in 0..500 {
            if let Ok(mut connection) = client.get_multiplexed_async_connection().await
                && redis::cmd("PING").exec_async(&mut connection).await.is_ok()
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("redis-server does not answer on port {}", self.port);
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn spawn(port: u16, folder: &TempDir) -> Child {
    Command::new("redis-server")
        .args([
            "--bind",
            "127.0.0.1",
            "--port",
            &port.to_string(),
            "--save",
            "",
            "--daemonize",
            "no",
        ])
        .args(["--appendonly", "yes", "--appendfsync", "always", "--dir"])
        .arg(folder.path())
        .stdout(Stdio::null())
        .spawn()
        .expect(
            "this suite needs `redis-server`: install it, e.g. with `apt-get install redis-server`",
        )
}
