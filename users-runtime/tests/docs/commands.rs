//! The page for operators: every command and every code is told.

use std::{fs, path::Path};

#[test]
fn every_command_and_every_code_of_the_command_line_is_told() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let page = fs::read_to_string(root.join("docs/operators.md")).expect("the page for operators");
    let mut told = 0;
    for entry in fs::read_dir(root.join("cli")).expect("the command line") {
        let source = fs::read_to_string(entry.expect("a file").path()).expect("a source");
        let program = source.split("#[cfg(test)]").next().unwrap_or_default();
        let is_code = |text: &&str| {
            text.contains('_')
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_uppercase() || byte == b'_')
        };
        let commands = program
            .lines()
            .filter_map(|line| {
                line.trim_start()
                    .strip_prefix("Self::")?
                    .split_once(" => \"")
            })
            .map(|(_, name)| name);
        let commands = commands.filter_map(|name| name.strip_suffix("\","));
        for name in program.split('"').filter(is_code).chain(commands) {
            assert!(
                page.contains(&format!("`{name}`")) || page.contains(&format!("`{name} ")),
                "src/docs/operators.md lacks `{name}`"
            );
            told += 1;
        }
    }
    assert!(told > 30, "only {told} commands and codes were found");
}
