//! A private SecantusDB: on a free port of the loopback interface, stopped by its process id.
//!
//! A shell stands between, which ends the server when its standard input does: so it goes even with tests that are killed.

use std::{
    fs,
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, OnceLock, PoisonError, Weak},
    thread::sleep,
    time::{Duration, Instant},
};

use mongodb::{Client, bson::doc};

#[path = "../shared/kill.rs"]
#[allow(clippy::duplicate_mod, reason = "every server that a suite starts has it as its own")]
mod kill;

/// How long a server may take to start or to stop.
const PATIENCE: Duration = Duration::from_secs(30);

/// Runs the server, and ends it at the end of the standard input. What runs behind `&` has an empty one, so it is kept as another
/// file, which the server does not get.
const KEEPER: &str = "exec 3<&0; \"$@\" 3<&- & server=$!; { read -r _ <&3; kill -TERM $server; } 2>/dev/null & wait $server";

/// A server, which goes with the value.
pub(crate) struct Server {
    folder: PathBuf,
    port: u16,
    options: &'static [&'static str],
    process: Mutex<Option<Child>>,
}

impl Server {
    /// The server that tests share while any of them runs.
    pub(crate) async fn shared() -> Arc<Self> {
        static SHARED: Mutex<Weak<Server>> = Mutex::new(Weak::new());
        let server = {
            let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
            shared.upgrade().unwrap_or_else(|| {
                let server = Arc::new(Self::new(&[]));
                *shared = Arc::downgrade(&server);
                server
            })
        };
        server.wait().await;
        server
    }

    /// A server of the test's own, with these options besides those that every one has.
    pub(crate) async fn own(options: &'static [&'static str]) -> Self {
        let server = Self::new(options);
        server.wait().await;
        server
    }

    fn new(options: &'static [&'static str]) -> Self {
        let folder = std::env::temp_dir().join(format!("users-mongodb-{}", uuid::Uuid::new_v4()));
        fs::create_dir(&folder).expect("a folder");
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|probe| probe.local_addr()).expect("a free port").port();
        let server = Self { folder, port, options, process: Mutex::default() };
        server.start();
        server
    }

    /// Starts the server, on the port and with the data that it always has.
    pub(crate) fn start(&self) {
        let log = fs::File::create(self.folder.join("log")).expect("a file for the log");
        let mut command = Command::new("sh");
        command.args(["-c", KEEPER, "keeper"]).arg(programs().join("secantusd-py"));
        command.args(["--host", "127.0.0.1", "--port", &self.port.to_string(), "--log-level", "WARNING", "--storage-path"]);
        command.arg(self.folder.join("data")).args(self.options).current_dir(&self.folder);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(log);
        *self.process() = Some(command.spawn().expect("SecantusDB does not start"));
    }

    /// Waits until the server answers.
    pub(crate) async fn wait(&self) {
        let begun = Instant::now();
        loop {
            let client = Client::with_uri_str(self.url("admin?serverSelectionTimeoutMS=200")).await.expect("a client");
            let Err(error) = client.database("admin").run_command(doc! { "ping": 1 }).await else { return };
            let has_ended = self.process().as_mut().is_none_or(|child| matches!(child.try_wait(), Ok(Some(_))));
            if has_ended || begun.elapsed() > PATIENCE {
                let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
                panic!("SecantusDB did not start: {error}\n{log}");
            }
        }
    }

    /// Stops the server and waits for its end.
    pub(crate) fn stop(&self) {
        let Some(mut child) = self.process().take() else { return };
        drop(child.stdin.take());
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            match child.try_wait() {
                Ok(None) => sleep(Duration::from_millis(5)),
                _ => return,
            }
        }
        let _ = child.kill();
        let _ = child.wait();
    }

    /// Kills the server, as a lack of memory would.
    #[allow(dead_code, reason = "the suite of the deployments kills servers")]
    pub(crate) fn kill(&self) {
        let keeper = self.process().as_ref().expect("a server that runs").id();
        kill::descendants(keeper);
        self.stop();
    }

    /// The URL of a database.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("mongodb://127.0.0.1:{}/{database}", self.port)
    }

    fn process(&self) -> std::sync::MutexGuard<'_, Option<Child>> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The folder with Python, the server and the original library, which is made on first use.
pub(crate) fn programs() -> &'static Path {
    static PROGRAMS: OnceLock<PathBuf> = OnceLock::new();
    PROGRAMS.get_or_init(|| {
        let made = Command::new("python3").arg(scripts().join("venv_of_secantusdb.py")).output();
        let made = made.expect("`python3` is not installed; `tests/run` installs it");
        let complaint = String::from_utf8_lossy(&made.stderr);
        assert!(made.status.success(), "SecantusDB cannot be installed: {complaint}");
        PathBuf::from(String::from_utf8_lossy(&made.stdout).trim())
    })
}

/// The folder with the scripts around the server.
pub(crate) fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/mongodb")
}
