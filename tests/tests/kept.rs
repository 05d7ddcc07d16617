//! Programs that are kept go with whoever has started them, and ports belong to one suite at a time.

use std::{
    env, fs,
    io::{BufRead as _, BufReader, Write as _},
    os::unix::process::ExitStatusExt as _,
    process::{Child, Command, Stdio},
};

use users_tests::{keep, until};

#[path = "../../users-runtime/tests/shared/port.rs"]
mod port;

use port::Port;

/// Tells the process that is killed which folder is its.
const FOLDER: &str = "USERS_TEST_KEPT_FOLDER";

/// A program that says its id and does not end by itself.
fn program() -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", "echo; echo kept $$; exec sleep 1000"]);
    command
}

/// Not a test of its own: what the other test starts and kills.
#[test]
#[ignore = "started by another test"]
#[expect(
    clippy::zombie_processes,
    reason = "to wait would close the pipe by which the program is kept"
)]
fn keeps_a_program_until_it_is_killed() {
    let Some(folder) = env::var_os(FOLDER) else {
        return;
    };
    let _kept = keep(&program(), "TERM", Some(folder.as_ref()))
        .spawn()
        .expect("a shell");
    loop {
        std::thread::park();
    }
}

/// The id that the program has said.
fn said(process: &mut Child) -> u32 {
    let lines = BufReader::new(process.stdout.take().expect("its output")).lines();
    lines
        .map_while(Result::ok)
        .find_map(|line| line.strip_prefix("kept ")?.parse().ok())
        .expect("an id")
}

/// Whether a process is there and has not ended.
fn is_running(id: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    status
        .rsplit_once(") ")
        .is_some_and(|(_, facts)| !facts.starts_with(['Z', 'X']))
}

#[tokio::test]
async fn a_program_and_its_folder_go_with_a_process_that_is_killed() {
    let folder = tempfile::tempdir().expect("a temporary folder").keep();
    let mut holder = Command::new(env::current_exe().expect("this test"))
        .args(["--exact", "keeps_a_program_until_it_is_killed"])
        .args(["--ignored", "--nocapture"])
        .env(FOLDER, &folder)
        .stdout(Stdio::piped())
        .spawn()
        .expect("a process");
    let program = said(&mut holder);
    assert!(is_running(program) && folder.exists());
    holder.kill().expect("killed");
    holder.wait().expect("its end");
    until("the program has ended", || {
        (!is_running(program)).then_some(())
    })
    .await;
    until("the folder is removed", || (!folder.exists()).then_some(())).await;
}

#[tokio::test]
async fn a_line_ends_the_program_in_order_and_keeps_the_folder() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut process = keep(&program(), "INT", Some(folder.path()))
        .stdout(Stdio::piped())
        .spawn()
        .expect("a shell");
    assert_eq!(said(&mut process), process.id(), "the id is the program's");
    let stdin = process.stdin.as_mut().expect("its keeper");
    stdin.write_all(b"\n").expect("its keeper");
    let status = until("its end", || process.try_wait().expect("its status")).await;
    assert_eq!(status.signal(), Some(2), "{status}");
    assert!(folder.path().exists());
}

#[test]
fn a_port_is_taken_for_every_suite_until_it_is_given_back() {
    use std::os::{
        linux::net::SocketAddrExt as _,
        unix::net::{SocketAddr, UnixDatagram},
    };

    let port = Port::reserve();
    let name = format!("users-tests-port-{}", port.number());
    let name = SocketAddr::from_abstract_name(name).expect("a name");
    UnixDatagram::bind_addr(&name).expect_err("the port is taken");
    assert_ne!(Port::reserve().number(), port.number());
    drop(port);
    UnixDatagram::bind_addr(&name).expect("the port is free");
}
