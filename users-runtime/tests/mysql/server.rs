//! A private MariaDB.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, Weak},
};

use sqlx::{Connection, MySqlConnection};

#[path = "../shared/server.rs"]
#[allow(
    clippy::duplicate_mod,
    reason = "a suite may start servers of several kinds"
)]
mod any;

use any::Kind;

pub(crate) type Server = any::Server<MariaDb>;

/// A MariaDB with the superuser `root`, who needs no password.
pub(crate) struct MariaDb;

impl Kind for MariaDb {
    const NAME: &'static str = "MariaDB";
    const ACCOUNT: Option<&'static str> = Some("mysql");
    const SIGNAL: &'static str = "TERM";
    const DURABLE: &'static [&'static str] =
        &["--innodb-flush-log-at-trx-commit=1", "--innodb-doublewrite"];

    type Error = sqlx::Error;

    fn set_up(folder: &Path) -> Option<Vec<OsString>> {
        let mut words = vec![
            program("mariadb-install-db").into(),
            "--no-defaults".into(),
            assigned("--datadir", &folder.join("data")),
        ];
        words.push(assigned("--tmpdir", folder));
        words.extend(
            ["--auth-root-authentication-method=normal", "--skip-test-db"].map(OsString::from),
        );
        Some(words)
    }

    fn run(folder: &Path, port: u16) -> Vec<OsString> {
        let mut words = vec![program("mariadbd").into(), "--no-defaults".into()];
        words.extend([
            assigned("--datadir", &folder.join("data")),
            assigned("--socket", &folder.join("socket")),
        ]);
        // A server that starts deletes the temporary tables of all that share its folder for them.
        words.push(assigned("--tmpdir", folder));
        words.extend([
            format!("--port={port}").into(),
            "--bind-address=127.0.0.1".into(),
            "--skip-name-resolve".into(),
        ]);
        words.extend(
            ["--character-set-server=utf8mb4", "--max-connections=300"].map(OsString::from),
        );
        // A million users fit, so that a look-up does not wait for the disk. Memory is taken as it is used.
        words.push("--innodb-buffer-pool-size=1G".into());
        // Nothing has to survive the machine.
        words.extend(
            [
                "--innodb-flush-log-at-trx-commit=0",
                "--skip-innodb-doublewrite",
            ]
            .map(OsString::from),
        );
        words
    }

    fn url(port: u16, database: Option<&str>) -> String {
        format!(
            "mysql://root@127.0.0.1:{port}/{}",
            database.unwrap_or("mysql")
        )
    }

    async fn probe(url: String) -> sqlx::Result<()> {
        let mut session = MySqlConnection::connect(&url).await?;
        sqlx::raw_sql("SELECT 1").execute(&mut session).await?;
        session.close().await
    }
}

/// The server that tests share while any of them runs.
pub(crate) async fn shared() -> Arc<Server> {
    static SHARED: Mutex<Weak<Server>> = Mutex::new(Weak::new());
    Server::shared(&SHARED).await
}

fn assigned(option: &str, path: &Path) -> OsString {
    let mut word = OsString::from(option);
    word.push("=");
    word.push(path);
    word
}

/// A program of MariaDB's; Debian keeps the server itself where only root's path leads.
fn program(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]);
    let known = folders
        .map(|folder| folder.join(name))
        .find(|program| program.is_file());
    known.unwrap_or_else(|| {
        panic!("MariaDB is not installed: there is no `{name}`; `tests/run` installs it")
    })
}
