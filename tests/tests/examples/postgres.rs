//! The example on PostgreSQL: from an empty database to a served one, and what it says about a database that is not in order.

use std::{
    path::PathBuf,
    process::{Command, Output},
    sync::{Arc, LazyLock},
};

use serde_json::json;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use users_tests::example_binary;

use crate::{
    Example, logged_in,
    server::{self, Server},
};

/// The example's program.
static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| example_binary("postgres"));

/// The program and a database of its own.
struct Program {
    database: String,
    connection: PgConnection,
    _server: Arc<Server>,
}

impl Program {
    async fn new() -> Self {
        let server = server::shared().await;
        let name = format!("example_{}", uuid::Uuid::new_v4().simple());
        let mut connection = PgConnection::connect(&server.url("postgres"))
            .await
            .expect("a connection");
        let sql = AssertSqlSafe(format!("CREATE DATABASE {name}"));
        sqlx::raw_sql(sql)
            .execute(&mut connection)
            .await
            .expect("a database");
        let database = server.url(&name);
        let connection = PgConnection::connect(&database)
            .await
            .expect("a connection");
        Self {
            database,
            connection,
            _server: server,
        }
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&*PROGRAM);
        command
            .env("DATABASE_URL", &self.database)
            .env("BIND", "127.0.0.1:0");
        command
    }

    fn run(&self, words: &[&str]) -> (Option<i32>, String, String) {
        let Output {
            status,
            stdout,
            stderr,
        } = self.command().args(words).output().expect("the example");
        let [said, complained] =
            [stdout, stderr].map(|bytes| String::from_utf8(bytes).expect("text"));
        (status.code(), said, complained)
    }

    /// Runs a migration as a tool does: the whole text in one transaction.
    async fn apply(&mut self, sql: String) {
        let mut transaction = self.connection.begin().await.expect("a transaction");
        sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&mut *transaction)
            .await
            .expect("valid SQL");
        transaction.commit().await.expect("a commit");
    }
}

async fn serves(program: &Program) {
    let example = Example::start_as(program.command());
    let body = json!({ "email": "jo@example.com", "password": "correct horse", "name": "Jo" });
    let registered = example.client.post("/auth/register", &body).await;
    assert_eq!(registered.status, 201, "{registered:?}");
    let jo = logged_in(
        &example.client,
        "/auth/jwt/login",
        "jo@example.com",
        "correct horse",
    )
    .await;
    assert_eq!(jo.get("/users/me").await.json(), registered.json());
    assert_eq!(jo.get("/hello").await.text, "Hello Jo!\n");
}

#[tokio::test]
async fn a_new_database_is_made_by_its_schema_and_served() {
    let mut program = Program::new().await;
    let (status, _, complaint) = program.run(&[]);
    assert_eq!(status, Some(2), "it serves without tables");
    assert!(
        complaint.contains("there is no table `user`")
            && complaint.contains("`postgres migration > "),
        "{complaint}"
    );

    let (status, schema, complaint) = program.run(&["schema"]);
    assert_eq!((status, complaint.as_str()), (Some(0), ""));
    assert!(
        schema.starts_with("CREATE TABLE IF NOT EXISTS \"user\""),
        "{schema}"
    );
    assert_eq!(
        program.run(&["migration"]).1,
        schema,
        "everything is pending"
    );
    program.apply(schema).await;
    assert_eq!(
        program.run(&["migration"]),
        (Some(0), String::new(), String::new())
    );
    serves(&program).await;
    assert_eq!(
        program.run(&["doctor"]),
        (Some(0), "0 findings.\n".to_owned(), String::new())
    );
}

#[tokio::test]
async fn a_table_without_a_field_is_refused_until_its_migration_has_run() {
    let mut program = Program::new().await;
    let (_, schema, _) = program.run(&["schema"]);
    let before = schema.replace(",\n\t\"name\" VARCHAR(100)", "");
    assert_ne!(before, schema);
    program.apply(before).await;
    let (status, _, complaint) = program.run(&[]);
    assert!(
        status == Some(2) && complaint.contains("table `user` has no column `name`"),
        "{complaint}"
    );
    let (status, said, _) = program.run(&["doctor"]);
    assert_eq!(status, Some(1), "{said}");
    assert!(
        said.starts_with("error missing_column: ") && said.ends_with("1 findings.\n"),
        "{said}"
    );

    let (status, migration, _) = program.run(&["migration"]);
    assert_eq!(
        (status, migration.as_str()),
        (
            Some(0),
            "ALTER TABLE \"user\" ADD COLUMN \"name\" VARCHAR(100);\n"
        )
    );
    program.apply(migration).await;
    serves(&program).await;
}

#[tokio::test]
async fn the_doctor_tells_errors_from_what_is_worth_knowing() {
    let mut program = Program::new().await;
    program.apply(program.run(&["schema"]).1).await;
    let insert = |id: u8, email: &str| {
        format!(
            "INSERT INTO \"user\" VALUES ('00000000-0000-4000-8000-00000000000{id}', '{email}', '$6$x', TRUE, TRUE, FALSE);"
        )
    };
    program.apply(insert(1, "jo@example.com")).await;
    let (status, said, _) = program.run(&["doctor"]);
    assert_eq!(status, Some(0), "{said}");
    let codes = said
        .lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(code, _)| code)
        .collect::<Vec<_>>();
    assert_eq!(
        codes,
        ["warning unreadable_hashes", "info unverified_superusers"]
    );

    program.apply(insert(2, "root@localhost")).await;
    let (status, said, _) = program.run(&["doctor"]);
    assert!(
        status == Some(0) && said.contains("warning refused_emails: "),
        "{said}"
    );
    assert!(
        said.contains("00000000-0000-4000-8000-000000000002") && !said.contains("localhost"),
        "{said}"
    );
}

#[tokio::test]
async fn a_word_that_is_none_and_a_missing_url_are_explained() {
    let program = Program::new().await;
    let (status, _, complaint) = program.run(&["schemas"]);
    assert!(
        status == Some(2) && complaint.contains("a similar subcommand exists: 'schema'"),
        "{complaint}"
    );
    let (status, said, _) = program.run(&["help"]);
    assert!(
        status == Some(0) && said.contains("migration") && said.contains("doctor"),
        "{said}"
    );
    let output = Command::new(&*PROGRAM)
        .env_remove("DATABASE_URL")
        .output()
        .expect("the example");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.code() == Some(2) && complaint.contains("set DATABASE_URL"),
        "{complaint}"
    );
}

#[test]
fn the_example_is_short() {
    let lines = include_str!("../../../examples/postgres/src/main.rs")
        .lines()
        .count();
    assert!(lines <= 90, "{lines} lines");
}
