//! SIGKILL, which no process can catch, to a server and whatever it has started.

use std::{
    fs,
    process::Command,
    thread::sleep,
    time::{Duration, Instant},
};

/// How long processes may take to end that cannot refuse to.
const PATIENCE: Duration = Duration::from_mins(5);

/// Kills a process and everything below it, parents first, and waits for their end.
pub(super) fn with_descendants(ancestor: u32) {
    let processes = running();
    assert!(
        processes.iter().any(|process| process.id == ancestor),
        "nothing runs"
    );
    let mut doomed = vec![ancestor];
    for next in 0.. {
        let Some(parent) = doomed.get(next).copied() else {
            break;
        };
        doomed.extend(
            processes
                .iter()
                .filter(|process| process.parent == parent)
                .map(|process| process.id),
        );
    }
    // One that has ended by itself since cannot be killed.
    let _ = Command::new("kill")
        .arg("-KILL")
        .args(doomed.iter().map(u32::to_string))
        .output()
        .expect("the command `kill`");
    let begun = Instant::now();
    while running().iter().any(|process| doomed.contains(&process.id)) {
        assert!(begun.elapsed() < PATIENCE, "{doomed:?} do not end");
        sleep(Duration::from_millis(5));
    }
}

struct Process {
    id: u32,
    parent: u32,
}

/// All processes but those that have ended and are not asked how.
fn running() -> Vec<Process> {
    let entries = fs::read_dir("/proc")
        .expect("the list of processes")
        .flatten();
    entries
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter_map(process)
        .collect()
}

fn process(id: u32) -> Option<Process> {
    // The name before may have spaces and parentheses.
    let line = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let (_, facts) = line.rsplit_once(')')?;
    let mut facts = facts.split_whitespace();
    let state = facts.next()?;
    let parent = facts.next()?.parse().ok()?;
    (!matches!(state, "Z" | "X")).then_some(Process { id, parent })
}
