//! Programs that do not survive the tests, however those end.

use std::{
    path::Path,
    process::{Command, Stdio},
};

/// The shell becomes the program, so that their ids are the same. What it has started before waits for the end of the standard input,
/// which comes with the tests' own end if not before; signals the program, and makes sure that it ends; and removes its folder, unless a
/// line came first. It does nothing to a program that has ended, for then it has another parent.
const KEEPER: &str = r#"
exec 3<&0 0</dev/null
program=$$
runs() { read -r _ _ _ parent _ </proc/self/stat && [ "$parent" = "$program" ]; }
{
    trap '' HUP INT TERM
    read -r _ <&3
    is_orphaned=$?
    runs && kill "-$0" "$program"
    turns=0
    while runs; do
        turns=$((turns + 1))
        [ "$turns" -lt 600 ] || kill -KILL "$program"
        sleep 0.05
    done
    [ "$is_orphaned" = 0 ] || [ -z "$1" ] || rm -rf -- "$1"
} >/dev/null 2>&1 &
shift
exec "$@" 3<&-
"#;

/// Runs the same program with the same arguments, environment and folder, but such that this signal ends it when the standard input of
/// its [`Child`](std::process::Child) is closed; so it goes even with tests that are killed, and `folder` with it. A line that is
/// written to that input before keeps the folder.
#[allow(
    unreachable_pub,
    reason = "the crate of the suites over HTTP exports it"
)]
pub fn keep(program: &Command, signal: &str, folder: Option<&Path>) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", KEEPER, signal]);
    command.arg(folder.unwrap_or(Path::new("")));
    command.arg(program.get_program()).args(program.get_args());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    if let Some(folder) = program.get_current_dir() {
        command.current_dir(folder);
    }
    command.stdin(Stdio::piped());
    command
}
