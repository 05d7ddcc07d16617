//! The guide is whole: the page about configuration has a row for every option, and every link leads to a heading.

use std::{collections::BTreeSet, fs, path::Path};

const PAGE: &str = include_str!("../src/docs/configuration.md");

/// Every type with options: its section, the sources of its methods, and how the blocks that have them begin.
const TYPES: [(&str, &str, &str); 10] = [
    ("`UsersBuilder`", include_str!("../src/manager/builder.rs"), "impl<U: UserModel> UsersBuilder<U> {"),
    ("`CookieTransport`", include_str!("../src/transport/cookie.rs"), "impl CookieTransport {"),
    ("`JwtStrategy`", include_str!("../src/strategy/jwt.rs"), "impl JwtStrategy {"),
    ("`DatabaseStrategy`", include_str!("../src/strategy/database.rs"), "impl<U: UserModel> DatabaseStrategy<U> {"),
    ("`RedisStrategy`", include_str!("../src/strategy/redis.rs"), "impl RedisStrategy {"),
    ("`OAuth`", include_str!("../src/oauth/options.rs"), "impl OAuth {"),
    ("`PasswordsConfig`", include_str!("../src/password/config.rs"), "impl PasswordsConfig {"),
    ("`Argon2Bcrypt`", include_str!("../src/password/argon2_bcrypt.rs"), "impl Argon2Bcrypt {"),
    ("Stores", include_str!("../src/store/sql/mod.rs"), "impl<U: UserModel, D: Driver> SqlStore<U, D> {"),
    ("Stores", include_str!("../src/store/sql/migrate.rs"), "impl<U: UserModel, D: Driver> SqlStore<U, D> {"),
];

/// The names of a block's public methods.
fn methods(source: &str, block: &str) -> BTreeSet<String> {
    let inside = source.lines().skip_while(|line| *line != block).take_while(|line| *line != "}");
    let name = |line: &str| {
        let signature = line.strip_prefix("    pub ")?;
        let (_, rest) = signature.split_once("fn ")?;
        Some(rest.split(['(', '<']).next()?.to_owned())
    };
    let found: BTreeSet<_> = inside.filter_map(name).collect();
    assert!(!found.is_empty(), "there is no `{block}` with public methods anymore");
    found
}

/// The names that begin the rows of a section's tables.
fn rows(section: &str) -> BTreeSet<String> {
    let mut sections = PAGE.split("\n## ").filter(|text| text.lines().next() == Some(section));
    let text = sections.next().unwrap_or_else(|| panic!("the page has no section {section}"));
    let name = |row: &str| Some(row.strip_prefix("| `")?.split('`').next()?.to_owned());
    text.lines().filter_map(name).collect()
}

#[test]
fn every_option_has_a_row() {
    for (section, source, block) in TYPES {
        let missing: Vec<_> = methods(source, block).difference(&rows(section)).cloned().collect();
        assert!(missing.is_empty(), "the section {section} of src/docs/configuration.md lacks rows for {missing:?}");
    }
}

#[test]
fn every_row_is_an_option() {
    for (section, source, block) in TYPES.iter().filter(|(section, ..)| *section != "Stores") {
        let gone: Vec<_> = rows(section).difference(&methods(source, block)).cloned().collect();
        assert!(gone.is_empty(), "the section {section} of src/docs/configuration.md has rows for {gone:?}");
    }
}

#[test]
fn every_error_of_build_is_told() {
    let variants = include_str!("../src/manager/build_error.rs").lines().filter_map(|line| {
        let name = line.strip_prefix("    ")?.split(['(', '{', ' ', ',']).next()?;
        name.starts_with(char::is_uppercase).then_some(name)
    });
    let variants: Vec<_> = variants.collect();
    assert!(variants.contains(&"WeakSecret") && variants.contains(&"InvalidTransport"), "{variants:?}");
    let (_, told) = PAGE.split_once("\n## What `build()` refuses").expect("the section about errors");
    for variant in variants {
        assert!(told.contains(&format!("`{variant}`")), "src/docs/configuration.md does not tell of `{variant}`");
    }
}

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
    prose.flat_map(str::lines).filter(|line| line.starts_with('#')).map(|line| anchor(line.trim_start_matches('#'))).collect()
}

#[test]
fn every_link_to_a_heading_leads_there() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/docs");
    let page = |name: &str| fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("src/docs/{name}: {error}"));
    let mut checked = 0;
    for entry in fs::read_dir(&folder).expect("the guide") {
        let name = entry.expect("a file").file_name().into_string().expect("a name of ASCII");
        let text = page(&name);
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let Some((path, heading)) = link.split_once('#') else { continue };
            let target = match path.trim_start_matches("crate::").strip_prefix("docs::") {
                Some(module) => page(&format!("{}.md", module.replace('_', "-"))),
                None if path.is_empty() => text.clone(),
                None if path == "crate" => page("guide.md"),
                None => continue,
            };
            assert!(anchors(&target).contains(heading), "{name}: nothing has the heading of `{link}`");
            checked += 1;
        }
    }
    assert!(checked > 0, "no link was found");
}

#[test]
fn every_command_and_every_code_of_the_command_line_is_told() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let page = fs::read_to_string(root.join("docs/operators.md")).expect("the page for operators");
    let mut told = 0;
    for entry in fs::read_dir(root.join("cli")).expect("the command line") {
        let source = fs::read_to_string(entry.expect("a file").path()).expect("a source");
        let program = source.split("#[cfg(test)]").next().unwrap_or_default();
        let is_code = |text: &&str| text.contains('_') && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
        let commands = program
            .lines()
            .filter_map(|line| line.trim_start().strip_prefix("Self::")?.split_once(" => \""))
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
