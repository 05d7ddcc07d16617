//! New passwords: from standard input, judged by the application's policy, and tokens for people who choose one themselves.

use serde_json::json;
use users_tests::PASSWORD;

use crate::program::Program;

#[tokio::test]
async fn a_password_comes_by_standard_input_and_is_judged() {
    let program = Program::new();
    let words = [
        "create-superuser",
        "--email",
        "jo@example.com",
        "--password-stdin",
    ];
    let refused = [
        ("", "PASSWORD_EMPTY", "the password is empty"),
        (
            "xy\n",
            "REGISTER_INVALID_PASSWORD",
            "Password should be at least 3 characters",
        ),
        (
            "my jo@example.com\n",
            "REGISTER_INVALID_PASSWORD",
            "Password should not contain e-mail",
        ),
        (
            "two words\nof a song\n",
            "PASSWORD_HAS_LINES",
            "the password has more than one line",
        ),
    ];
    for (input, code, sentence) in refused {
        let said = program.run(&words, input);
        said.assert_refused(code);
        assert_eq!(said.err, format!("error[{code}]: {sentence}\n"));
    }
    program
        .run(&words[..3], "correct horse\n")
        .assert_refused("PASSWORD_NOT_GIVEN");
    assert_eq!(
        program.run(&["list", "--json"], "").out,
        "",
        "nobody was made"
    );
    assert_eq!(program.run(&words, "correct horse\n").status, 0);
    let server = program.serve();
    server.logged_in("jwt", "jo@example.com", PASSWORD).await;
}

#[tokio::test]
async fn a_new_password_replaces_the_old_one_and_ends_sessions() {
    let program = Program::new();
    program.create_superuser("jo@example.com");
    let server = program.serve();
    let before = server.logged_in("db", "jo@example.com", PASSWORD).await;
    assert_eq!(before.get("/users/me").await.status, 200);
    let words = ["reset-password", "jo@example.com", "--password-stdin"];
    program
        .run(&words, "xy")
        .assert_refused("UPDATE_USER_INVALID_PASSWORD");
    assert_eq!(
        before.get("/users/me").await.status,
        200,
        "a refused password changes nothing"
    );
    let said = program.run(&words, "another horse");
    assert!(
        said.status == 0
            && said
                .out
                .ends_with(" (jo@example.com) has a new password.\n"),
        "{said:?}"
    );
    assert_eq!(before.get("/users/me").await.status, 401);
    assert_eq!(
        server
            .client
            .login("jwt", "jo@example.com", PASSWORD)
            .await
            .status,
        400
    );
    server
        .logged_in("jwt", "jo@example.com", "another horse")
        .await;
}

#[tokio::test]
async fn a_token_is_sent_by_the_applications_hook_before_the_program_ends() {
    let program = Program::new();
    program.create_superuser("jo@example.com");
    let said = program.run(&["reset-password", "jo@example.com", "--send"], "");
    assert!(
        said.status == 0
            && said
                .out
                .ends_with(" (jo@example.com) is sent a token for a new password.\n"),
        "{said:?}"
    );
    let (_, token) = said
        .out
        .lines()
        .next()
        .and_then(|line| line.split_once("Reset token: "))
        .expect("what the hook prints");
    let server = program.serve();
    let reset = server
        .client
        .post(
            "/auth/reset-password",
            &json!({ "token": token, "password": "another horse" }),
        )
        .await;
    assert_eq!(reset.status, 200, "{reset:?}");
    server
        .logged_in("jwt", "jo@example.com", "another horse")
        .await;

    assert_eq!(program.run(&["deactivate", "jo@example.com"], "").status, 0);
    program
        .run(&["reset-password", "jo@example.com", "--send"], "")
        .assert_refused("USER_INACTIVE");
}
