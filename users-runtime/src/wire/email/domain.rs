//! The part after the @-sign.

use unicode_normalization::char::decompose_compatible;

use super::{
    EmailRules, Reason,
    characters::{self, is_dotted},
    idna_label, literal, special_use,
};

/// The longest domain in its ASCII form.
const MAX_DOMAIN: usize = 253;

/// The longest label in its ASCII form.
const MAX_LABEL: usize = 63;

/// A domain that passed.
pub(super) struct Domain {
    /// The form to store.
    pub(super) unicode: String,
    /// The form for the DNS.
    pub(super) ascii: String,
}

/// Validates a domain and returns its two normal forms.
pub(super) fn judge(domain: &str, rules: &EmailRules) -> Result<Domain, Reason> {
    if let Some(inside) = domain
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
    {
        return Err(literal::refusal(inside));
    }
    let ascii = ascii(domain)?;
    if !rules.accepts(&ascii) {
        check_top_level(&ascii)?;
    }
    let unicode = to_unicode(&ascii)?;
    Ok(Domain { unicode, ascii })
}

/// The form for the DNS, whatever the top-level domain.
pub(super) fn ascii(domain: &str) -> Result<String, Reason> {
    if domain.is_empty() {
        return Err("There must be something after the @-sign.".to_owned());
    }
    check_typed(domain)?;
    let mapped = map(domain)?;
    check_punctuation(&mapped)?;
    let ascii = to_ascii(&mapped)?;
    check_lengths(domain, &ascii)?;
    Ok(ascii)
}

/// Whether a domain may contain the character before or after mapping.
fn is_host_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '\u{80}'..)
}

/// Checks the characters as typed.
fn check_typed(domain: &str) -> Result<(), Reason> {
    let invalid = |list| {
        Err(format!(
            "The part after the @-sign contains invalid characters: {list}."
        ))
    };
    if let Some(list) = characters::listed(domain.chars().filter(|c| !is_host_character(*c))) {
        return invalid(list);
    }
    characters::check_unsafe(domain, false)?;
    characters::listed(domain.chars().filter(|c| hides_period(*c))).map_or(Ok(()), invalid)
}

/// Whether the character stands for a period, or for several characters with a period among them.
fn hides_period(c: char) -> bool {
    // The fullwidth period separates labels; the two upright forms are left to the mapping.
    if c.is_ascii() || matches!(c, '\u{ff0e}' | '\u{fe19}' | '\u{fe30}') {
        return false;
    }
    let mut found = false;
    decompose_compatible(c, |part| found |= part == '.');
    found
}

/// Applies the mapping of UTS 46: small letters, normal form, periods of other scripts.
fn map(domain: &str) -> Result<String, Reason> {
    let mapped = idna_label::remap(domain).map_err(|text| {
        format!("The part after the @-sign contains invalid characters ({text}).")
    })?;
    match characters::listed(mapped.chars().filter(|c| !is_host_character(*c))) {
        Some(list) => Err(format!(
            "The part after the @-sign contains invalid characters after Unicode normalization: {list}."
        )),
        None => Ok(mapped),
    }
}

/// Checks where periods and hyphens stand.
fn check_punctuation(domain: &str) -> Result<(), Reason> {
    let reason = if domain.ends_with('.') {
        "An email address cannot end with a period."
    } else if domain.starts_with('.') {
        "An email address cannot have a period immediately after the @-sign."
    } else if domain.contains("..") {
        "An email address cannot have two periods in a row."
    } else if domain.ends_with('-') {
        "An email address cannot end with a hyphen."
    } else if domain.starts_with('-') {
        "An email address cannot have a hyphen immediately after the @-sign."
    } else if domain.contains(".-") || domain.contains("-.") {
        "An email address cannot have a period and a hyphen next to each other."
    } else if domain.split('.').any(has_reserved_hyphens) {
        "An email address cannot have two letters followed by two dashes immediately after the @-sign or after a period, except Punycode."
    } else {
        return Ok(());
    };
    Err(reason.to_owned())
}

/// Whether two hyphens follow two characters other than `xn`.
fn has_reserved_hyphens(label: &str) -> bool {
    let mut rest = label.chars();
    let start = (rest.next(), rest.next());
    start.1.is_some() && start != (Some('x'), Some('n')) && rest.as_str().starts_with("--")
}

/// The form for the DNS.
fn to_ascii(domain: &str) -> Result<String, Reason> {
    if is_dotted(domain, |c| c == '-' || c.is_ascii_alphanumeric()) {
        return Ok(domain.to_owned());
    }
    let labels: Result<Vec<String>, String> = domain.split('.').map(idna_label::to_ascii).collect();
    Ok(labels
        .map_err(|text| format!("The part after the @-sign is invalid ({text})."))?
        .join("."))
}

/// The form to store; here labels that were sent in Punycode are validated.
fn to_unicode(ascii: &str) -> Result<String, Reason> {
    let labels: Result<Vec<String>, String> =
        ascii.split('.').map(idna_label::to_unicode).collect();
    let unicode = labels
        .map_err(|text| format!("The part after the @-sign is not valid IDNA ({text})."))?
        .join(".");
    characters::check_unsafe(&unicode, false)?;
    Ok(unicode)
}

/// Checks the lengths of the ASCII form.
fn check_lengths(typed: &str, ascii: &str) -> Result<(), Reason> {
    if let Some(over) = ascii.len().checked_sub(MAX_DOMAIN).filter(|over| *over > 0) {
        let plural = characters::plural(over);
        let what = if typed == ascii {
            format!("{over} character{plural} too many")
        } else {
            format!("{over} byte{plural} too many after IDNA encoding")
        };
        return Err(format!(
            "The email address is too long after the @-sign ({what})."
        ));
    }
    for label in ascii.split('.') {
        if let Some(over) = label.len().checked_sub(MAX_LABEL).filter(|over| *over > 0) {
            let plural = characters::plural(over);
            return Err(format!(
                "After the @-sign, periods cannot be separated by so many characters ({over} character{plural} too many)."
            ));
        }
    }
    Ok(())
}

/// Checks that there is a top-level domain, and that mail can be sent there.
fn check_top_level(ascii: &str) -> Result<(), Reason> {
    let reason = if !ascii.contains('.') {
        "The part after the @-sign is not valid. It should have a period."
    } else if !ascii.ends_with(|c: char| c.is_ascii_alphabetic()) {
        "The part after the @-sign is not valid. It is not within a valid top-level domain."
    } else if special_use::is_reserved(ascii) {
        "The part after the @-sign is a special-use or reserved name that cannot be used with email."
    } else {
        return Ok(());
    };
    Err(reason.to_owned())
}
