//! Stored text, on an operator's terminal.

use std::fmt::Write as _;

/// The text with everything escaped that a terminal would obey or hide: control characters, invisible ones and those that turn
/// the direction of writing. A backslash is doubled, so that nothing can look like an escape that is none.
pub(super) fn text(text: &str) -> String {
    text.escape_debug()
        .to_string()
        .replace("\\'", "'")
        .replace("\\\"", "\"")
}

/// JSON text with the same characters as `\uXXXX`, which means the same to who reads it.
pub(super) fn json(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        if (' '..='~').contains(&character) || character.escape_debug().eq([character]) {
            escaped.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing into a string does not fail.
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        }
    }
    escaped
}

/// A word that a shell reads as exactly this text, without a character that a terminal would obey or hide: where the text has one, it
/// is `$'…'`, which is POSIX since 2024 and older than that in bash, ksh and zsh.
pub(super) fn word(plain: &str) -> String {
    if text(plain) == plain.replace('\\', "\\\\") {
        return format!("'{}'", plain.replace('\'', "'\\''"));
    }
    let mut word = "$'".to_owned();
    for character in plain.chars() {
        match character {
            '\'' | '\\' => word.extend(['\\', character]),
            ' '..='~' => word.push(character),
            _ if character.escape_debug().eq([character]) => word.push(character),
            _ => {
                for byte in character.encode_utf8(&mut [0; 4]).bytes() {
                    // Writing into a string does not fail.
                    let _ = write!(word, "\\{byte:03o}");
                }
            }
        }
    }
    word + "'"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_or_hides_is_escaped() {
        assert_eq!(
            text("\u{1b}[2J\u{7}\r\n\t\u{7f}\u{9b}"),
            r"\u{1b}[2J\u{7}\r\n\t\u{7f}\u{9b}"
        );
        assert_eq!(
            text("a\u{202e}b\u{200b}c\u{2028}d\u{feff}"),
            r"a\u{202e}b\u{200b}c\u{2028}d\u{feff}"
        );
        assert_eq!(text(r"\u{1b}"), r"\\u{1b}");
        assert_eq!(text(r#"\'\""#), r#"\\'\\""#);
    }

    #[test]
    fn what_people_are_called_is_not() {
        for name in [
            "José O'Brien \"Joe\"",
            "Jose\u{301}",
            "हिन्दी",
            "李小龍",
            "Zoë 🦀",
        ] {
            assert_eq!(text(name), name);
        }
    }

    #[test]
    fn json_means_the_same_when_it_is_escaped() {
        let value = serde_json::json!({ "name": "a\u{1b}[31m\u{7f}\u{9b}\u{202e}\u{e0041}\\\"\n", "é": ["José 🦀", 7, null] });
        let escaped = json(&value.to_string());
        assert!(
            escaped.contains(r"\u007f\u009b\u202e\udb40\udc41") && escaped.contains("José 🦀"),
            "{escaped}"
        );
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&escaped).expect("JSON"),
            value
        );
    }

    #[test]
    fn a_word_is_one_word_for_a_shell() {
        assert_eq!(
            word("o'brien $(x)@example.com"),
            r"'o'\''brien $(x)@example.com'"
        );
        assert_eq!(word(r"CORP\ada"), r"'CORP\ada'");
        assert_eq!(
            word("a\u{1b}[2J'\\\u{202e}é1"),
            r"$'a\033[2J\'\\\342\200\256é1'"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_shell_reads_a_word_as_the_text() {
        for plain in [
            r"CORP\ada",
            r"\u{1b} \\ \n \0",
            "o'brien \"$(x)` !*",
            "a\u{1b}[2J\u{7}\r\n\t\u{7f}\u{9b}7'\\",
            "\u{202e}b\u{200b}\u{feff}\n",
            "José Jose\u{301} हिन्दी 李小龍 🦀",
            "-x",
            "",
        ] {
            let script = format!("printf %s {}", word(plain));
            let read = std::process::Command::new("bash")
                .args(["-c", &script])
                .output()
                .expect("bash");
            assert_eq!(String::from_utf8_lossy(&read.stdout), plain, "{script}");
            assert_eq!(
                text(&script.replace('\\', "/")),
                script.replace('\\', "/"),
                "a terminal obeys or hides a part of it"
            );
        }
    }
}
