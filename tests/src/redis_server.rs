//! A Redis of a test's own.

use std::{
    fs::{self, File},
    io::Write as _,
    process::{Child, Command},
    time::{Duration, Instant},
};

use redis::aio::MultiplexedConnection;
use tempfile::TempDir;

use crate::{keep, port::Port};

/// How long it may take to start, on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_mins(5);

/// A private `redis-server` on a loopback port of its own. It keeps its data when it is restarted, and ends with this value.
#[derive(Debug)]
pub struct RedisServer {
    process: Child,
    port: Port,
    folder: TempDir,
}

impl RedisServer {
    /// Starts a server and waits until it answers.
    pub async fn start() -> Self {
        let port = Port::reserve();
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut server = Self {
            process: spawn(&port, &folder),
            port,
            folder,
        };
        server.answers().await;
        server
    }

    /// The URL for a strategy.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/0", self.port.number())
    }

    /// Ends the server as an administrator would.
    pub fn stop(&mut self) {
        // Its folder stays, since it may be started again.
        let stdin = self.process.stdin.as_mut().expect("its keeper");
        stdin.write_all(b"\n").expect("its keeper");
        self.process.wait().expect("its end");
    }

    /// Starts the stopped server again, on the same port and with the same data.
    pub async fn start_again(&mut self) {
        self.process = spawn(&self.port, &self.folder);
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

    async fn answers(&mut self) {
        let client = redis::Client::open(self.url()).expect("a URL");
        let begun = Instant::now();
        loop {
            let asked = async {
                let mut connection = client.get_multiplexed_async_connection().await?;
                // While it reads its data it answers `LOADING`.
                redis::cmd("PING").exec_async(&mut connection).await
            };
            let Err(error) = asked.await else {
                return;
            };
            let has_ended = matches!(self.process.try_wait(), Ok(Some(_)));
            if has_ended || begun.elapsed() > PATIENCE {
                let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
                panic!("redis-server did not start: {error}\n{log}");
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn spawn(port: &Port, folder: &TempDir) -> Child {
    let log = File::create(folder.path().join("log")).expect("a file for the log");
    let mut command = Command::new("redis-server");
    command
        .args(["--bind", "127.0.0.1", "--daemonize", "no", "--save", ""])
        .args(["--port", &port.number().to_string()])
        .args(["--appendonly", "yes", "--appendfsync", "always", "--dir"])
        .arg(folder.path());
    keep(&command, "TERM", Some(folder.path()))
        .stdout(log.try_clone().expect("the file for the log"))
        .stderr(log)
        .spawn()
        .expect("the command `sh`")
}
