//! The page about configuration: every option has a row, every row is an option, and every error of `build()` is told.

use std::collections::BTreeSet;

use crate::sources::sources;

const PAGE: &str = include_str!("../../src/docs/configuration.md");

/// Every type with options: its section, the sources of its methods, and how the blocks that have them begin.
const TYPES: [(&str, &str, &str); 16] = [
    (
        "`Backend`",
        include_str!("../../src/session/backend.rs"),
        "impl<U: UserModel> Backend<U> {",
    ),
    (
        "`UsersBuilder`",
        concat!(
            include_str!("../../src/users/builder.rs"),
            include_str!("../../src/users/build.rs"),
            include_str!("../../src/users/sources.rs"),
            include_str!("../../src/features/cross_site/options.rs"),
            include_str!("../../src/features/events/options.rs"),
            include_str!("../../src/features/limits/builder.rs"),
            include_str!("../../src/features/passwords/options.rs"),
            include_str!("../../src/features/register/options.rs"),
            include_str!("../../src/features/tenants/resolver.rs"),
            include_str!("../../src/users/jwt_claims.rs"),
            include_str!("../../src/users/secure.rs"),
            include_str!("../../src/users/show.rs"),
        ),
        "impl<U: UserModel> UsersBuilder<U> {",
    ),
    (
        "`BearerTransport`",
        include_str!("../../src/session/transport/bearer.rs"),
        "impl BearerTransport {",
    ),
    (
        "`CookieTransport`",
        include_str!("../../src/session/transport/cookie.rs"),
        "impl CookieTransport {",
    ),
    (
        "`JwtStrategy`",
        include_str!("../../src/session/strategy/jwt.rs"),
        "impl JwtStrategy {",
    ),
    (
        "`DatabaseStrategy`",
        include_str!("../../src/session/strategy/database.rs"),
        "impl<U: UserModel> DatabaseStrategy<U> {",
    ),
    (
        "`RedisStrategy`",
        include_str!("../../src/session/strategy/redis.rs"),
        "impl RedisStrategy {",
    ),
    (
        "`JwtKeys`",
        include_str!("../../src/token/keys.rs"),
        "impl JwtKeys {",
    ),
    (
        "`OAuth`",
        include_str!("../../src/oauth/options.rs"),
        "impl OAuth {",
    ),
    (
        "`OAuthClient`",
        include_str!("../../src/oauth/client.rs"),
        "impl OAuthClient {",
    ),
    (
        "`NetworkClient`",
        include_str!("../../src/oauth/http.rs"),
        "impl NetworkClient {",
    ),
    (
        "`OpenIdConnect`",
        include_str!("../../src/oauth/openid.rs"),
        "impl OpenIdConnect {",
    ),
    (
        "`PasswordPolicy`",
        include_str!("../../src/features/passwords/policy.rs"),
        "impl PasswordPolicy {",
    ),
    (
        "`PwnedPasswords`",
        include_str!("../../src/features/passwords/pwned.rs"),
        "impl PwnedPasswords {",
    ),
    (
        "`PasswordsConfig`",
        include_str!("../../src/password/config.rs"),
        "impl PasswordsConfig {",
    ),
    (
        "`Argon2Bcrypt`",
        include_str!("../../src/password/argon2_bcrypt.rs"),
        "impl Argon2Bcrypt {",
    ),
];

/// Every store: the folder of its sources, and how the blocks of its methods begin.
const STORES: [(&str, &str, &str); 6] = [
    (
        "SqlStore",
        "sql",
        "impl<U: UserModel, D: Driver> SqlStore<U, D> {",
    ),
    (
        "SqliteStore",
        "sqlite",
        "impl<U: UserModel> SqliteStore<U> {",
    ),
    (
        "PostgresStore",
        "postgres",
        "impl<U: UserModel> PostgresStore<U> {",
    ),
    ("MySqlStore", "mysql", "impl<U: UserModel> MySqlStore<U> {"),
    (
        "SeaOrmStore",
        "sea_orm",
        "impl<U: UserModel> SeaOrmStore<U> {",
    ),
    (
        "MongoStore",
        "mongodb",
        "impl<U: UserModel> MongoStore<U> {",
    ),
];

/// The signatures of the public methods of the blocks that begin so, by their names.
fn signatures(source: &str, block: &str) -> Vec<(String, String)> {
    let mut is_inside = false;
    let is_inside = |line: &&str| {
        is_inside = *line == block || (is_inside && *line != "}");
        is_inside
    };
    let inside: Vec<_> = source.lines().filter(is_inside).collect();
    let named = |(position, line): (usize, &&str)| {
        let signature = line.strip_prefix("    pub ")?;
        let (_, rest) = signature
            .split_once("fn ")
            .filter(|(before, _)| !before.contains('('))?;
        let name = rest.split(['(', '<']).next()?.to_owned();
        // A signature that is too long for a line has its arguments on the next ones.
        let rest = match inside.get(position + 1) {
            Some(next) if rest.ends_with('(') => format!("{rest}{}", next.trim()),
            _ => rest.to_owned(),
        };
        Some((name, rest))
    };
    inside.iter().enumerate().filter_map(named).collect()
}

/// The names of a block's options: what makes the type, and what changes it.
fn options(source: &str, block: &str) -> BTreeSet<String> {
    let all = signatures(source, block).into_iter();
    let found: BTreeSet<_> = all
        .filter(|(_, rest)| !rest.contains("(&self"))
        .map(|(name, _)| name)
        .collect();
    assert!(
        !found.is_empty(),
        "there is no `{block}` with options anymore"
    );
    found
}

/// The names in the first cells of the rows of a section's tables.
fn rows(section: &str) -> BTreeSet<String> {
    let mut sections = PAGE
        .split("\n## ")
        .filter(|text| text.lines().next() == Some(section));
    let text = sections
        .next()
        .unwrap_or_else(|| panic!("the page has no section {section}"));
    let cells = text
        .lines()
        .filter_map(|row| row.strip_prefix("| ")?.split(" | ").next());
    cells
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_option_has_a_row() {
    for (section, source, block) in TYPES {
        let missing: Vec<_> = options(source, block)
            .difference(&rows(section))
            .cloned()
            .collect();
        assert!(
            missing.is_empty(),
            "the section {section} of src/docs/configuration.md lacks rows for {missing:?}"
        );
    }
}

#[test]
fn every_row_is_an_option() {
    for (section, source, block) in TYPES {
        let gone: Vec<_> = rows(section)
            .difference(&options(source, block))
            .cloned()
            .collect();
        assert!(
            gone.is_empty(),
            "the section {section} of src/docs/configuration.md has rows for {gone:?}"
        );
    }
}

#[test]
fn every_option_of_a_provider_has_a_row() {
    let rows = rows("Providers");
    let mut found = BTreeSet::new();
    for (_, source) in sources("oauth/providers") {
        for block in source
            .lines()
            .filter(|line| line.starts_with("impl ") && !line.contains(" for "))
        {
            let provider = block.trim_start_matches("impl ").trim_end_matches(" {");
            for (name, _) in signatures(&source, block) {
                let named = format!("{provider}::{name}");
                assert!(
                    rows.contains(&name) || rows.contains(&named),
                    "the section Providers of src/docs/configuration.md lacks `{named}`"
                );
                found.insert(named);
            }
        }
    }
    let gone: Vec<_> = rows
        .iter()
        .filter(|row| row.contains("::") && !found.contains(*row))
        .collect();
    assert!(
        gone.is_empty(),
        "the section Providers of src/docs/configuration.md has rows for {gone:?}"
    );
}

#[test]
fn every_method_of_a_store_has_a_row() {
    let rows = rows("Stores");
    for (store, folder, block) in STORES {
        let files = sources(&format!("store/{folder}"));
        let names: Vec<_> = files
            .iter()
            .flat_map(|(_, source)| signatures(source, block))
            .map(|(name, _)| name)
            .collect();
        assert!(!names.is_empty(), "`{store}` has no public methods anymore");
        for name in names {
            let is_told = rows.contains(&name) || rows.contains(&format!("{store}::{name}"));
            assert!(
                is_told,
                "the section Stores of src/docs/configuration.md lacks a row for `{name}` of `{store}`"
            );
        }
    }
}

#[test]
fn every_error_of_build_is_told() {
    let variants = include_str!("../../src/users/build_error.rs")
        .lines()
        .filter_map(|line| {
            let name = line
                .strip_prefix("    ")?
                .split(['(', '{', ' ', ','])
                .next()?;
            name.starts_with(char::is_uppercase).then_some(name)
        });
    let variants: Vec<_> = variants.collect();
    assert!(
        variants.contains(&"WeakSecret") && variants.contains(&"InvalidTransport"),
        "{variants:?}"
    );
    let (_, told) = PAGE
        .split_once("\n## What `build()` refuses")
        .expect("the section about errors");
    for variant in variants {
        assert!(
            told.contains(&format!("`{variant}`")),
            "src/docs/configuration.md does not tell of `{variant}`"
        );
    }
}
