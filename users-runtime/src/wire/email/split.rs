//! Taking an address apart: angle brackets, quotes, and the @-sign.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use super::{
    Reason,
    characters::{self, is_atom, is_blank},
};

/// How far to look for marks that merge with a character; a run of more is hostile, and costly to sort.
const COMPOSITION_WINDOW: usize = 64;

/// The pieces of an address.
pub(super) struct Parts<'a> {
    /// The part before the @-sign, without quotes and escapes.
    pub(super) local: Cow<'a, str>,
    /// Whether the local part was in quotes.
    pub(super) quoted: bool,
    /// The part after the @-sign.
    pub(super) domain: &'a str,
    /// Whether the address stood in angle brackets.
    pub(super) angled: bool,
}

/// Takes an address apart.
pub(super) fn split(address: &str) -> Result<Parts<'_>, Reason> {
    let (left, right) = split_at_special(address, &['@', '<'])?;
    let angled = right.starts_with('<');
    let (left, right) = if angled {
        check_name(left.trim_end_matches(is_blank))?;
        split_at_special(unbracket(right)?, &['@'])?
    } else {
        (left, right)
    };
    let (local, quoted) = unquote(left)?;
    Ok(Parts {
        local,
        quoted,
        domain: right.strip_prefix('@').unwrap_or(right),
        angled,
    })
}

/// Splits in front of the first of the special characters that is neither quoted nor merged with a mark.
fn split_at_special<'a>(text: &'a str, specials: &[char]) -> Result<(&'a str, &'a str), Reason> {
    let mut quoted = false;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        let (left, right) = text.split_at(at);
        // `<` and U+0338 make another character; behind a backslash such a pair leaves the escape open.
        if (c == '<' || escaped) && right.chars().take(COMPOSITION_WINDOW).nfc().next() != Some(c) {
            continue;
        }
        match c {
            '\\' if quoted => escaped = !escaped,
            '"' if !escaped => quoted = !quoted,
            _ if quoted => escaped = false,
            _ if specials.contains(&c) => return Ok((left, right)),
            _ => {}
        }
    }
    Err(missing_at(text))
}

/// The reason for an address without an @-sign; two look-alikes have their own.
fn missing_at(text: &str) -> Reason {
    if text.contains('\u{ff20}') {
        return "The email address has the \"full-width\" at-sign (@) character instead of a regular at-sign.".to_owned();
    }
    if text.contains('\u{fe6b}') {
        return "The email address has the \"small commercial at\" character instead of a regular at-sign.".to_owned();
    }
    "An email address must have an @-sign.".to_owned()
}

/// Validates a display name that Pydantic's pattern did not remove.
fn check_name(text: &str) -> Result<(), Reason> {
    let (name, quoted) = unquote(text)?;
    if !quoted
        && let Some(list) = characters::listed(name.chars().filter(|c| !is_atom(*c) && *c != ' '))
    {
        return Err(format!(
            "The display name contains invalid characters when not quoted: {list}."
        ));
    }
    characters::check_unsafe(&name, true)
}

/// Takes the angle brackets away.
fn unbracket(text: &str) -> Result<&str, Reason> {
    if !text.contains('>') {
        return Err(
            "An open angle bracket at the start of the email address has to be followed by a close angle bracket at the end."
                .to_owned(),
        );
    }
    let text = text.trim_end_matches(' ');
    if !text.ends_with('>') {
        return Err("There can't be anything after the email address.".to_owned());
    }
    Ok(text.strip_prefix('<').unwrap_or(text).trim_end_matches('>'))
}

/// Removes quotes around the text, and the escapes inside; returns whether there were quotes.
fn unquote(text: &str) -> Result<(Cow<'_, str>, bool), Reason> {
    let Some(inner) = text.strip_prefix('"') else {
        return Ok((Cow::Borrowed(text), false));
    };
    let mut value = String::with_capacity(inner.len());
    let mut rest = inner.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => value.extend(rest.next()),
            '"' if rest.as_str().is_empty() => break,
            '"' => {
                let extra: Vec<String> = rest.map(characters::display).collect();
                return Err(format!(
                    "Extra character(s) found after close quote: {}",
                    extra.join(", ")
                ));
            }
            _ => value.push(c),
        }
    }
    Ok((Cow::Owned(value), true))
}
