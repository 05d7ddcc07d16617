//! The part before the @-sign.

use unicode_normalization::UnicodeNormalization;

use super::{
    Reason,
    characters::{self, is_atom, is_dotted, is_international_atom},
    special_use,
};

/// A local part that passed.
pub(super) struct LocalPart {
    /// The form to store.
    pub(super) text: String,
}

/// Validates a local part whose quotes are removed already, and returns its stored form.
pub(super) fn judge(local: &str, quoted: bool) -> Result<LocalPart, Reason> {
    let checked = check(local, quoted)?;
    let text: String = checked.nfc().collect();
    if text != checked {
        check(&text, quoted).map_err(|reason| format!("After Unicode normalization: {reason}"))?;
    }
    if quoted {
        return Err("Quoting the part before the @-sign is not allowed here.".to_owned());
    }
    // The role names are looked for in the form before normalisation, where look-alikes are not ASCII.
    let text = if special_use::is_role(local) {
        text.to_ascii_lowercase()
    } else {
        text
    };
    Ok(LocalPart { text })
}

/// Checks the characters; what had to be quoted comes back in quotes.
fn check(local: &str, quoted: bool) -> Result<String, Reason> {
    if local.is_empty() {
        return Err("There must be something before the @-sign.".to_owned());
    }
    if is_dotted(local, is_atom) {
        return Ok(local.to_owned());
    }
    if is_dotted(local, is_international_atom) {
        characters::check_unsafe(local, false)?;
        return Ok(local.to_owned());
    }
    if quoted {
        return check_quoted(local);
    }
    if let Some(list) = characters::listed(
        local
            .chars()
            .filter(|c| *c != '.' && !is_international_atom(*c)),
    ) {
        return Err(format!(
            "The email address contains invalid characters before the @-sign: {list}."
        ));
    }
    Err(misplaced_period(local).to_owned())
}

/// Checks the characters of a local part that stood in quotes.
fn check_quoted(local: &str) -> Result<String, Reason> {
    if let Some(list) = characters::listed(local.chars().filter(char::is_ascii_control)) {
        return Err(format!(
            "The email address contains invalid characters in quotes before the @-sign: {list}."
        ));
    }
    characters::check_unsafe(local, true)?;
    Ok(format!(
        "\"{}\"",
        local.replace('\\', r"\\").replace('"', "\\\"")
    ))
}

/// Which rule for periods is broken; the caller knows that one is.
fn misplaced_period(local: &str) -> &'static str {
    if local.ends_with('.') {
        "An email address cannot have a period immediately before the @-sign."
    } else if local.starts_with('.') {
        "An email address cannot start with a period."
    } else {
        "An email address cannot have two periods in a row."
    }
}
