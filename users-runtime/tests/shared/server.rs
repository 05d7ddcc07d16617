//! A private server: in a folder of its own, on a port of the loopback interface that is its own, stopped by its process id.

use std::{
    ffi::OsString,
    fmt::Display,
    fs,
    future::Future,
    io::Write as _,
    marker::PhantomData,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, PoisonError, Weak},
    thread::sleep,
    time::{Duration, Instant},
};

#[allow(
    clippy::duplicate_mod,
    reason = "every server that a suite starts has it as its own"
)]
mod keeper;
#[allow(
    clippy::duplicate_mod,
    reason = "every server that a suite starts has it as its own"
)]
mod kill;
#[allow(
    clippy::duplicate_mod,
    reason = "every server that a suite starts has it as its own"
)]
mod port;

/// How long a server may take to start or to stop, on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_mins(5);

/// How long one attempt to ask it may take.
const ATTEMPT: Duration = Duration::from_secs(10);

/// What is particular to one kind of server.
pub(crate) trait Kind: Sized + 'static {
    /// Its name, and what its folder is called after.
    const NAME: &'static str;
    /// The account that it runs under where the tests run as root, if it refuses that.
    const ACCOUNT: Option<&'static str>;
    /// The signal that ends it at once and in order.
    const SIGNAL: &'static str;
    /// The options with which it has stored what it acknowledges.
    const DURABLE: &'static [&'static str];

    /// Why it does not answer.
    type Error: Display;

    /// Makes its data, if it does not do so itself: the program and its arguments.
    fn set_up(folder: &Path) -> Option<Vec<OsString>>;

    /// Runs it: the program and its arguments.
    fn run(folder: &Path, port: u16) -> Vec<OsString>;

    /// The URL of a database, or of the server where none is named.
    fn url(port: u16, database: Option<&str>) -> String;

    /// Asks it something that only a server answers which has started.
    fn probe(url: String) -> impl Future<Output = Result<(), Self::Error>>;
}

/// A server, which goes with the value.
pub(crate) struct Server<K> {
    folder: PathBuf,
    port: port::Port,
    options: &'static [&'static str],
    process: Mutex<Option<Child>>,
    kind: PhantomData<fn() -> K>,
}

impl<K: Kind> Server<K> {
    /// The server that tests share while any of them runs.
    pub(crate) async fn shared(shared: &Mutex<Weak<Self>>) -> Arc<Self> {
        let server = {
            let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
            shared.upgrade().unwrap_or_else(|| {
                let server = Arc::new(Self::new(&[]));
                *shared = Arc::downgrade(&server);
                server
            })
        };
        server.wait().await;
        server
    }

    /// A server of the test's own.
    pub(crate) async fn own() -> Self {
        Self::with(&[]).await
    }

    /// A server of the test's own, with these arguments besides those that every one has.
    pub(crate) async fn with(options: &'static [&'static str]) -> Self {
        let server = Self::new(options);
        server.wait().await;
        server
    }

    /// A server of the test's own that may be killed.
    #[allow(dead_code, reason = "the suite of the deployments kills servers")]
    pub(crate) async fn durable() -> Self {
        Self::with(K::DURABLE).await
    }

    fn new(options: &'static [&'static str]) -> Self {
        let folder = std::env::temp_dir().join(format!(
            "users-{}-{}",
            K::NAME.to_lowercase(),
            uuid::Uuid::new_v4()
        ));
        // Only the account that it runs under may enter.
        let mut install = Command::new("install");
        install.args(["-d", "-m", "700"]);
        if let Some(account) = other_account::<K>() {
            install.args(["-o", account, "-g", account]);
        }
        run::<K>(install.arg(&folder));
        // From here on, whatever fails, the folder is removed.
        let server = Self {
            folder,
            port: port::Port::reserve(),
            options,
            process: Mutex::default(),
            kind: PhantomData,
        };
        if let Some(words) = K::set_up(&server.folder) {
            run::<K>(&mut server.program(words));
        }
        server.start();
        server
    }

    /// A program under the server's account.
    fn program(&self, words: Vec<OsString>) -> Command {
        let as_other = |account| {
            [
                "setpriv".into(),
                format!("--reuid={account}"),
                format!("--regid={account}"),
                "--clear-groups".into(),
            ]
        };
        let changed = other_account::<K>()
            .map(as_other)
            .into_iter()
            .flatten()
            .map(OsString::from);
        let mut words = changed.chain(words);
        let mut command = Command::new(words.next().unwrap_or_default());
        command
            .args(words)
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        command
    }

    /// Starts the server, on the port that it always has.
    pub(crate) fn start(&self) {
        let log = fs::File::create(self.folder.join("log")).expect("a file for the log");
        let mut words = K::run(&self.folder, self.port.number());
        words.extend(self.options.iter().map(OsString::from));
        let mut command = keeper::keep(&self.program(words), K::SIGNAL, Some(&self.folder));
        let child = command.stdout(Stdio::null()).stderr(log).spawn();
        *self.process() =
            Some(child.unwrap_or_else(|error| panic!("{} does not start: {error}", K::NAME)));
    }

    /// Waits until the server answers a statement: one that listens may refuse every session while it is starting up.
    pub(crate) async fn wait(&self) {
        let begun = Instant::now();
        loop {
            let asked = tokio::time::timeout(ATTEMPT, K::probe(self.operator_url())).await;
            let problem = match asked {
                Ok(Ok(())) => return,
                Ok(Err(error)) => error.to_string(),
                Err(error) => error.to_string(),
            };
            let has_ended = self
                .process()
                .as_mut()
                .is_none_or(|child| matches!(child.try_wait(), Ok(Some(_))));
            if has_ended || begun.elapsed() > PATIENCE {
                let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
                panic!("{} did not start: {problem}\n{log}", K::NAME);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// What the server has logged since it was started.
    #[allow(dead_code, reason = "not every suite reads it")]
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).expect("a log")
    }

    /// The URL of a database.
    pub(crate) fn url(&self, database: &str) -> String {
        K::url(self.port.number(), Some(database))
    }

    /// The URL of the server.
    pub(crate) fn operator_url(&self) -> String {
        K::url(self.port.number(), None)
    }
}

impl<K> Server<K> {
    /// Stops the server, whose connections end at once, and waits for its end.
    pub(crate) fn stop(&self) {
        let Some(mut child) = self.process().take() else {
            return;
        };
        // Its folder stays, since it may be started again.
        if let Some(mut stdin) = child.stdin.take() {
            let _ = stdin.write_all(b"\n");
        }
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

    /// Kills the server with all of its processes, as a lack of memory would.
    #[allow(dead_code, reason = "the suite of the deployments kills servers")]
    pub(crate) fn kill(&self) {
        let server = self.process().as_ref().expect("a server that runs").id();
        kill::with_descendants(server);
        self.stop();
    }

    fn process(&self) -> std::sync::MutexGuard<'_, Option<Child>> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K> Drop for Server<K> {
    fn drop(&mut self) {
        self.stop();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The account to change to.
fn other_account<K: Kind>() -> Option<&'static str> {
    use std::os::unix::fs::MetadataExt;
    let is_root = || fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    K::ACCOUNT.filter(|_| is_root())
}

fn run<K: Kind>(command: &mut Command) {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{} cannot be set up: {command:?}: {error}", K::NAME));
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{} cannot be set up: {command:?}: {complaint}",
        K::NAME
    );
}
