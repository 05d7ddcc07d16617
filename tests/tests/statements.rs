//! The table of statements in the guide's page about security names tests that exist.

use std::{collections::BTreeSet, fs, path::PathBuf};

const PAGE: &str = include_str!("../../users-runtime/src/docs/security.md");

/// The rows of the table, cell by cell.
fn rows() -> Vec<Vec<&'static str>> {
    let (_, section) = PAGE.split_once("\n## The statements\n").expect("the table");
    let section = section.split("\n## ").next().expect("a section");
    let rows = section.lines().filter(|line| line.starts_with("| "));
    let rows = rows.filter(|line| !line.starts_with("| # |"));
    rows.map(|row| row.trim_matches('|').split(" | ").map(str::trim).collect())
        .collect()
}

/// Whether a test, `path::name` or the path of a case of the compiler, is in the repository.
fn exists(test: &str) -> bool {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let Some((path, name)) = test.split_once("::") else {
        return root.join(test).is_file();
    };
    let path = if path.starts_with("users-runtime/") {
        root.join(path)
    } else {
        root.join("tests/tests").join(path)
    };
    let source = fs::read_to_string(path).unwrap_or_default();
    let Some((before, _)) = source.split_once(&format!("fn {name}(")) else {
        return false;
    };
    let attributes = before.rsplit("\n\n").next().unwrap_or_default();
    attributes.contains("#[test]") || attributes.contains("#[tokio::test")
}

#[test]
fn every_statement_is_in_the_table() {
    let rows = rows();
    let numbers: Vec<_> = rows.iter().map(|row| row[0].to_owned()).collect();
    let expected: Vec<_> = (1..=38).map(|number| number.to_string()).collect();
    assert_eq!(numbers, expected);
    for row in rows {
        assert_eq!(row.len(), 6, "{row:?}");
        assert!(row.iter().all(|cell| !cell.is_empty()), "{row:?}");
    }
}

#[test]
fn every_named_test_exists() {
    let mut named = BTreeSet::new();
    for row in rows() {
        let tests: Vec<_> = row[5].split('`').skip(1).step_by(2).collect();
        let is_open = |cell: &str| cell.starts_with("no");
        assert!(
            !tests.is_empty() || is_open(row[3]) && is_open(row[4]),
            "statement {} is claimed and not proven",
            row[0]
        );
        named.extend(tests);
    }
    let missing: Vec<_> = named.into_iter().filter(|test| !exists(test)).collect();
    assert!(missing.is_empty(), "these tests do not exist: {missing:#?}");
}
