//! The pages in the repository's root link to files that are there, and show what the guide shows.

use std::{fs, path::Path};

#[test]
fn every_link_to_a_file_leads_to_one() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for page in [
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "SECURITY.md",
    ] {
        let text =
            fs::read_to_string(root.join(page)).unwrap_or_else(|error| panic!("{page}: {error}"));
        let links = text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next());
        for link in links.filter(|link| !link.starts_with("http")) {
            assert!(
                root.join(link).is_file(),
                "{page}: there is no file `{link}`"
            );
        }
    }
}

#[test]
fn every_page_of_the_guide_is_in_the_readme() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let readme = fs::read_to_string(root.join("README.md")).expect("the README");
    for entry in fs::read_dir(root.join("guide")).expect("the guide") {
        let name = entry
            .expect("a file")
            .file_name()
            .into_string()
            .expect("a name of ASCII");
        // Beside the pages there are the table of contents, the settings of mdBook, and pictures.
        let is_markdown = Path::new(&name)
            .extension()
            .is_some_and(|ending| ending == "md");
        let is_page = is_markdown && name != "SUMMARY.md";
        assert!(
            !is_page || readme.contains(&format!("](guide/{name})")),
            "README.md does not link to {name}"
        );
    }
}

#[test]
fn the_readme_has_the_program_of_the_guide() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let program = |page: &str, fence: &str| {
        let text =
            fs::read_to_string(root.join(page)).unwrap_or_else(|error| panic!("{page}: {error}"));
        let (_, program) = text
            .split_once(fence)
            .unwrap_or_else(|| panic!("{page} has no {fence}"));
        program.split("```").next().unwrap_or_default().to_owned()
    };
    let shown = program("README.md", "```rust,no_run\n");
    assert!(shown.contains("fn main()"), "{shown}");
    assert_eq!(
        shown,
        program("users-runtime/src/docs/guide.md", "```no_run\n")
    );
}
