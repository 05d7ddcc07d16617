//! Validating the claims of a token, in PyJWT's order.

use std::time::SystemTime;

use super::{TokenError, unix_seconds};
use crate::wire::json::Json;

/// The most digits that Python reads into a number.
const MOST_DIGITS: usize = 4300;

/// Validates the registered claims: times first, then the audience, then the types. There is no leeway.
pub(super) fn validate(
    claims: &Json,
    audience: &[&str],
    now: SystemTime,
) -> Result<(), TokenError> {
    let now = i128::from(unix_seconds(now));
    if let Some(iat) = claims.get("iat")
        && whole(iat).ok_or(TokenError::Claim("iat"))? > now
    {
        return Err(TokenError::NotYetValid);
    }
    if let Some(nbf) = claims.get("nbf")
        && whole(nbf).ok_or(TokenError::Malformed)? > now
    {
        return Err(TokenError::NotYetValid);
    }
    if let Some(exp) = claims.get("exp")
        && whole(exp).ok_or(TokenError::Malformed)? <= now
    {
        return Err(TokenError::Expired);
    }
    if !is_for(claims.get("aud"), audience) {
        return Err(TokenError::Audience);
    }
    for name in ["sub", "jti"] {
        if !matches!(
            claims.get(name),
            None | Some(Json::Text(_) | Json::Surrogates)
        ) {
            return Err(TokenError::Claim(name));
        }
    }
    Ok(())
}

/// Whether one of the audiences that are meant is one of those that are expected.
fn is_for(meant: Option<&Json>, expected: &[&str]) -> bool {
    match meant {
        Some(Json::Text(text)) => !text.is_empty() && expected.contains(&text.as_str()),
        Some(Json::List(items)) => {
            let texts: Option<Vec<&str>> = items.iter().map(text).collect();
            texts.is_some_and(|texts| texts.iter().any(|text| expected.contains(text)))
        }
        _ => false,
    }
}

/// An item of an audience that is a text.
fn text(item: &Json) -> Option<&str> {
    match item {
        Json::Text(text) => Some(text),
        // A text that is not a name of any audience.
        Json::Surrogates => Some(""),
        _ => None,
    }
}

/// A claim as Python's `int()` takes it: a whole number, a float without its fraction, a bool, or a text of digits.
fn whole(json: &Json) -> Option<i128> {
    match json {
        Json::Bool(bool) => Some((*bool).into()),
        Json::Int(int) => Some((*int).into()),
        Json::BigInt(digits) => Some(clamped(
            digits.strip_prefix('-').is_some(),
            digits.trim_start_matches('-'),
        )),
        Json::Float(float) => float.is_finite().then(|| {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "the fraction goes, and the range is clamped"
            )]
            let whole = *float as i128;
            whole
        }),
        Json::Text(text) => whole_text(text),
        Json::Null | Json::Surrogates | Json::List(_) | Json::Object(_) => None,
    }
}

/// Digits with an optional sign, single underscores between them, and white space around. Python also takes the digits of
/// other scripts, which are not used in practice.
fn whole_text(text: &str) -> Option<i128> {
    // Among ASCII characters Python asks C what a space is, beyond them Unicode.
    let is_space = |char: char| {
        if char.is_ascii() {
            matches!(char, ' ' | '\t'..='\r')
        } else {
            char.is_whitespace()
        }
    };
    let text = text.trim_matches(is_space);
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let groups_are_digits = digits
        .split('_')
        .all(|group| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit()));
    let digits = digits.replace('_', "");
    (groups_are_digits && digits.len() <= MOST_DIGITS).then(|| clamped(negative, &digits))
}

/// The number that these digits mean, or the nearest that fits.
fn clamped(negative: bool, digits: &str) -> i128 {
    match digits.parse::<i128>() {
        Ok(value) if negative => -value,
        Ok(value) => value,
        Err(_) if negative => i128::MIN,
        Err(_) => i128::MAX,
    }
}
