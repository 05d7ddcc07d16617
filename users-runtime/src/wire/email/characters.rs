//! Classes of characters, and the way in which reasons show them.

use std::collections::BTreeSet;

use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

use super::{Reason, names};

/// Whether Python's `str.isspace` holds for the character.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}')
}

/// Python's `str.strip`.
pub(super) fn strip(text: &str) -> &str {
    text.trim_matches(is_blank)
}

/// Whether the character counts as `\w` in a Python regular expression.
pub(super) fn is_word(c: char) -> bool {
    c == '_'
        || matches!(
            c.general_category_group(),
            GeneralCategoryGroup::Letter | GeneralCategoryGroup::Number
        )
}

/// Whether an unquoted local part of ASCII may contain the character (the period aside).
pub(super) fn is_atom(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c)
}

/// Whether an unquoted local part of an internationalised address may contain the character (the period aside).
pub(super) fn is_international_atom(c: char) -> bool {
    is_atom(c) || c >= '\u{80}'
}

/// Whether the text is one or more runs of the given characters, separated by single periods.
pub(super) fn is_dotted(text: &str, allowed: impl Fn(char) -> bool) -> bool {
    text.split('.')
        .all(|run| !run.is_empty() && run.chars().all(&allowed))
}

/// The ending of a counted noun.
pub(super) fn plural(count: usize) -> &'static str {
    if count > 1 { "s" } else { "" }
}

/// Lists what the characters look like, in order and without doubles; nothing if there are none.
pub(super) fn listed(characters: impl Iterator<Item = char>) -> Option<String> {
    let shown: BTreeSet<String> = characters.map(display).collect();
    (!shown.is_empty()).then(|| join(shown))
}

/// Joins shown characters to a list.
fn join(shown: impl IntoIterator<Item = String>) -> String {
    shown.into_iter().collect::<Vec<_>>().join(", ")
}

/// Shows one character safely: in quotes where it is visible, else by its name or number.
pub(super) fn display(c: char) -> String {
    match c {
        '\\' | '\'' => format!("\"{c}\""),
        _ if is_visible(c) => format!("'{c}'"),
        _ => match names::name(c) {
            Some(name) => name.to_owned(),
            None if u32::from(c) < 0xFFFF => format!("U+{:04X}", u32::from(c)),
            None => format!("U+{:08X}", u32::from(c)),
        },
    }
}

/// Letters, numbers, punctuation and symbols.
fn is_visible(c: char) -> bool {
    use GeneralCategoryGroup::{Letter, Number, Punctuation, Symbol};
    matches!(
        c.general_category_group(),
        Letter | Number | Punctuation | Symbol
    )
}

/// Whether the character is a combining mark.
pub(super) fn is_mark(c: char) -> bool {
    c.general_category_group() == GeneralCategoryGroup::Mark
}

/// Refuses characters that mislead a reader: controls, formats, separators, unassigned ones, a mark in front.
pub(super) fn check_unsafe(text: &str, allow_space: bool) -> Result<(), Reason> {
    let unsafe_ones: BTreeSet<char> = text
        .char_indices()
        .filter(|(at, c)| match c.general_category_group() {
            GeneralCategoryGroup::Mark => *at == 0,
            GeneralCategoryGroup::Separator => {
                !(allow_space && c.general_category() == GeneralCategory::SpaceSeparator)
            }
            _ => !is_visible(*c),
        })
        .map(|(_, c)| c)
        .collect();
    if unsafe_ones.is_empty() {
        return Ok(());
    }
    let list = join(unsafe_ones.into_iter().map(display));
    Err(format!(
        "The email address contains unsafe characters: {list}."
    ))
}

/// Python's `repr` of a text.
pub(super) fn repr(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    let body: String = text.chars().map(|c| repr_character(c, quote)).collect();
    format!("{quote}{body}{quote}")
}

/// One character inside of Python's `repr`.
fn repr_character(c: char, quote: char) -> String {
    match c {
        '\\' => r"\\".to_owned(),
        '\t' => r"\t".to_owned(),
        _ if c == quote => format!(r"\{c}"),
        _ if c == ' ' || is_visible(c) || is_mark(c) => c.to_string(),
        '\0'..='\u{ff}' => format!(r"\x{:02x}", u32::from(c)),
        '\u{100}'..='\u{ffff}' => format!(r"\u{:04x}", u32::from(c)),
        _ => format!(r"\U{:08x}", u32::from(c)),
    }
}
