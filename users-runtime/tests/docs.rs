//! The guide is whole: the page about configuration has a row for every option, that about deployment one for every message of the
//! log, and every link leads to a heading.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

const PAGE: &str = include_str!("../src/docs/configuration.md");

/// Every type with options: its section, the sources of its methods, and how the blocks that have them begin.
const TYPES: [(&str, &str, &str); 15] = [
    (
        "`Backend`",
        include_str!("../src/session/backend.rs"),
        "impl<U: UserModel> Backend<U> {",
    ),
    (
        "`UsersBuilder`",
        concat!(
            include_str!("../src/users/builder.rs"),
            include_str!("../src/features/cross_site/options.rs"),
            include_str!("../src/features/limits/builder.rs"),
            include_str!("../src/features/passwords/options.rs"),
        ),
        "impl<U: UserModel> UsersBuilder<U> {",
    ),
    (
        "`CookieTransport`",
        include_str!("../src/session/transport/cookie.rs"),
        "impl CookieTransport {",
    ),
    (
        "`JwtStrategy`",
        include_str!("../src/session/strategy/jwt.rs"),
        "impl JwtStrategy {",
    ),
    (
        "`DatabaseStrategy`",
        include_str!("../src/session/strategy/database.rs"),
        "impl<U: UserModel> DatabaseStrategy<U> {",
    ),
    (
        "`RedisStrategy`",
        include_str!("../src/session/strategy/redis.rs"),
        "impl RedisStrategy {",
    ),
    (
        "`JwtKeys`",
        include_str!("../src/token/keys.rs"),
        "impl JwtKeys {",
    ),
    (
        "`OAuth`",
        include_str!("../src/oauth/options.rs"),
        "impl OAuth {",
    ),
    (
        "`OAuthClient`",
        include_str!("../src/oauth/client.rs"),
        "impl OAuthClient {",
    ),
    (
        "`NetworkClient`",
        include_str!("../src/oauth/http.rs"),
        "impl NetworkClient {",
    ),
    (
        "`OpenIdConnect`",
        include_str!("../src/oauth/openid.rs"),
        "impl OpenIdConnect {",
    ),
    (
        "`PasswordPolicy`",
        include_str!("../src/features/passwords/policy.rs"),
        "impl PasswordPolicy {",
    ),
    (
        "`PwnedPasswords`",
        include_str!("../src/features/passwords/pwned.rs"),
        "impl PwnedPasswords {",
    ),
    (
        "`PasswordsConfig`",
        include_str!("../src/password/config.rs"),
        "impl PasswordsConfig {",
    ),
    (
        "`Argon2Bcrypt`",
        include_str!("../src/password/argon2_bcrypt.rs"),
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

/// Every file of Rust below a folder of the sources, with its name.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut folders = vec![
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("src")
            .join(folder),
    ];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in
            fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("a source");
                found.push((path, text));
            }
        }
    }
    assert!(!found.is_empty(), "src/{folder} has no sources");
    found
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
    let variants = include_str!("../src/users/build_error.rs")
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

#[test]
fn every_message_of_the_log_is_told() {
    let page = include_str!("../src/docs/deployment.md");
    let (_, section) = page
        .split_once("\n## Logs\n")
        .expect("the section about logs");
    let section = section.split("\n## ").next().unwrap_or_default();
    let codes = |text: &str| {
        text.split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let rows = section
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` | "));
    let rows = rows.map(|(level, rest)| {
        (
            level.to_owned(),
            rest.rsplit_once(" | ")
                .map_or(rest, |(messages, _)| messages),
        )
    });
    let told: BTreeSet<_> = rows
        .flat_map(|(level, cell)| {
            codes(cell)
                .into_iter()
                .map(move |text| (level.clone(), text))
        })
        .collect();
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
    let told: BTreeSet<_> = codes(line.split(". ").next().unwrap_or_default())
        .into_iter()
        .collect();
    assert_eq!(
        told, spans,
        "the spans in src/docs/deployment.md, and those that there are"
    );
}
