//! The list of the most common passwords.

use std::cmp::Ordering;

/// In the order of their bytes, one on a line, after a head of lines that begin with `# `.
const LIST: &str = include_str!("common-passwords.txt");

/// The longest password that is compared with parts of it, in bytes: beyond the longest common one, and little work for any text.
const LONGEST_PART: usize = 64;

/// Whether a password, in lower case, is one of the most common ones with at least 8 characters, also repeated: `passwordpassword`, and
/// `123123123123123` as `12312312`.
///
/// The last repetition may be cut off, as where a length is required.
pub(super) fn is_common_or_repeated(password: &str) -> bool {
    is_common(password)
        || password
            .char_indices()
            .map(|(end, _)| end)
            .take_while(|end| *end <= LONGEST_PART)
            .any(|end| goes_on(password, end) && is_common(&password[..end]))
}

/// Whether a text goes on as it begins: its first bytes, or what they repeat themselves, over and over.
fn goes_on(text: &str, end: usize) -> bool {
    let repeats = |text: &[u8], part: usize| text[part..] == text[..text.len() - part];
    let text = text.as_bytes();
    let part = (1..=end).find(|part| repeats(&text[..end], *part));
    part.is_some_and(|part| repeats(text, part))
}

/// Whether a password, in lower case, is in the list.
///
/// The text is searched as it is, so that the list takes no memory beside the program's own.
pub(super) fn is_common(password: &str) -> bool {
    let mut rest = entries();
    while !rest.is_empty() {
        let middle = rest.len() / 2;
        let bytes = rest.as_bytes();
        let is_end = |byte: &u8| *byte == b'\n';
        let start = bytes[..middle]
            .iter()
            .rposition(is_end)
            .map_or(0, |end| end + 1);
        let end = bytes[middle..]
            .iter()
            .position(is_end)
            .map_or(rest.len(), |end| middle + end);
        match password.cmp(&rest[start..end]) {
            Ordering::Equal => return true,
            Ordering::Less => rest = &rest[..start],
            Ordering::Greater => rest = rest.get(end + 1..).unwrap_or_default(),
        }
    }
    false
}

/// The list without its head.
fn entries() -> &'static str {
    let head: usize = LIST
        .split_inclusive('\n')
        .take_while(|line| *line == "#\n" || line.starts_with("# "))
        .map(str::len)
        .sum();
    &LIST[head..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_long_enough() {
        let entries: Vec<_> = entries().lines().collect();
        assert!(entries.is_sorted(), "the search depends on the order");
        // OWASP ASVS 6.2.4 wants the 3000 most common ones that the policy would accept otherwise.
        assert!(entries.len() > 10_000, "{}", entries.len());
        assert!(entries.iter().all(|entry| entry.len() >= 8));
    }

    #[test]
    fn a_repeated_entry_is_found() {
        for password in [
            "password",
            "passwordpassword",
            "passwordpasswor",
            "qwertyuiopqwertyuiopqwertyuiop",
            "111111111111111111111111",
            "123123123123123",
        ] {
            assert!(is_common_or_repeated(password), "{password}");
        }
        for password in [
            "",
            "correct horse battery",
            "password is what I call it",
            "ééééééééééééééé",
        ] {
            assert!(!is_common_or_repeated(password), "{password}");
        }
        let longest = entries().lines().map(str::len).max();
        assert!(longest.expect("entries") <= LONGEST_PART);
    }

    #[test]
    fn every_entry_is_found_and_others_are_not() {
        for entry in entries().lines() {
            assert!(is_common(entry), "{entry}");
            assert!(!is_common(&format!("{entry}\u{7f}")), "{entry}");
        }
        for other in ["", "#", "correct horse", "\u{0}", "~~~~~~~~~~~~", "é"] {
            assert!(!is_common(other), "{other:?}");
        }
    }
}
