//! A private PostgreSQL: in a folder of its own, on a free port of the loopback interface, stopped by its process id.
//!
//! A shell stands between, which ends the server when its standard input does: so it goes even with tests that are killed.

use std::{
    ffi::OsStr,
    fs,
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, PoisonError, Weak},
    thread::sleep,
    time::{Duration, Instant},
};

use sqlx::{Connection, PgConnection};

/// How long a server may take to start or to stop.
const PATIENCE: Duration = Duration::from_secs(30);

/// Runs the server, and shuts it down fast at the end of the standard input. What runs behind `&` has an empty one, so it is kept
/// as another file, which the server does not get.
const KEEPER: &str = "exec 3<&0; \"$@\" 3<&- & server=$!; { read -r _ <&3; kill -INT $server; } 2>/dev/null & wait $server";

/// A server, which goes with the value.
pub(crate) struct Server {
    folder: PathBuf,
    port: u16,
    process: Mutex<Option<Child>>,
}

impl Server {
    /// The server that tests share while any of them runs.
    pub(crate) async fn shared() -> Arc<Self> {
        static SHARED: Mutex<Weak<Server>> = Mutex::new(Weak::new());
        let server = {
            let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
            shared.upgrade().unwrap_or_else(|| {
                let server = Arc::new(Self::new());
                *shared = Arc::downgrade(&server);
                server
            })
        };
        server.wait().await;
        server
    }

    /// A server of the test's own.
    pub(crate) async fn own() -> Self {
        let server = Self::new();
        server.wait().await;
        server
    }

    fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("users-postgres-{}", uuid::Uuid::new_v4()));
        // Only its owner may enter, and the server does not run as root.
        let mut install = Command::new("install");
        install.args(["-d", "-m", "700"]);
        if is_root() {
            install.args(["-o", "postgres", "-g", "postgres"]);
        }
        run(install.arg(&folder));
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|probe| probe.local_addr()).expect("a free port").port();
        // From here on, whatever fails, the folder is removed.
        let server = Self { folder, port, process: Mutex::default() };
        let mut setup = server.program(&[], "initdb");
        setup.arg("-D").arg(server.data());
        run(setup.args(["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "-N"]));
        server.start();
        server
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// A program of PostgreSQL's, after the words that start it; it refuses to run as root.
    fn program(&self, before: &[&str], name: &str) -> Command {
        let as_other = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"];
        let changed = if is_root() { &as_other[..] } else { &[] };
        let program = binaries().join(name);
        let mut words = before.iter().chain(changed).map(OsStr::new).chain([program.as_os_str()]);
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words).current_dir(&self.folder).stdin(Stdio::null()).stdout(Stdio::null());
        command
    }

    /// Starts the server, on the port that it always has.
    pub(crate) fn start(&self) {
        let log = fs::File::create(self.folder.join("log")).expect("a file for the log");
        let mut command = self.program(&["sh", "-c", KEEPER, "keeper"], "postgres");
        command.arg("-D").arg(self.data()).arg("-k").arg(&self.folder).args(["-p", &self.port.to_string()]);
        command.args(["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "max_connections=300"]);
        let child = command.stdin(Stdio::piped()).stderr(log).spawn().expect("PostgreSQL does not start");
        *self.process() = Some(child);
    }

    /// Waits until the server answers.
    pub(crate) async fn wait(&self) {
        let begun = Instant::now();
        loop {
            let error = match PgConnection::connect(&self.url("postgres")).await {
                Ok(connection) => return connection.close().await.expect("a connection that is closed"),
                Err(error) => error,
            };
            let has_ended = self.process().as_mut().is_none_or(|child| matches!(child.try_wait(), Ok(Some(_))));
            if has_ended || begun.elapsed() > PATIENCE {
                let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
                panic!("PostgreSQL did not start: {error}\n{log}");
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Stops the server, whose connections end at once, and waits for its end.
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

    /// The URL of a database.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
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

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

/// The folder with the programs: that of the newest version on the machine.
fn binaries() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let known = std::env::split_paths(&path).chain(versions).filter(|folder| is_complete(folder));
    let version = |folder: &PathBuf| folder.parent()?.file_name()?.to_str()?.parse::<u32>().ok();
    known.max_by_key(version).expect("PostgreSQL is not installed: there is no `initdb` and `postgres`; `tests/run` installs it")
}

fn is_complete(folder: &Path) -> bool {
    ["initdb", "postgres"].iter().all(|name| folder.join(name).is_file())
}

fn run(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("PostgreSQL cannot be set up: {command:?}: {error}"));
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "PostgreSQL cannot be set up: {command:?}: {complaint}");
}
