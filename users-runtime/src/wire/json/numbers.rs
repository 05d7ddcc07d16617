//! Numbers, and the point at which Python stops taking a run of characters for one.

use std::str;

use super::cursor::Cursor;
use super::{Json, ReadError};

/// The most digits Python turns into an integer; its guard against quadratic work.
const MAX_DIGITS: usize = 4300;

/// Reads the longest number that comes next, or nothing at all. What is left of `1.` or `1e+` is for the caller to refuse.
pub(super) fn number(cursor: &mut Cursor<'_>) -> Result<Option<Json>, ReadError> {
    let rest = cursor.rest();
    let sign = usize::from(rest.first() == Some(&b'-'));
    let whole = match rest.get(sign) {
        Some(b'0') => 1,
        Some(b'1'..=b'9') => digits(rest, sign),
        _ => return Ok(None),
    };
    let after_whole = sign + whole;
    let after_fraction = after_whole + fraction(rest, after_whole);
    let end = after_fraction + exponent(rest, after_fraction);

    let text = rest
        .get(..end)
        .and_then(|number| str::from_utf8(number).ok())
        .ok_or(ReadError::Unreadable)?;
    cursor.skip(end);
    if end > after_whole {
        return text
            .parse()
            .map(|value| Some(Json::Float(value)))
            .map_err(|_| ReadError::Unreadable);
    }
    if whole > MAX_DIGITS {
        return Err(ReadError::Unreadable);
    }
    Ok(Some(
        text.parse()
            .map_or_else(|_| Json::BigInt(text.to_owned()), Json::Int),
    ))
}

/// How many digits stand at `start`.
fn digits(text: &[u8], start: usize) -> usize {
    text.iter()
        .skip(start)
        .take_while(|byte| byte.is_ascii_digit())
        .count()
}

/// The length of the point and digits at `start`; zero unless both are there.
fn fraction(text: &[u8], start: usize) -> usize {
    match (text.get(start), digits(text, start + 1)) {
        (Some(b'.'), count @ 1..) => 1 + count,
        _ => 0,
    }
}

/// The length of the exponent at `start`; zero unless it has digits.
fn exponent(text: &[u8], start: usize) -> usize {
    let sign = usize::from(matches!(text.get(start + 1), Some(b'+' | b'-')));
    match (text.get(start), digits(text, start + 1 + sign)) {
        (Some(b'e' | b'E'), count @ 1..) => 1 + sign + count,
        _ => 0,
    }
}
