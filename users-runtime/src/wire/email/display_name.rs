//! Pydantic's pattern for an address behind a display name, `Jo Bloggs <jo@b.co>`.
//!
//! The pattern is `\s*(?:(words)|"(anything)")?\s*<(.+)>\s*`, where words are made of letters, digits, the signs
//! of a local part and periods, and `anything` may contain further quotes and angle brackets.

use super::characters::{is_atom, is_blank, is_word};

/// What stands between the angle brackets, if the whole input fits the pattern.
pub(super) fn bare_address(input: &str) -> Option<&str> {
    let body = input.trim_end_matches(is_blank).strip_suffix('>')?;
    let body = body.trim_start_matches(is_blank);
    let address = if let Some(quoted) = body.strip_prefix('"') {
        behind_quotes(quoted)?
    } else {
        behind_words(body)?
    };
    (!address.is_empty()).then_some(address)
}

/// The address behind words, or behind no name at all.
fn behind_words(body: &str) -> Option<&str> {
    let (name, address) = body.split_once('<')?;
    name.chars()
        .all(|c| is_blank(c) || c == '.' || is_atom(c) || is_word(c))
        .then_some(address)
}

/// The address behind a quoted name: the longest name that leaves one wins, as the pattern is greedy.
fn behind_quotes(quoted: &str) -> Option<&str> {
    let opened = quoted.rmatch_indices('"').filter(|(at, _)| *at > 0);
    opened
        .filter_map(|(at, _)| {
            quoted
                .get(at + 1..)?
                .trim_start_matches(is_blank)
                .strip_prefix('<')
        })
        .find(|address| !address.is_empty())
}
