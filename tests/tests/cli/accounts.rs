//! Superusers are made, users shown, changed and deleted.

use serde_json::{Value, json};
use users_tests::PASSWORD;

use crate::program::Program;

#[tokio::test]
async fn a_created_superuser_logs_in_and_administrates() {
    let program = Program::new();
    let words = [
        "create-superuser",
        "--email",
        "Root@Example.COM",
        "--field",
        "first_name=Ada",
        "--field",
        "last_name=7",
        "--password-stdin",
    ];
    let said = program.run(&words, "correct horse\n");
    assert_eq!(said.status, 0, "{said:?}");
    let last = said.out.lines().last().expect("a line");
    assert!(
        last.ends_with(" (Root@example.com) is a superuser."),
        "{last}"
    );
    assert!(
        said.out.contains(" has registered.\n"),
        "the hooks run: {said:?}"
    );

    let server = program.serve();
    let root = server.logged_in("jwt", "root@example.com", PASSWORD).await;
    let me = root.get("/users/me").await.json();
    let flags = ["is_active", "is_superuser", "is_verified"].map(|flag| me[flag].clone());
    assert_eq!(flags, [true, true, true].map(Value::from));
    assert_eq!(
        (&me["first_name"], &me["last_name"]),
        (&json!("Ada"), &json!("7")),
        "a number is text where the field is"
    );
    let body = json!({ "email": "jo@example.com", "password": PASSWORD });
    let jo = server.client.post("/auth/register", &body).await.json();
    let path = format!("/users/{}", jo["id"].as_str().expect("an id"));
    root.json("PATCH", &path, &json!({ "last_name": "Doe" }))
        .await
        .assert(200, &{
            let mut changed = jo.clone();
            changed["last_name"] = json!("Doe");
            changed
        });
}

#[tokio::test]
async fn an_address_that_somebody_has_is_refused_before_a_password_is_read() {
    let program = Program::new();
    program.create_superuser("jo@example.com");
    let said = program.run(&["create-superuser", "--email", "JO@example.com"], "");
    said.assert_refused("REGISTER_USER_ALREADY_EXISTS");
    assert!(said.err.contains("`promote "), "{said:?}");
}

#[tokio::test]
async fn what_the_schema_refuses_is_told_in_its_words_all_at_once() {
    let program = Program::new();
    let long = format!("first_name={}", "x".repeat(101));
    let said = program.run(
        &[
            "create-superuser",
            "--email",
            "jo",
            "--field",
            &long,
            "--field",
            "last_name=[1]",
        ],
        "",
    );
    said.assert_refused("INVALID_FIELDS");
    let sentences: Vec<_> = said.err.lines().collect();
    assert_eq!(
        sentences,
        [
            "error[INVALID_FIELDS]: email: value is not a valid email address: An email address must have an @-sign.",
            "error[INVALID_FIELDS]: first_name: String should have at most 100 characters",
            "error[INVALID_FIELDS]: last_name: Input should be a valid string",
        ]
    );
    for field in [
        "first_nam=Ada",
        "password=secret",
        "hashed_password=secret",
        "is_superuser=false",
        "email=x",
        "id=1",
    ] {
        let said = program.run(
            &[
                "create-superuser",
                "--email",
                "jo@example.com",
                "--field",
                field,
            ],
            "",
        );
        said.assert_refused("UNKNOWN_FIELD");
        assert!(
            said.err.contains("first_name, last_name") && !said.err.contains("secret"),
            "{said:?}"
        );
    }
    assert_eq!(
        program.run(&["list", "--json"], "").out,
        "",
        "nobody was made"
    );
}

#[tokio::test]
async fn a_user_is_found_by_id_and_by_address_in_whatever_case() {
    let program = Program::new();
    program.create_superuser("jo@example.com");
    let shown: Value =
        serde_json::from_str(&program.run(&["show", "JO@EXAMPLE.COM", "--json"], "").out)
            .expect("JSON");
    let id = shown["id"].as_str().expect("an id");
    let capitals = id.to_uppercase();
    for user in [id, capitals.as_str(), "jo@example.com", "Jo@example.com"] {
        let said = program.run(&["show", user], "");
        let expected = format!(
            "id: {id}\nemail: jo@example.com\nis_active: true\nis_superuser: true\nis_verified: true\nfirst_name: null\nlast_name: null\n"
        );
        assert_eq!((said.status, said.out), (0, expected), "{user}");
    }
    for command in [
        "show",
        "activate",
        "deactivate",
        "verify",
        "promote",
        "demote",
        "reset-password",
        "revoke-sessions",
    ] {
        for user in [
            "al@example.com",
            "7",
            "00000000-0000-4000-8000-000000000000",
            "",
        ] {
            program
                .run(&[command, user], "")
                .assert_refused("USER_NOT_FOUND");
        }
    }
    program
        .run(&["delete", "al@example.com", "--yes"], "")
        .assert_refused("USER_NOT_FOUND");
    let said = program.run(&["show", "\u{1b}[2J"], "");
    said.assert_refused("USER_NOT_FOUND");
    assert!(said.err.contains(r"`\u{1b}[2J`"), "{said:?}");
}

#[tokio::test]
async fn flags_are_set_once_and_told_twice() {
    let program = Program::new();
    let server = program.serve();
    let body = json!({ "email": "jo@example.com", "password": PASSWORD });
    let registered = server.client.post("/auth/register", &body).await.json();
    let named = format!(
        "User {} (jo@example.com) is",
        registered["id"].as_str().expect("an id")
    );
    let steps = [
        ("verify", "is_verified", true, "verified"),
        ("promote", "is_superuser", true, "a superuser"),
        ("demote", "is_superuser", false, "no superuser"),
        ("deactivate", "is_active", false, "not active"),
        ("activate", "is_active", true, "active"),
    ];
    for (command, field, value, adjective) in steps {
        let said = program.run(&[command, "jo@example.com"], "");
        said.assert_done(&format!("{named} {adjective} now."));
        let updated = format!(r#"has been updated with {{"{field}":{value}}}."#);
        assert!(said.out.contains(&updated), "the hook is told: {said:?}");
        let said = program.run(&[command, "jo@example.com"], "");
        assert_eq!(
            (said.status, said.out),
            (0, format!("{named} {adjective} already.\n")),
            "and no hook"
        );
        let shown: Value =
            serde_json::from_str(&program.run(&["show", "jo@example.com", "--json"], "").out)
                .expect("JSON");
        assert_eq!(shown[field], json!(value), "{command}");
    }
}

#[tokio::test]
async fn a_user_is_deleted_when_it_is_meant() {
    let program = Program::new();
    program.create_superuser("jo@example.com");
    let said = program.run(&["delete", "jo@example.com"], "");
    assert!(said.status == 2 && said.err.contains("--yes"), "{said:?}");
    let said = program.run(&["delete", "jo@example.com", "--yes"], "");
    let lines: Vec<_> = said.out.lines().collect();
    assert!(
        matches!(lines[..], [before, after, last]
            if before.ends_with(" is about to be deleted.") && after.ends_with(" has been deleted.")
                && last.ends_with(" (jo@example.com) is deleted.")),
        "{said:?}"
    );
    program
        .run(&["show", "jo@example.com"], "")
        .assert_refused("USER_NOT_FOUND");
}

#[test]
fn arguments_that_make_no_sense_end_with_2() {
    let program = Program::new();
    for words in [
        &["remove"][..],
        &["show"],
        &["create-superuser"],
        &["list", "--limit", "0"],
        &["delete", "1"],
    ] {
        let said = program.run(words, "");
        assert!(
            said.status == 2 && said.out.is_empty() && said.err.starts_with("error: "),
            "{said:?}"
        );
    }
    assert!(!program.database().path().exists(), "nothing was opened");
    let help = program.run(&["create-superuser", "--help"], "");
    assert!(
        help.status == 0
            && help.out.contains("--password-stdin")
            && !help.out.contains("--password "),
        "{help:?}"
    );
}
