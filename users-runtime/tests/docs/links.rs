//! Every link to a heading leads there.

use std::{collections::BTreeSet, fs, path::Path};

/// The name by which rustdoc makes a heading's anchor.
fn anchor(heading: &str) -> String {
    let letters = heading.trim().chars().filter_map(|letter| match letter {
        ' ' => Some('-'),
        '-' | '_' => Some(letter),
        _ if letter.is_alphanumeric() => Some(letter.to_ascii_lowercase()),
        _ => None,
    });
    letters.collect()
}

/// The anchors of a page's headings, but for what stands in code.
fn anchors(page: &str) -> BTreeSet<String> {
    let prose = page.split("\n```").step_by(2);
    prose
        .flat_map(str::lines)
        .filter(|line| line.starts_with('#'))
        .map(|line| anchor(line.trim_start_matches('#')))
        .collect()
}

#[test]
fn every_link_to_a_heading_leads_there() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/docs");
    let page = |name: &str| {
        fs::read_to_string(folder.join(name))
            .unwrap_or_else(|error| panic!("src/docs/{name}: {error}"))
    };
    let mut checked = 0;
    for entry in fs::read_dir(&folder).expect("the guide") {
        let name = entry
            .expect("a file")
            .file_name()
            .into_string()
            .expect("a name of ASCII");
        let text = page(&name);
        for link in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            let Some((path, heading)) = link.split_once('#') else {
                continue;
            };
            let target = match path.trim_start_matches("crate::").strip_prefix("docs::") {
                Some(module) => page(&format!("{}.md", module.replace('_', "-"))),
                None if path.is_empty() => text.clone(),
                None if path == "crate" => page("guide.md"),
                None => continue,
            };
            assert!(
                anchors(&target).contains(heading),
                "{name}: nothing has the heading of `{link}`"
            );
            checked += 1;
        }
    }
    assert!(checked > 0, "no link was found");
}
