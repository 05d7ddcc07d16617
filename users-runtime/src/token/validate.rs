//! Judging what a token says, in PyJWT's order.

use std::time::SystemTime;

use super::{
    TokenError,
    python_json::{Json, Members, clamped, is_readable},
    unix_seconds,
};

/// Judges the registered claims: times first, then the audience, then the types. There is no leeway.
pub(super) fn validate(claims: &Members, audience: &[&str], now: SystemTime) -> Result<(), TokenError> {
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
        if !matches!(claims.get(name), None | Some(Json::Text(_))) {
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
            let texts: Option<Vec<&str>> =
                items.iter().map(|item| if let Json::Text(text) = item { Some(text.as_str()) } else { None }).collect();
            texts.is_some_and(|texts| texts.iter().any(|text| expected.contains(text)))
        }
        _ => false,
    }
}

/// A claim as Python's `int()` takes it: a whole number, a float without its fraction, a bool, or a text of digits.
fn whole(json: &Json) -> Option<i128> {
    match json {
        Json::Bool(bool) => Some((*bool).into()),
        Json::Int(int) => Some(*int),
        Json::Float(float) => float.is_finite().then(|| {
            #[expect(clippy::cast_possible_truncation, reason = "the fraction goes, and the range is clamped")]
            let whole = *float as i128;
            whole
        }),
        Json::Text(text) => whole_text(text),
        Json::Null | Json::List(_) | Json::Object(_) => None,
    }
}

/// Digits with an optional sign, single underscores between them, and white space around. Python also takes the digits of
/// other scripts, which nobody writes.
fn whole_text(text: &str) -> Option<i128> {
    // Among ASCII characters Python asks C what a space is, beyond them Unicode.
    let is_space = |char: char| if char.is_ascii() { matches!(char, ' ' | '\t'..='\r') } else { char.is_whitespace() };
    let text = text.trim_matches(is_space);
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let groups_are_digits = digits.split('_').all(|group| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit()));
    let digits = digits.replace('_', "");
    (groups_are_digits && is_readable(digits.len())).then(|| clamped(negative, &digits))
}
