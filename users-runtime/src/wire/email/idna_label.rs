//! Labels of a domain between their Unicode and ASCII forms, as the Python package idna (IDNA 2008) does it.
//!
//! The mapping, the direction rules and the joiner rules come from the crate `idna`, which is asked about single
//! characters or single labels; IDNA 2008 allows fewer characters, see the module `code_points`.
//! The texts of the errors are put into parentheses by the callers.

use idna::punycode;
use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::{
    characters, code_points,
    mapping::{map_character, process},
};

/// The longest text that the Python package looks at.
const MAX_INPUT: usize = 1024;

/// The longest label, in characters, that the Python package checks at all.
const MAX_CHECKED_LABEL: usize = 254;

/// The longest label in its ASCII form.
const MAX_LABEL: usize = 63;

/// What a label in Punycode begins with.
const PUNYCODE_PREFIX: &str = "xn--";

/// Maps a whole domain according to UTS 46, without validating its labels.
pub(super) fn remap(domain: &str) -> Result<String, String> {
    if domain.chars().count() > MAX_INPUT {
        return Err("Domain too long".to_owned());
    }
    let mut mapped = String::with_capacity(domain.len());
    for c in domain.chars() {
        match c {
            '\0'..='\x7f' => mapped.push(c.to_ascii_lowercase()),
            // Two ligatures that stand for several words: the blanks between them break the rules for directions.
            '\u{fdfa}' | '\u{fdfb}' => mapped.extend(std::iter::once(c).nfkc()),
            _ => mapped.push_str(
                &map_character(c).ok_or_else(|| format!("{} cannot be mapped", code_point(c)))?,
            ),
        }
    }
    Ok(mapped.nfc().collect())
}

/// The ASCII form of a label that is mapped already.
pub(super) fn to_ascii(label: &str) -> Result<String, String> {
    let ascii = if label.is_ascii() {
        to_unicode(label)?;
        label.to_owned()
    } else {
        check(label)?;
        let encoded = punycode::encode_str(label).ok_or("Label cannot be encoded")?;
        format!("{PUNYCODE_PREFIX}{encoded}")
    };
    if ascii.len() > MAX_LABEL {
        Err("Label too long".to_owned())
    } else {
        Ok(ascii)
    }
}

/// The Unicode form of a label in ASCII and small letters.
pub(super) fn to_unicode(label: &str) -> Result<String, String> {
    let Some(encoded) = label.strip_prefix(PUNYCODE_PREFIX) else {
        check(label)?;
        return Ok(label.to_owned());
    };
    if encoded.is_empty() {
        return Err("Malformed A-label, no Punycode eligible content found".to_owned());
    }
    if encoded.ends_with('-') {
        return Err("A-label must not end with a hyphen".to_owned());
    }
    let decoded = punycode::decode_to_string(encoded).ok_or("Invalid A-label")?;
    if punycode::encode_str(&decoded).as_deref() != Some(encoded) {
        return Err("A-label is not the canonical Punycode encoding of its U-label".to_owned());
    }
    check(&decoded)?;
    Ok(decoded)
}

/// Validates a label in its Unicode form by IDNA 2008.
fn check(label: &str) -> Result<(), String> {
    if label.is_empty() {
        return Err("Empty Label".to_owned());
    }
    if label.chars().count() > MAX_CHECKED_LABEL {
        return Err("Label too long".to_owned());
    }
    if !is_nfc(label) {
        return Err("Label must be in Normalization Form C".to_owned());
    }
    if label.chars().skip(2).take(2).eq("--".chars()) {
        return Err("Label has disallowed hyphens in 3rd and 4th position".to_owned());
    }
    if label.starts_with('-') || label.ends_with('-') {
        return Err("Label must not start or end with a hyphen".to_owned());
    }
    if label.starts_with(characters::is_mark) {
        return Err("Label begins with an illegal combining character".to_owned());
    }
    if let Some(c) = code_points::first_refused(label) {
        return Err(format!("Codepoint {} not allowed", code_point(c)));
    }
    if !label.is_ascii() && process(label).as_deref() != Some(label) {
        return Err("Label breaks the rules for directions or joiners".to_owned());
    }
    Ok(())
}

/// The usual notation of a code point.
fn code_point(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}
