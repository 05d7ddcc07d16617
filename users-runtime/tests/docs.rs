//! The page about configuration has a row for every option, and none for an option that is gone.

use std::collections::BTreeSet;

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
