//! `PgBouncer` in between, which gives a connection to a transaction: two processes take turns on one.

use std::{
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    process::{Child, Command, Stdio},
    str::FromStr as _,
};

use sqlx::{Connection as _, PgConnection, postgres::PgConnectOptions};
use users_runtime::{
    UserModel as _,
    store::{
        AccessToken, AccessTokenStore as _, Administration as _, PostgresStore, UserStore as _,
    },
};

use crate::support::{User, empty, user};

/// A `PgBouncer` with one connection to a server, which goes with the value.
struct Pooler {
    process: Child,
    port: u16,
    folder: std::path::PathBuf,
}

impl Pooler {
    async fn before(server_port: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("users-pooler-{}", uuid::Uuid::new_v4()));
        fs::create_dir(&folder).expect("a folder");
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .and_then(|probe| probe.local_addr())
            .expect("a free port")
            .port();
        let file = folder.join("pgbouncer.ini");
        let text = format!(
            "[databases]\n* = host=127.0.0.1 port={server_port} user=postgres\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
             listen_port = {port}\nunix_socket_dir =\nauth_type = any\npool_mode = transaction\ndefault_pool_size = 1\n"
        );
        fs::write(&file, text).expect("a configuration");
        for path in [&folder, &file] {
            let everybody = fs::Permissions::from_mode(0o755);
            fs::set_permissions(path, everybody).expect("permissions");
        }
        let is_root = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
        let mut command = Command::new("pgbouncer");
        if is_root {
            command.args(["-u", "postgres"]);
        }
        let process = command
            .arg(&file)
            .env("PATH", "/usr/sbin:/usr/bin:/bin")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("PgBouncer is not installed; `tests/run` installs it");
        let mut pooler = Self {
            process,
            port,
            folder,
        };
        pooler.wait().await;
        pooler
    }

    async fn wait(&mut self) {
        // A start-up parameter that PgBouncer refuses.
        let options = PgConnectOptions::from_str(&self.url("postgres"))
            .expect("a URL")
            .extra_float_digits(None);
        while PgConnection::connect_with(&options).await.is_err() {
            let ended = self.process.try_wait().expect("a process");
            assert!(ended.is_none(), "PgBouncer did not start: {ended:?}");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

async fn uses(store: &PostgresStore<User>, process: u32) {
    for number in 0..10 {
        let email = format!("user{number}@{process}.example.com");
        let new = user(store, &email).await;
        let found = store.find_by_email(&email).await.expect("an answer");
        let id = new.account().id.clone();
        assert_eq!(
            found.map(|found| found.account().id.clone()),
            Some(id.clone())
        );
        let token = AccessToken {
            token: format!("$token-{process}-{number}"),
            user_id: id.clone(),
            created_at: chrono::Utc::now(),
        };
        store.insert_token(token).await.expect("a session");
        if number % 2 == 0 {
            store.delete(&id).await.expect("deleted");
        }
        assert_eq!(
            store.find(&id).await.expect("an answer").is_some(),
            number % 2 == 1
        );
    }
}

#[tokio::test]
async fn processes_take_turns_on_a_connection() {
    let database = empty::<User>().await;
    let (server, name) = database.url.rsplit_once('/').expect("a URL");
    let (_, port) = server.rsplit_once(':').expect("a port");
    let pooler = Pooler::before(port).await;
    let url = pooler.url(name) + "?statement-cache-capacity=0";
    let mut stores = Vec::new();
    for _ in 0..2 {
        let store = PostgresStore::<User>::connect(&url)
            .await
            .expect("a pooler");
        store.migrate().await.expect("tables");
        store.check().await.expect("tables that fit");
        stores.push(store);
    }
    tokio::join!(uses(&stores[0], 1), uses(&stores[1], 2));
    let pool = stores[0].pool().clone();
    let third = PostgresStore::<User>::new(pool).transaction_pooling();
    uses(&third, 3).await;
    assert_eq!(third.doctor().await.expect("an answer")[0].count, 15);
}
