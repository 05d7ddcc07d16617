//! The example `full` in a process of its own.

use std::{
    fs::File,
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;
use users_tests::{Client, RedisServer, SECRET, example_binary, keep};

/// A running `full`, which ends with this value.
pub(crate) struct Full {
    process: Child,
    client: Client,
    folder: TempDir,
}

impl Full {
    /// Starts a process and waits until it serves.
    pub(crate) async fn start(database: &str, redis: &RedisServer) -> Self {
        let (database, redis) = (database.to_owned(), redis.url());
        let started = tokio::task::spawn_blocking(move || Self::spawn(&database, &redis));
        started.await.expect("a process that serves")
    }

    fn spawn(database: &str, redis: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let errors = File::create(folder.path().join("stderr")).expect("a file for its errors");
        let mut command = Command::new(example_binary("full"));
        command
            .env("BIND", "127.0.0.1:0")
            .env("SECRET", SECRET)
            .env("DATABASE_URL", database)
            .env("REDIS_URL", redis);
        command
            .env_remove("OIDC_ISSUER")
            .env("USERS_COMPAT", "off")
            .env("LIMITS", "off")
            .current_dir(&folder);
        let mut process = keep(&command, "KILL", Some(folder.path()))
            .stdout(Stdio::piped())
            .stderr(errors)
            .spawn()
            .expect("a process");
        let mut lines = BufReader::new(process.stdout.take().expect("its output"))
            .lines()
            .map_while(Result::ok);
        let url = lines.find_map(|line| line.strip_prefix("Serving on ").map(str::to_owned));
        // What its hooks print has to go somewhere.
        std::thread::spawn(move || lines.for_each(drop));
        let mut full = Self {
            process,
            client: Client::new(url.as_deref().unwrap_or_default()),
            folder,
        };
        assert!(
            url.is_some(),
            "it does not serve: {:?}: {}",
            full.process.wait(),
            full.errors()
        );
        full
    }

    /// A client that presents nothing.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// SIGKILL, which no process can catch.
    pub(crate) fn kill(&mut self) {
        self.process.kill().expect("killed");
        let status = self.process.wait().expect("its end");
        assert_eq!(
            status.code(),
            None,
            "it did not end by itself: {status}: {}",
            self.errors()
        );
    }

    /// It still runs, and nothing in it has panicked.
    pub(crate) fn assert_is_sound(&mut self) {
        let ended = self.process.try_wait().expect("its state");
        let errors = self.errors();
        assert!(
            ended.is_none() && !errors.contains("panicked"),
            "{ended:?}: {errors}"
        );
    }

    fn errors(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("stderr")).expect("what it complained of")
    }
}

impl Drop for Full {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
