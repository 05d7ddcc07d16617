//! Passwords that are typed on a terminal, by means of a pseudo terminal.

use std::io::{Read as _, Write as _};

use pty_process::blocking::{Command, Pty, open};
use rustix::termios::{LocalModes, tcgetattr};
use users_tests::PASSWORD;

use crate::program::Program;

/// Reads until the program has written this.
fn wait_for(terminal: &mut Pty, seen: &mut String, words: &str) {
    let mut byte = [0];
    while !seen.ends_with(words) {
        let read = terminal
            .read(&mut byte)
            .unwrap_or_else(|error| panic!("{error} after {seen:?}"));
        assert_eq!(read, 1, "the program has ended after {seen:?}");
        seen.push(char::from(byte[0]));
    }
}

/// Answers each prompt; the exit status and everything that was on the screen.
fn typed(program: &Program, words: &[&str], answers: &[(&str, &str)]) -> (Option<i32>, String) {
    let (mut terminal, child_side) = open().expect("a pseudo terminal");
    let mut command = Command::new(Program::path())
        .arg("users")
        .args(words)
        .envs(program.environment());
    for name in ["REDIS_URL", "OIDC_ISSUER", "RUST_LOG"] {
        command = command.env_remove(name);
    }
    let mut process = command.spawn(child_side).expect("the program");
    let mut seen = String::new();
    for (prompt, answer) in answers {
        wait_for(&mut terminal, &mut seen, prompt);
        // Whoever types is slower than this.
        while tcgetattr(&terminal)
            .expect("its modes")
            .local_modes
            .contains(LocalModes::ECHO)
        {
            std::thread::yield_now();
        }
        terminal
            .write_all(format!("{answer}\r").as_bytes())
            .expect("somebody who reads");
    }
    let mut rest = Vec::new();
    // Linux says by an error that the other side is gone.
    let _ = terminal.read_to_end(&mut rest);
    seen.push_str(&String::from_utf8_lossy(&rest));
    (process.wait().expect("its status").code(), seen)
}

const CREATE: [&str; 3] = ["create-superuser", "--email", "jo@example.com"];

#[tokio::test]
async fn a_password_is_asked_for_twice_and_never_shown() {
    let program = Program::new();
    let (status, screen) = typed(
        &program,
        &CREATE,
        &[("Password: ", PASSWORD), ("Password (again): ", PASSWORD)],
    );
    assert_eq!(status, Some(0), "{screen}");
    assert!(
        screen.contains("(jo@example.com) is a superuser.") && !screen.contains(PASSWORD),
        "{screen}"
    );
    let server = program.serve();
    server.logged_in("jwt", "jo@example.com", PASSWORD).await;
}

#[test]
fn two_different_passwords_are_refused() {
    let program = Program::new();
    let (status, screen) = typed(
        &program,
        &CREATE,
        &[
            ("Password: ", PASSWORD),
            ("Password (again): ", "correct house"),
        ],
    );
    assert_eq!(status, Some(1), "{screen}");
    assert!(
        screen.contains("error[PASSWORDS_DIFFER]: ") && !screen.contains("correct"),
        "{screen}"
    );
    assert_eq!(program.run(&["list", "--json"], "").out, "");
}

#[test]
fn nobody_is_asked_for_a_password_that_cannot_be_used() {
    let program = Program::new();
    program.create_superuser("jo@example.com");
    let (status, screen) = typed(&program, &CREATE, &[]);
    assert_eq!(status, Some(1), "{screen}");
    assert!(
        screen.contains("error[REGISTER_USER_ALREADY_EXISTS]: ") && !screen.contains("Password"),
        "{screen}"
    );
}
