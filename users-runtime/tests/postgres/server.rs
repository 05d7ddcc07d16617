//! A private PostgreSQL.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, Weak},
};

use sqlx::{Connection, PgConnection};

#[path = "../shared/server.rs"]
#[allow(
    clippy::duplicate_mod,
    reason = "a suite may start servers of several kinds"
)]
mod any;

use any::Kind;

pub(crate) type Server = any::Server<Postgres>;

/// A PostgreSQL with the superuser `postgres`, who needs no password.
pub(crate) struct Postgres;

impl Kind for Postgres {
    const NAME: &'static str = "PostgreSQL";
    const ACCOUNT: Option<&'static str> = Some("postgres");
    const SIGNAL: &'static str = "INT";
    const DURABLE: &'static [&'static str] = &["-c", "fsync=on"];

    type Error = sqlx::Error;

    fn set_up(folder: &Path) -> Option<Vec<OsString>> {
        let mut words = vec![
            binaries().join("initdb").into(),
            "-D".into(),
            folder.join("data").into(),
        ];
        words.extend(
            [
                "-A",
                "trust",
                "-U",
                "postgres",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "-N",
            ]
            .map(OsString::from),
        );
        Some(words)
    }

    fn run(folder: &Path, port: u16) -> Vec<OsString> {
        let mut words = vec![
            binaries().join("postgres").into(),
            "-D".into(),
            folder.join("data").into(),
        ];
        words.extend([
            "-k".into(),
            folder.into(),
            "-p".into(),
            port.to_string().into(),
        ]);
        words.extend(
            [
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "fsync=off",
                "-c",
                "max_connections=300",
            ]
            .map(OsString::from),
        );
        words
    }

    fn url(port: u16, database: Option<&str>) -> String {
        format!(
            "postgres://postgres@127.0.0.1:{port}/{}",
            database.unwrap_or("postgres")
        )
    }

    async fn probe(url: String) -> sqlx::Result<()> {
        let mut session = PgConnection::connect(&url).await?;
        sqlx::raw_sql("SELECT 1").execute(&mut session).await?;
        session.close().await
    }
}

/// The server that tests share while any of them runs.
pub(crate) async fn shared() -> Arc<Server> {
    static SHARED: Mutex<Weak<Server>> = Mutex::new(Weak::new());
    Server::shared(&SHARED).await
}

/// The folder with the programs: that of the newest version on the machine.
fn binaries() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let known = std::env::split_paths(&path)
        .chain(versions)
        .filter(|folder| is_complete(folder));
    let version = |folder: &PathBuf| folder.parent()?.file_name()?.to_str()?.parse::<u32>().ok();
    known.max_by_key(version).expect(
        "PostgreSQL is not installed: there is no `initdb` and `postgres`; `tests/run` installs it",
    )
}

fn is_complete(folder: &Path) -> bool {
    ["initdb", "postgres"]
        .iter()
        .all(|name| folder.join(name).is_file())
}
