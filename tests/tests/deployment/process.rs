//! An example in a process of its own.

use std::{
    fs::File,
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;
use users_tests::{Client, SECRET, example_binary, keep};

/// What examples read from the environment, none of which comes from that of the tests.
pub(crate) const VARIABLES: [&str; 8] = [
    "BASE_URL",
    "LIMITS",
    "OIDC_ISSUER",
    "REDIS_URL",
    "RUST_LOG",
    "SMTP_URL",
    "TRUSTED_PROXIES",
    "USERS_COMPAT",
];

/// A running example, which ends with this value.
pub(crate) struct Process {
    child: Child,
    client: Client,
    url: String,
    folder: TempDir,
}

impl Process {
    /// Starts a process and waits until it serves.
    pub(crate) async fn start(
        example: &'static str,
        environment: Vec<(&'static str, String)>,
    ) -> Self {
        let started = tokio::task::spawn_blocking(move || Self::spawn(example, environment));
        started.await.expect("a process that serves")
    }

    fn spawn(example: &str, environment: Vec<(&'static str, String)>) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let errors = File::create(folder.path().join("stderr")).expect("a file for its errors");
        let mut command = Command::new(example_binary(example));
        for variable in VARIABLES {
            command.env_remove(variable);
        }
        command
            .env("BIND", "127.0.0.1:0")
            .env("SECRET", SECRET)
            .envs(environment)
            .current_dir(&folder);
        let mut child = keep(&command, "KILL", Some(folder.path()))
            .stdout(Stdio::piped())
            .stderr(errors)
            .spawn()
            .expect("a process");
        let mut lines = BufReader::new(child.stdout.take().expect("its output"))
            .lines()
            .map_while(Result::ok);
        let url = lines.find_map(|line| line.strip_prefix("Serving on ").map(str::to_owned));
        // What its hooks print has to go somewhere.
        std::thread::spawn(move || lines.for_each(drop));
        let is_serving = url.is_some();
        let url = url.unwrap_or_default();
        let mut started = Self {
            child,
            client: Client::new(&url),
            url,
            folder,
        };
        assert!(
            is_serving,
            "it does not serve: {:?}: {}",
            started.child.wait(),
            started.errors()
        );
        started
    }

    /// A client that presents nothing.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Where it serves.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// SIGKILL, which no process can catch.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("killed");
        let status = self.child.wait().expect("its end");
        assert_eq!(
            status.code(),
            None,
            "it did not end by itself: {status}: {}",
            self.errors()
        );
    }

    /// It still runs, and nothing in it has panicked.
    pub(crate) fn assert_is_sound(&mut self) {
        let ended = self.child.try_wait().expect("its state");
        let errors = self.errors();
        assert!(
            ended.is_none() && !errors.contains("panicked"),
            "{ended:?}: {errors}"
        );
    }

    /// What it has written to stderr, where its log goes.
    pub(crate) fn errors(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("stderr")).expect("what it complained of")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
