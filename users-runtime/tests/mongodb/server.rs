//! A private SecantusDB.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, Mutex, OnceLock, Weak},
};

use mongodb::{Client, bson::doc};

#[path = "../shared/server.rs"]
#[allow(
    clippy::duplicate_mod,
    reason = "a suite may start servers of several kinds"
)]
mod any;

use any::Kind;

pub(crate) type Server = any::Server<SecantusDb>;

/// A member of a replica set, unless its options say otherwise, to which everybody is the superuser.
pub(crate) struct SecantusDb;

impl Kind for SecantusDb {
    const NAME: &'static str = "SecantusDB";
    const ACCOUNT: Option<&'static str> = None;
    const SIGNAL: &'static str = "TERM";
    const DURABLE: &'static [&'static str] = &["--sync-on-commit"];

    type Error = mongodb::error::Error;

    fn set_up(_: &Path) -> Option<Vec<OsString>> {
        None
    }

    fn run(folder: &Path, port: u16) -> Vec<OsString> {
        let mut words = vec![
            programs().join("secantusd-py").into(),
            "--storage-path".into(),
            folder.join("data").into(),
        ];
        words.extend(["--port".into(), port.to_string().into()]);
        words.extend(["--host", "127.0.0.1", "--log-level", "WARNING"].map(OsString::from));
        words
    }

    fn url(port: u16, database: Option<&str>) -> String {
        format!(
            "mongodb://127.0.0.1:{port}/{}",
            database.unwrap_or_default()
        )
    }

    async fn probe(url: String) -> mongodb::error::Result<()> {
        let client = Client::with_uri_str(url + "?serverSelectionTimeoutMS=200").await?;
        client
            .database("probe")
            .run_command(doc! { "find": "probe" })
            .await
            .map(drop)
    }
}

/// The server that tests share while any of them runs.
pub(crate) async fn shared() -> Arc<Server> {
    static SHARED: Mutex<Weak<Server>> = Mutex::new(Weak::new());
    Server::shared(&SHARED).await
}

/// The folder with Python, the server and the original library, which is made on first use.
pub(crate) fn programs() -> &'static Path {
    static PROGRAMS: OnceLock<PathBuf> = OnceLock::new();
    PROGRAMS.get_or_init(|| {
        let made = Command::new("python3")
            .arg(scripts().join("venv_of_secantusdb.py"))
            .output();
        let made = made.expect("`python3` is not installed; `tests/run` installs it");
        let complaint = String::from_utf8_lossy(&made.stderr);
        assert!(
            made.status.success(),
            "SecantusDB cannot be installed: {complaint}"
        );
        PathBuf::from(String::from_utf8_lossy(&made.stdout).trim())
    })
}

/// The folder with the scripts around the server.
pub(crate) fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/mongodb")
}
