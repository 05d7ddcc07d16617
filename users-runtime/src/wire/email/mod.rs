//! E-mail addresses: the verdict and the stored form that Pydantic's `EmailStr` gives.
//!
//! The steps are Pydantic's own (length, line breaks, a display name in front) followed by those of the
//! Python package email-validator, without any look-up in the DNS. Every reason is worded as there, since
//! clients see it; only the texts of the Python package idna and most Unicode character names are not kept.

mod characters;
mod code_points;
mod display_name;
mod domain;
mod idna_label;
mod literal;
mod local;
mod mapping;
mod names;
mod plain;
mod rules;
mod special_use;
mod split;
#[cfg(test)]
mod tests;

use domain::Domain;
use local::LocalPart;
pub(crate) use rules::EmailRules;
use split::Parts;

/// Why an address is refused: the text behind Pydantic's `value is not a valid email address: `.
type Reason = String;

/// The longest input in code points, display name and blanks included.
const MAX_INPUT: usize = 2048;

/// The longest address in bytes of UTF-8.
const MAX_ADDRESS: usize = 254;

/// Validates and normalises an address by the usual rules.
#[cfg(test)]
pub(crate) fn normalize(input: &str) -> Result<String, String> {
    EmailRules::USUAL.normalize(input)
}

/// A stored address as it is shown: in its normal form, or as it is where the rules refuse it, since it was stored by others.
pub(crate) fn shown(stored: &str) -> String {
    EmailRules::USUAL
        .normalize(stored)
        .unwrap_or_else(|_| stored.to_owned())
}

/// Validates and normalises an address; the error is the REASON of Pydantic's message, without the prefix.
///
/// A display name and blanks around are dropped, the local part becomes NFC and keeps its case (except for a few
/// role names such as `postmaster`), the domain is mapped to small letters and to its Unicode form.
///
/// # Errors
///
/// The sentence that says why the address is refused.
fn normalize_by(rules: &EmailRules, input: &str) -> Result<String, String> {
    if plain::is_normal(input) {
        return Ok(input.to_owned());
    }
    normalize_any(rules, input)
}

/// [`normalize_by`] for every text.
fn normalize_any(rules: &EmailRules, input: &str) -> Result<String, String> {
    if input.chars().count() > MAX_INPUT {
        return Err(format!("Length must not exceed {MAX_INPUT} characters"));
    }
    if input.contains(['\r', '\n']) {
        return Err("Carriage return and line feed characters are not allowed".to_owned());
    }
    let address = display_name::bare_address(input).unwrap_or(input);
    let parts = split::split(characters::strip(address))?;
    let local = local::judge(&parts.local, parts.quoted)?;
    let domain = domain::judge(parts.domain, rules)?;
    check_length(&parts, &local, &domain)?;
    if parts.angled {
        return Err(
            "A display name and angle brackets around the email address are not permitted here."
                .to_owned(),
        );
    }
    Ok(format!("{}@{}", local.text, domain.unicode))
}

/// Measures the address as typed, as stored, and with the domain in its ASCII form.
fn check_length(parts: &Parts<'_>, local: &LocalPart, domain: &Domain) -> Result<(), Reason> {
    let typed = format!("{}@{}", parts.local, parts.domain);
    if let Some(over) = excess(typed.len()) {
        return Err(format!(
            "The email address is too long ({} too many).",
            typed_excess(&typed, over)
        ));
    }
    let forms = [
        (&domain.unicode, "after normalization"),
        (
            &domain.ascii,
            "when the part after the @-sign is converted to IDNA ASCII",
        ),
    ];
    for (domain, when) in forms {
        if let Some(over) = excess(local.text.len() + 1 + domain.len()) {
            let plural = characters::plural(over);
            return Err(format!(
                "The email address is too long {when} ({over} byte{plural} too many)."
            ));
        }
    }
    Ok(())
}

/// The number of bytes over the limit, if any.
fn excess(bytes: usize) -> Option<usize> {
    bytes.checked_sub(MAX_ADDRESS).filter(|over| *over > 0)
}

/// How many characters have to go; a range where characters take several bytes.
fn typed_excess(typed: &str, over: usize) -> String {
    let widest = typed.chars().map(char::len_utf8).max().unwrap_or(1);
    let fewest = (over / widest).max(1);
    let plural = characters::plural(over);
    if fewest == over {
        format!("{over} character{plural}")
    } else {
        format!("{fewest}-{over} character{plural}")
    }
}
