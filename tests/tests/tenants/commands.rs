//! The command line, with `--tenant`.

use clap::Parser;
use users_runtime::cli;
use users_tests::{Database, PASSWORD};

use crate::system::{Member, System};

#[derive(Parser)]
struct Program {
    #[command(subcommand)]
    command: cli::Command,
}

/// Runs a command, and returns what it printed: its answer and its error.
async fn run(system: &System, line: &str) -> (String, String) {
    let words = ["app"].into_iter().chain(line.split_whitespace());
    let program = Program::try_parse_from(words).expect("a command");
    let (mut said, mut complained) = (Vec::new(), Vec::new());
    let input = format!("{PASSWORD}\n");
    let mut io = cli::Io::new(input.as_bytes(), &mut said, &mut complained);
    program.command.run(&system.users, &mut io).await;
    drop(io);
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (text(said), text(complained))
}

#[tokio::test]
async fn commands_name_a_tenant() {
    let database = Database::new();
    let system = System::start(database.store::<Member>().await).await;
    let create = "create-superuser --email root@example.com --password-stdin";
    for tenant in ["acme", "globex"] {
        let (said, complained) = run(&system, &format!("{create} --tenant {tenant}")).await;
        assert!(said.contains("is a superuser."), "{said}{complained}");
    }
    let (_, again) = run(&system, &format!("{create} --tenant acme")).await;
    assert!(
        again.starts_with("error[REGISTER_USER_ALREADY_EXISTS]"),
        "{again}"
    );
    let (_, without) = run(&system, create).await;
    assert!(without.contains("`--tenant`"), "{without}");

    let acme = system.users.in_tenant(&"acme".to_owned());
    let root = acme
        .find_by_email("root@example.com")
        .await
        .expect("an answer");
    let root = root.expect("the user").id;
    let (said, _) = run(&system, "show ROOT@example.com --tenant acme --json").await;
    assert!(said.contains(&root.to_string()), "{said}");
    let (said, _) = run(&system, &format!("show {root} --json")).await;
    assert!(said.contains("\"workspace\":\"acme\""), "{said}");
    let (_, hidden) = run(&system, &format!("show {root} --tenant globex")).await;
    assert!(hidden.starts_with("error[USER_NOT_FOUND]"), "{hidden}");
    let (_, unknown) = run(&system, "show root@example.com").await;
    assert!(unknown.contains("add `--tenant`"), "{unknown}");

    let count = async |line: &str| run(&system, line).await.0.lines().count();
    assert_eq!(count("list --json").await, 2);
    assert_eq!(count("list --json --tenant acme").await, 1);
    assert_eq!(count("list --json --tenant initech").await, 0);
    let long = "x".repeat(64);
    let (_, invalid) = run(&system, &format!("list --tenant {long}")).await;
    assert!(invalid.starts_with("error[INVALID_TENANT]"), "{invalid}");

    let (said, complained) = run(&system, "delete root@example.com --tenant globex --yes").await;
    assert!(complained.is_empty(), "{said}{complained}");
    assert_eq!(count("list --json").await, 1);
}
