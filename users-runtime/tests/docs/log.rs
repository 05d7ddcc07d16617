//! The page about deployment: every message and every span of the log is told.

use std::collections::BTreeSet;

use crate::sources::sources;

/// The last text of a call, which begins behind its bracket.
fn last_text(call: &str) -> Option<&str> {
    let (mut depth, mut text, mut last) = (1, None, None);
    for (position, letter) in call.char_indices() {
        match (text, letter) {
            (None, '(') => depth += 1,
            (None, ')') => depth -= 1,
            (None, '"') => text = Some(position + 1),
            (Some(start), '"') => {
                last = Some(&call[start..position]);
                text = None;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    last
}

/// The texts of the crate's log, each with its level, and the names of its spans.
fn logged() -> (BTreeSet<(String, String)>, BTreeSet<String>) {
    let (mut messages, mut spans) = (BTreeSet::new(), BTreeSet::new());
    for (path, source) in sources("") {
        for call in source.split("tracing::").skip(1) {
            for level in ["error", "warn", "info", "debug", "trace"] {
                if let Some(call) = call.strip_prefix(&format!("{level}!(")) {
                    let text = last_text(call).unwrap_or_else(|| {
                        panic!("{}: no message in `{call:.80}`", path.display())
                    });
                    messages.insert((level.to_owned(), text.to_owned()));
                }
            }
            if let Some(call) = call.strip_prefix("instrument(") {
                let name = call
                    .strip_prefix("name = \"")
                    .and_then(|rest| rest.split('"').next());
                spans.insert(
                    name.unwrap_or_else(|| panic!("{}: a span without a name", path.display()))
                        .to_owned(),
                );
            }
        }
    }
    (messages, spans)
}

/// What a text has in code.
fn codes(text: &str) -> BTreeSet<String> {
    text.split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

/// The messages that the section's table tells of, each with its level.
fn told(section: &str) -> BTreeSet<(String, String)> {
    let rows = section
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` | "));
    let rows = rows.map(|(level, rest)| {
        let cell = rest.rsplit_once(" | ");
        (level, cell.map_or(rest, |(messages, _)| messages))
    });
    rows.flat_map(|(level, cell)| {
        codes(cell)
            .into_iter()
            .map(move |text| (level.to_owned(), text))
    })
    .collect()
}

#[test]
fn every_message_of_the_log_is_told() {
    let page = include_str!("../../src/docs/deployment.md");
    let (_, section) = page
        .split_once("\n## Logs\n")
        .expect("the section about logs");
    let section = section.split("\n## ").next().unwrap_or_default();
    let told = told(section);
    let (messages, spans) = logged();
    assert!(
        messages.len() > 20 && spans.len() > 5,
        "{messages:?} {spans:?}"
    );
    let missing: Vec<_> = messages.difference(&told).collect();
    assert!(
        missing.is_empty(),
        "the table of messages in src/docs/deployment.md lacks {missing:?}"
    );
    let gone: Vec<_> = told.difference(&messages).collect();
    assert!(
        gone.is_empty(),
        "the table of messages in src/docs/deployment.md has {gone:?}, which nothing says"
    );
    let line = section
        .lines()
        .find(|line| line.starts_with("Spans: "))
        .expect("the spans");
    assert_eq!(
        codes(line.split(". ").next().unwrap_or_default()),
        spans,
        "the spans in src/docs/deployment.md, and those that there are"
    );
}
