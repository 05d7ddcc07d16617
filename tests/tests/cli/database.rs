//! The database as the operator finds it: examined, and its tables as text.

use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};

use crate::program::Program;

async fn apply(program: &Program, sql: &str) {
    let mut connection = SqliteConnection::connect(&program.database().url())
        .await
        .expect("the database");
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(&mut connection)
        .await
        .expect("valid SQL");
}

#[tokio::test]
async fn a_new_database_is_made_by_its_schema() {
    let program = Program::new();
    let said = program.run(&["doctor"], "");
    assert!(
        said.status == 1
            && said
                .out
                .starts_with("error missing_table: there is no table `user`"),
        "{said:?}"
    );
    let schema = program.run(&["schema"], "");
    assert!(
        schema.status == 0
            && schema
                .out
                .starts_with("CREATE TABLE IF NOT EXISTS \"user\""),
        "{schema:?}"
    );
    assert_eq!(
        program.run(&["migration"], "").out,
        schema.out,
        "the commands about the database change nothing in it"
    );
    apply(&program, &schema.out).await;
    let said = program.run(&["migration"], "");
    assert_eq!(
        (said.status, said.out.as_str(), said.err.as_str()),
        (0, "", "")
    );
    program.run(&["doctor"], "").assert_done("0 findings.");
    let said = program.run(&["doctor", "--json"], "");
    assert_eq!((said.status, said.out.as_str()), (0, ""));
}

#[tokio::test]
async fn the_doctor_fails_when_requests_are_affected() {
    let program = Program::new();
    apply(&program, &program.run(&["schema"], "").out).await;
    let row = |id: u8, email: &str| {
        format!(
            "INSERT INTO \"user\" VALUES ('00000000-0000-4000-8000-00000000000{id}', '{email}', '$6$x', 1, 1, 0, NULL, NULL);"
        )
    };
    apply(&program, &row(1, "jo@example.com")).await;
    let said = program.run(&["doctor", "--json"], "");
    let codes = |out: &str| -> Vec<String> {
        let findings = out
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        findings
            .map(|finding| {
                format!(
                    "{} {} {}",
                    finding["severity"], finding["code"], finding["count"]
                )
            })
            .collect()
    };
    let expected = [
        r#""warning" "unreadable_hashes" 1"#,
        r#""info" "unverified_superusers" 1"#,
    ];
    assert_eq!(
        (said.status, codes(&said.out)),
        (0, expected.map(str::to_owned).to_vec())
    );
    apply(&program, &row(2, "root@localhost")).await;
    let said = program.run(&["doctor", "--json"], "");
    assert!(
        said.status == 0
            && codes(&said.out).contains(&r#""warning" "refused_emails" 1"#.to_owned()),
        "{said:?}"
    );
    apply(
        &program,
        "UPDATE \"user\" SET is_verified = 'perhaps' WHERE email = 'jo@example.com';",
    )
    .await;
    let said = program.run(&["doctor", "--json"], "");
    assert_eq!(
        (said.status, codes(&said.out)[0].as_str()),
        (1, r#""error" "unreadable_users" 1"#)
    );
    assert!(!said.out.contains("localhost"), "{said:?}");
    for words in [&["doctor"][..], &["doctor", "--json"]] {
        assert_eq!(program.run_unheard(words), 1, "as with `head`: {words:?}");
    }
    let mended = "UPDATE \"user\" SET is_verified = 0 WHERE email = 'jo@example.com';";
    apply(&program, mended).await;
    assert_eq!(program.run_unheard(&["list"]), 0);
    // The address can be seen, and so be changed.
    let said = program.run(&["list", "--email", "localhost"], "");
    assert!(
        said.status == 0 && said.out.contains("root@localhost"),
        "{said:?}"
    );
    assert_eq!(program.run(&["show", "root@localhost"], "").status, 0);
}

#[tokio::test]
async fn a_table_that_cannot_be_mended_is_explained() {
    let program = Program::new();
    apply(
        &program,
        "CREATE TABLE \"user\" (id CHAR(36) PRIMARY KEY, email INTEGER NOT NULL)",
    )
    .await;
    let said = program.run(&["migration"], "");
    said.assert_refused("SCHEMA_MISMATCH");
    assert!(
        said.err.contains("\n- column `user.email` is INTEGER"),
        "{said:?}"
    );
}
